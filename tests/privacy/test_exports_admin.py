"""The officer's page: people abroad against the law's figures, filings, minors' figures, letters."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts.staff import Role
from notifications.models import Letter
from outbox.relay import drain_all
from privacy import guardians, minors, minors_audit, spending, transfers
from privacy.models import AgeBand, ExportFiling
from tests.builders.people import a_buyer, a_staff
from tests.privacy.test_transfers import SMALL, send, somebody

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
THIS_YEAR = {"since": datetime(2026, 1, 1, tzinfo=UTC), "until": datetime(2027, 1, 1, tzinfo=UTC)}
FILING = {"route": "standard_contract", "number": "沪 1", "first_day": "2026-11-01", "last_day": "2027-10-31"}


@pytest.fixture(autouse=True)
def _today(at, monkeypatch):
    at(AT)
    monkeypatch.setattr(transfers, "_figures", lambda at: dict(SMALL))


def test_an_officer_sees_the_share_notes_a_filing_and_transfers_go_on():
    officer = a_staff(Role.PRIVACY_OFFICER)
    for _ in range(2):
        send(somebody())
    page = officer.client.get(reverse("admin:privacy_exports")).content.decode()
    assert "66.6%" in page
    assert officer.client.post(reverse("admin:privacy_exports"), FILING).status_code == 303
    assert ExportFiling.objects.get().valid_until == datetime(2027, 11, 1, tzinfo=UTC)
    assert send(somebody())


def test_a_filing_that_ends_before_it_begins_is_refused():
    officer = a_staff(Role.PRIVACY_OFFICER)
    told = {**FILING, "last_day": "2026-10-01"}
    assert officer.client.post(reverse("admin:privacy_exports"), told).status_code == 422
    assert not ExportFiling.objects.exists()


def test_only_the_privacy_officer_notes_filings():
    for role in (Role.SECURITY_OFFICER, Role.REVIEWER):
        assert a_staff(role).client.post(reverse("admin:privacy_exports"), FILING).status_code == 403
    assert not ExportFiling.objects.exists()


def test_officers_get_a_letter_before_the_figure():
    officer = a_staff(Role.PRIVACY_OFFICER)
    for _ in range(2):
        send(somebody())
    drain_all()
    assert Letter.objects.filter(subject_id=officer.subject_id, kind="privacy.export_near").count() == 1


def test_minors_are_counted_and_their_guardians_get_the_question():
    child, parent = a_buyer(), a_buyer()
    minors.declare(subject_id=child.subject_id, band=AgeBand.FROM_8_TO_13, actor=child.actor, at=AT)
    before = minors_audit.figures(
        since=datetime(2026, 1, 1, tzinfo=UTC), until=datetime(2027, 1, 1, tzinfo=UTC)
    )
    assert (dict(before.bands)["from_8_to_13"], before.unwatched) == (1, 1)
    _, code = guardians.invite(minor_id=child.subject_id, actor=child.actor, at=AT)
    guardians.accept(
        code=code, guardian_id=parent.subject_id, version=1, language="en", actor=parent.actor, at=AT
    )
    spending.ask(minor_id=child.subject_id, amount_minor=50_000, actor=child.actor, at=AT)
    drain_all()
    after = minors_audit.figures(
        since=datetime(2026, 1, 1, tzinfo=UTC), until=datetime(2027, 1, 1, tzinfo=UTC)
    )
    assert (after.unwatched, after.guardians, after.spending_asked, after.spending_agreed) == (0, 1, 1, 0)
    assert Letter.objects.get(subject_id=parent.subject_id).kind == "privacy.guardian_asked"
