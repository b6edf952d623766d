"""What the platform doesn't do in time: a senior's from then on, and counted on the page of its pledge."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from accounts.staff import Role
from catalog import reports
from catalog.models import ListingReport
from deadlines import booking
from deadlines.models import Deadline
from deadlines.sweep import sweep_all
from desk import own_time
from kernel.ids import new_id
from notifications.models import Letter
from outbox import relay
from privacy.models import GuardianLink
from tests.builders.guardians import a_family, a_proof
from tests.builders.listing_reports import a_report
from tests.builders.people import a_staff, a_visitor
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LATE = NOW + timedelta(days=30)
REASON = {"reason": "核对过了，没有违法。", "outcome": "no_breach"}


@pytest.fixture(autouse=True)
def _today(at):
    cache.clear()
    at(NOW)


@pytest.fixture
def overdue(platform_at):
    """Nobody does anything for a month."""

    def wait():
        platform_at(LATE)
        sweep_all()
        relay.drain_all()

    return wait


def letters(staff, kind):
    return Letter.objects.filter(subject_id=staff.subject_id, kind=kind).count()


class TestReports:
    def test_one_that_nobody_answered_is_a_seniors(self, overdue):
        desk, senior = a_staff(Role.CATALOGUE_DESK), a_staff(Role.SENIOR)
        held = a_report(a_listing())
        overdue()
        assert (letters(senior, "catalog.report_overdue"), letters(desk, "catalog.report_overdue")) == (1, 0)

        answer = f"/admin/catalog/listingreport/{held.pk}/answer"
        assert desk.client.post(answer, REASON).status_code == 403
        assert ListingReport.objects.get(pk=held.pk).state == "received"
        page = desk.client.get(f"/admin/catalog/listingreport/{held.pk}/change/").content.decode()
        assert "由资深人员答复" in page and answer not in page

        assert senior.client.post(answer, REASON).status_code == 302
        assert ListingReport.objects.get(pk=held.pk).state == "no_breach"

    def test_one_in_time_is_the_desks(self):
        desk, held = a_staff(Role.CATALOGUE_DESK), a_report(a_listing())
        desk.client.post(f"/admin/catalog/listingreport/{held.pk}/answer", REASON)
        assert ListingReport.objects.get(pk=held.pk).state == "no_breach"


class TestGuardianProofs:
    def test_one_that_nobody_compared_is_a_seniors(self, overdue):
        officer, senior = a_staff(Role.PRIVACY_OFFICER), a_staff(Role.SENIOR)
        _, parent, link = a_family(at=NOW)
        a_proof(parent, link, at=NOW)
        overdue()
        assert (letters(senior, "privacy.proof_overdue"), letters(officer, "privacy.proof_overdue")) == (1, 0)

        decision = f"/admin/privacy/guardianlink/{link.pk}/decision"
        assert officer.client.post(decision, {"decision": "accept"}).status_code == 403
        assert GuardianLink.objects.get(pk=link.pk).proof_state == "handed_in"
        page = officer.client.get(f"/admin/privacy/guardianlink/{link.pk}/change/").content.decode()
        assert "由资深人员决定" in page and decision not in page

        assert senior.client.post(decision, {"decision": "accept"}).status_code == 302
        assert GuardianLink.objects.get(pk=link.pk).proof_state == "accepted"


class TestFigures:
    def book(self, kind, *, owner="platform"):
        row = booking.book(
            kind=kind,
            reference=new_id(),
            due_at=NOW + timedelta(days=1),
            rule_id="policy.test",
            pack_version="1",
            owner=owner,
            at=NOW,
        )
        return row.reference

    def test_they_count_what_ended_in_time_and_what_time_ended(self):
        for state in ("met", "met", "fired"):
            reference = self.book(reports.CLOCK)
            Deadline.objects.filter(reference=reference).update(state=state, ended_at=NOW)
        self.book(reports.CLOCK)
        reference = self.book("merchants.document_expiry", owner="merchant")
        Deadline.objects.filter(reference=reference).update(state="fired", ended_at=NOW)

        (found,) = own_time.of_year(at=NOW)
        assert (found.words, found.whole, found.late) == ("Reports of illegal offers answered", 3, 1)
        page = a_visitor().client.get("/pledge").content.decode()
        assert "我们自己晚了多少次" in page and "违法商品举报的答复" in page

    def test_what_ended_more_than_a_year_ago_doesn_t_count(self):
        reference = self.book(reports.CLOCK)
        Deadline.objects.filter(reference=reference).update(
            state="fired", ended_at=NOW - timedelta(days=366), booked_at=NOW - timedelta(days=380)
        )
        assert own_time.of_year(at=NOW) == []
