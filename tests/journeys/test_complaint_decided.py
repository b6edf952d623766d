"""Journey (b): the goods are broken, the shop keeps silent, the platform decides, the money comes back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.staff import Role
from complaints.models import Complaint
from notifications.models import Letter
from orders import refunding
from orders.models import Order
from payments import invariants
from privacy.models import StoredFile
from tests.builders.orders import an_order
from tests.builders.people import a_buyer, a_member, a_staff
from tests.builders.rulebook import the_rulebook
from tests.builders.shops import a_listing
from tests.journeys.shopping import drain, hidden, time_passes
from tests.privacy.pictures import a_jpeg_upload

pytestmark = pytest.mark.django_db

DELIVERED = datetime(2026, 11, 6, 4, 0, tzinfo=UTC)
FILED = DELIVERED + timedelta(hours=20)
STORY = {"category": "damaged", "wish": "refund", "text": "杯口缺了一块，碎片还在盒子里。"}


@pytest.fixture
def scene(db):
    the_rulebook()
    listing = a_listing(price="88.00", stock=5)
    buyer = a_buyer("林未")
    order = an_order(listing=listing, subject_id=buyer.subject_id, delivered_at=DELIVERED)
    return buyer, a_member(listing.merchant), order


def file_it(browser, order):
    """Three pages with a picture; gives the case."""
    story = reverse("complaints:file-story", args=[order.number])
    assert browser.get(story).status_code == 200
    line = order.lines.get()
    assert browser.post(story, STORY | {"line_id": str(line.pk)})["Location"].endswith("/evidence/")
    evidence = reverse("complaints:file-evidence", args=[order.number])
    assert browser.post(evidence, {"files": [a_jpeg_upload("缺口.jpg")]}).status_code == 303
    check = reverse("complaints:file-check", args=[order.number])
    page = browser.get(check)
    assert "缺口.jpg" in page.content.decode()
    answer = browser.post(check, {"idempotency_key": hidden(page, "idempotency_key")})
    assert answer.status_code == 303, answer.content.decode()
    return Complaint.objects.get(order=order), answer


def test_silence_ruling_refund(scene, platform_at):
    buyer, member, order = scene
    platform_at(FILED)
    case, answer = file_it(buyer.client, order)
    drain(FILED)

    page = buyer.client.get(answer["Location"]).content.decode()
    assert case.number in page
    assert "杯口缺了一块" in page
    assert order.holds.filter(lifted_at__isnull=True).count() == 1
    shop_page = member.client.get(reverse("complaints:shop-case", args=[order.merchant.slug, case.number]))
    assert "杯口缺了一块" in shop_page.content.decode()

    due = FILED + timedelta(hours=48)
    time_passes(due)
    case.refresh_from_db()
    assert (case.state, case.unanswered) == ("deciding", True)

    staff = a_staff(Role.REVIEWER)
    bench = reverse("admin:complaints_complaint_change", args=[case.pk])
    assert "杯口缺了一块" in staff.client.get(bench).content.decode()
    ruling = {
        "outcome": "upheld",
        "facts": "照片显示杯口缺损，碎片在盒内。",
        "reasons": "商家未在期限内答复。",
        "rule_ids": ["cn.quality.return"],
    }
    assert staff.client.post(bench, ruling).status_code == 303
    drain(due)

    case.refresh_from_db()
    order = Order.objects.get(pk=order.pk)
    assert (case.state, case.granted, order.state) == ("decided", order.total, "refunded")
    assert refunding.in_escrow(order_id=order.pk).is_zero
    assert "照片显示杯口缺损" in buyer.client.get(answer["Location"]).content.decode()
    kinds = set(Letter.objects.filter(subject_id=buyer.subject_id).values_list("kind", flat=True))
    assert {"complaints.opened_to_buyer", "complaints.escalated", "complaints.decided"} <= kinds
    assert invariants.all_offences() == []


def test_offer_accepted(scene, platform_at):
    buyer, member, order = scene
    platform_at(FILED)
    case, _ = file_it(buyer.client, order)
    shop = reverse("complaints:shop-case", args=[order.merchant.slug, case.number])
    page = member.client.get(shop)
    told = {"kind": "offer", "offered": "30.00", "text": "抱歉，退三十元可以吗？"}
    key = {"idempotency_key": hidden(page, "idempotency_key")}
    assert member.client.post(shop + "answer/", told | key).status_code == 303

    case_url = reverse("complaints:case", args=[case.number])
    assert "30.00" in buyer.client.get(case_url).content.decode()
    confirm = buyer.client.get(reverse("complaints:confirm", args=[case.number]) + "?choice=acceptance")
    choose = confirm.context["action"]
    sent = {"idempotency_key": hidden(confirm, "idempotency_key")}
    assert buyer.client.post(choose, sent).status_code == 303
    assert buyer.client.post(choose, sent).status_code == 303, "a double click is one acceptance"
    drain(FILED)
    case.refresh_from_db()
    assert (case.state, case.granted_minor) == ("agreed", 3000)
    assert refunding.in_escrow(order_id=order.pk).minor == order.total_minor - 3000
    assert invariants.all_offences() == []


def test_a_retried_filing_opens_one_case(scene, platform_at):
    buyer, _, order = scene
    platform_at(FILED)
    _, answer = file_it(buyer.client, order)
    again = buyer.client.post(
        reverse("complaints:file-check", args=[order.number]),
        {"idempotency_key": answer.wsgi_request.POST["idempotency_key"]},
    )
    assert again["Location"] == answer["Location"]
    assert Complaint.objects.count() == 1


def test_a_bad_file_is_named_and_the_story_kept(scene, platform_at):
    buyer, _, order = scene
    platform_at(FILED)
    line = order.lines.get()
    buyer.client.post(
        reverse("complaints:file-story", args=[order.number]), STORY | {"line_id": str(line.pk)}
    )
    bad = a_jpeg_upload("假.svg", content=b"<svg onload=alert(1)>")
    answer = buyer.client.post(reverse("complaints:file-evidence", args=[order.number]), {"files": [bad]})
    assert answer.status_code == 422
    assert "假.svg" in answer.content.decode()
    assert not StoredFile.objects.exclude(purpose="merchants.document").exists()
    assert (
        "杯口缺了一块"
        in buyer.client.get(reverse("complaints:file-story", args=[order.number])).content.decode()
    )
