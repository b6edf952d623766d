"""Letters that rest on a consent are written only while it stands."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from notifications import kinds
from notifications.kinds import LetterKind
from notifications.models import Letter
from notifications.sending import NotAgreed, send
from privacy import consent
from privacy.models import ConsentPurpose
from tests.builders.people import a_buyer

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
OFFERS = LetterKind("desk.offers", duty=False, about="Offers", consent=ConsentPurpose.MARKETING)


@pytest.fixture(autouse=True)
def a_kind_of_offers(monkeypatch):
    monkeypatch.setitem(kinds._KINDS, OFFERS.name, OFFERS)


def offer(buyer):
    return send(subject_id=buyer.subject_id, kind=OFFERS.name, reference=uuid4(), params={}, at=AT)


def answer(buyer, agree):
    consent.answer(
        subject_id=buyer.subject_id,
        purpose=ConsentPurpose.MARKETING,
        agree=agree,
        version=1,
        language="en",
        actor=buyer.actor,
        at=AT,
    )


def test_nobody_is_written_to_who_did_not_agree():
    buyer = a_buyer()
    with pytest.raises(NotAgreed):
        offer(buyer)
    assert not Letter.objects.exists()


def test_who_agreed_is_written_to_until_they_take_it_back():
    buyer = a_buyer()
    answer(buyer, True)
    assert offer(buyer).kind == OFFERS.name
    answer(buyer, False)
    with pytest.raises(NotAgreed):
        offer(buyer)
    assert Letter.objects.count() == 1


def test_a_letter_that_is_owed_waits_for_nobody_s_consent():
    with pytest.raises(ValueError, match="consent"):
        LetterKind("desk.owed", consent=ConsentPurpose.MARKETING)
