"""A shop is inspected: planned with reasons, found, answered, looked at again, punished or closed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.staff import Role
from deadlines.models import Deadline
from deadlines.sweep import sweep
from merchants.models import Inspection, InspectionPlan, Penalty
from notifications.models import Letter
from tests.builders.inspections import SEEN
from tests.builders.orders import ORDERED, drain
from tests.builders.penalties import a_penalty
from tests.builders.people import a_member, a_staff
from tests.builders.shops import a_merchant
from tests.privacy.pictures import a_jpeg_upload

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def planned(shop, desk, platform_at):
    at = platform_at(ORDERED)
    a_penalty(shop, at=at)
    drain(at=at)
    drawn = desk.client.post(reverse("admin:merchants_inspectionplan_draw"))
    assert drawn.status_code == 302
    return Inspection.objects.get(merchant=shop)


def recorded(inspection, desk):
    page = reverse("admin:merchants_inspection_record", args=[inspection.pk])
    assert desk.client.get(page).status_code == 200
    told = {"scope": "商品页", "rule_1": SEEN.rule_id, "facts_1": SEEN.facts, "remedy_1": SEEN.remedy}
    done = desk.client.post(page, {**told, "files": a_jpeg_upload("page.jpg")})
    assert done.status_code == 302, done.content.decode()[-3000:]
    inspection.refresh_from_db()
    return inspection


def test_planned_found_answered_looked_at_again_and_closed(platform_at):
    shop, desk = a_merchant(), a_staff(Role.MERCHANT_DESK)
    owner, inspection = a_member(shop), planned(shop, desk, platform_at)
    plan = InspectionPlan.objects.get()
    assert (plan.month.isoformat(), plan.chosen) == ("2026-11-01", 1)
    assert [each["code"] for each in inspection.reasons] == ["points", "grade", "never"]
    assert inspection.score == sum(each["adds"] for each in inspection.reasons) == 14
    staff_page = desk.client.get(reverse("admin:merchants_inspection_change", args=[inspection.pk]))
    assert "处罚积分" in staff_page.content.decode()

    # Only planned: the shop isn't told. Then something is found.
    page = reverse("merchants:inspections", args=[shop.slug])
    assert SEEN.facts not in owner.client.get(page).content.decode()
    recorded(inspection, desk)
    drain(at=ORDERED)
    assert inspection.state == "open"
    assert Letter.objects.filter(kind="merchants.inspection_found", subject_id=owner.subject_id).count() == 1
    shown = owner.client.get(page).content.decode()
    assert SEEN.facts in shown and SEEN.remedy in shown and "page.jpg" in shown

    # The shop answers with evidence, and the platform looks again.
    platform_at(ORDERED + DAY)
    answered = owner.client.post(
        reverse("merchants:inspection-answer", args=[shop.slug, inspection.pk]),
        {"text": "都改好了。", "files": a_jpeg_upload("after.jpg")},
    )
    assert answered.status_code == 303
    assert inspection.files.filter(by_shop=True).count() == 1
    verdict = reverse("admin:merchants_inspection_verdict", args=[inspection.pk])
    right = f"right_{inspection.findings.get().pk.hex}"
    assert desk.client.post(verdict, {"outcome": "已改", right: ""}).status_code == 422
    assert desk.client.post(verdict, {"outcome": "已改", right: "yes"}).status_code == 302
    inspection.refresh_from_db()
    assert (inspection.state, inspection.findings.get().rectified) == ("rectified", True)
    drain(at=ORDERED + DAY)
    closed = Letter.objects.filter(kind="merchants.inspection_rectified", subject_id=owner.subject_id)
    assert closed.count() == 1
    assert not Deadline.objects.filter(reference=inspection.pk, state="open").exists()
    figures = Client().get(reverse("merchants:sanctions")).content.decode()
    assert "计划 1 家" in figures


def test_silence_never_ends_it_and_a_colleague_imposes_the_penalty(platform_at):
    shop, desk, colleague = a_merchant(), a_staff(Role.MERCHANT_DESK), a_staff(Role.SENIOR)
    inspection = recorded(planned(shop, desk, platform_at), desk)
    due = Deadline.objects.get(kind="merchants.inspection_rectify", reference=inspection.pk).due_at
    at = platform_at(due)
    sweep()
    drain(at=at)
    inspection.refresh_from_db()
    assert inspection.state == "silent"

    # We are late ourselves: a senior is told, and it stays open.
    late = Deadline.objects.get(kind="merchants.inspection_review", reference=inspection.pk).due_at
    at = platform_at(late)
    sweep()
    drain(at=at)
    inspection.refresh_from_db()
    assert (inspection.state, inspection.with_senior) == ("silent", True)
    assert Letter.objects.filter(
        kind="merchants.inspection_overdue", subject_id=colleague.subject_id
    ).exists()

    verdict = reverse("admin:merchants_inspection_verdict", args=[inspection.pk])
    right = f"right_{inspection.findings.get().pk.hex}"
    told = {"outcome": "没有改", right: "no", "points": "3", "escalate": "1"}
    assert desk.client.post(verdict, told).status_code == 422
    assert Penalty.objects.filter(merchant=shop).count() == 1
    assert colleague.client.post(verdict, told).status_code == 302
    inspection.refresh_from_db()
    assert inspection.state == "escalated"
    assert (inspection.penalty.rule_id, inspection.penalty.points) == (SEEN.rule_id, 3)
