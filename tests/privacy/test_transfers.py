"""Data sent abroad: told once, counted by person and year, stopped where a filing is missing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kernel.actor import Actor
from kernel.ids import new_id
from outbox.models import Message
from privacy import consent, transfers
from privacy.classification import Purpose
from privacy.models import ConsentPurpose, ExportBasis, ExportRoute, Transfer
from privacy.subjects import create_subject

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SMALL = {"free_below": 3, "assessment_from": 5, "sensitive_assessment_from": 2}
PREPARED = Actor.system()


@pytest.fixture
def small_figures(monkeypatch):
    """The law's figures with the zeros taken off."""
    monkeypatch.setattr(transfers, "_figures", lambda at: dict(SMALL))


def somebody(agrees=True):
    subject_id = create_subject(locale="zh-hans", at=AT).pk
    if agrees:
        consent.answer(
            subject_id=subject_id,
            purpose=ConsentPurpose.ABROAD,
            agree=True,
            version=1,
            language="en",
            actor=Actor.buyer(subject_id),
            at=AT,
        )
    return subject_id


def send(subject_id, *, basis=ExportBasis.CONSENT, reference=None, at=AT, country="JP", sensitive=False):
    return transfers.record(
        subject_id=subject_id,
        recipient="山止工坊",
        country=country,
        basis=basis,
        purpose=Purpose.AFTER_SALES,
        data=["name", "phone"],
        reference=reference or new_id(),
        sensitive=sensitive,
        actor=PREPARED,
        at=at,
    )


def a_filing(route):
    transfers.note_filing(
        route=route,
        number="沪网信标备 2026-1",
        valid_from=AT - timedelta(days=1),
        valid_until=AT + timedelta(days=100),
        actor=PREPARED,
        at=AT,
    )


class TestRecord:
    def test_the_same_fact_is_told_once(self):
        subject_id, reference = somebody(), new_id()
        assert send(subject_id, reference=reference).pk == send(subject_id, reference=reference).pk

    def test_without_consent_nothing_goes_beyond_the_order(self):
        with pytest.raises(transfers.ConsentMissing):
            send(somebody(agrees=False))
        assert not Transfer.objects.exists()

    def test_what_the_order_needs_goes_without_and_is_exempt(self):
        send(somebody(agrees=False), basis=ExportBasis.CONTRACT)
        assert transfers.counts(2026) == transfers.People(counted=0, sensitive=0, exempt=1)

    def test_home_is_not_abroad(self):
        with pytest.raises(transfers.SameCountry):
            send(somebody(), country="CN")

    def test_the_year_is_china_s(self):
        made = send(somebody(), at=datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
        assert made.year == 2027


@pytest.mark.usefixtures("small_figures")
class TestThresholds:
    def test_people_are_counted_once_however_often(self):
        subject_id = somebody()
        for _ in range(4):
            send(subject_id)
        assert transfers.counts(2026).counted == 1

    def test_counting_is_one_statement(self):
        for _ in range(2):
            send(somebody())
        with CaptureQueriesContext(connection) as seen:
            transfers.counts(2026)
        assert len(seen) == 1

    def test_the_person_who_reaches_the_figure_is_stopped(self):
        first = somebody()
        send(first)
        send(somebody())
        with pytest.raises(transfers.AssessmentMissing):
            send(somebody())
        assert send(first)
        assert transfers.counts(2026).counted == 2

    def test_a_standard_contract_carries_on_to_the_next_figure(self):
        a_filing(ExportRoute.STANDARD_CONTRACT)
        for _ in range(4):
            send(somebody())
        with pytest.raises(transfers.AssessmentMissing):
            send(somebody())
        a_filing(ExportRoute.ASSESSMENT)
        assert send(somebody())

    def test_sensitive_data_needs_a_filing_from_the_first_person(self):
        with pytest.raises(transfers.AssessmentMissing):
            send(somebody(), sensitive=True)
        a_filing(ExportRoute.STANDARD_CONTRACT)
        assert send(somebody(), sensitive=True)
        with pytest.raises(transfers.AssessmentMissing):
            send(somebody(), sensitive=True)

    def test_a_filing_that_has_ended_allows_nothing(self):
        a_filing(ExportRoute.STANDARD_CONTRACT)
        later = AT + timedelta(days=101)
        for _ in range(2):
            send(somebody(), at=later)
        with pytest.raises(transfers.AssessmentMissing):
            send(somebody(), at=later)

    def test_officers_hear_of_each_share_once(self):
        for _ in range(2):
            subject_id = somebody()
            send(subject_id)
            send(subject_id)
        told = Message.objects.filter(name="privacy.ExportNearThreshold").values_list("payload", flat=True)
        shares = sorted((each["threshold"], each["permille"]) for each in told)
        assert shares == [("free_below", 500)]

    def test_the_new_year_begins_at_nothing(self):
        for _ in range(2):
            send(somebody())
        assert send(somebody(), at=datetime(2027, 1, 5, tzinfo=UTC))


class TestTheDatabase:
    @pytest.mark.parametrize(
        "changes, rule",
        [
            ({"country": "CN"}, "privacy_abroad_is_another_country"),
            ({"country": "jp"}, "privacy_abroad_is_another_country"),
            ({"basis": "because"}, "privacy_export_basis_is_known"),
            ({"basis": "consent"}, "privacy_an_export_by_consent_names_it"),
        ],
    )
    def test_odd_rows_are_refused(self, changes, rule):
        row = {
            "subject_id": somebody(),
            "recipient": "x",
            "country": "JP",
            "basis": "contract",
            "purpose": "delivery",
            "data": ["name"],
            "reference": new_id(),
            "year": 2026,
            "at": AT,
            **changes,
        }
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            Transfer.objects.create(**row)

    def test_a_filing_needs_a_number_and_an_end(self):
        with pytest.raises(transfers.FilingOdd):
            transfers.note_filing(
                route=ExportRoute.ASSESSMENT,
                number=" ",
                valid_from=AT,
                valid_until=AT,
                actor=PREPARED,
                at=AT,
            )


def test_the_figures_are_the_law_s():
    assert [(each.name, each.figure) for each in transfers.thresholds(2026, at=AT)] == [
        ("free_below", 100_000),
        ("assessment_from", 1_000_000),
        ("sensitive_assessment_from", 10_000),
    ]
