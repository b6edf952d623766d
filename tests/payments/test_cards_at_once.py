"""Two tabs and one gift card, on real connections: it is spent, claimed and given back once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.actor import Actor
from kernel.money import Money
from payments import capture, ledger, tenders
from payments.gift_cards import claiming, giving_back, wallet
from payments.invariants import all_offences
from payments.models import GiftCard, Payment
from privacy.subjects import create_subject
from tests.builders.gift_cards import a_card
from tests.builders.money import OPENED, a_part
from tests.payments.test_at_once import at_once, succeeded

pytestmark = pytest.mark.django_db(transaction=True)
NOW = OPENED + timedelta(hours=1)


def spend(card: GiftCard, fen: int) -> Payment:
    assert card.holder_id is not None
    part = a_part(fen)
    return capture.open_payment(
        payer_subject_id=card.holder_id,
        parts=[part],
        tendered=wallet.choose(subject_id=card.holder_id, wanted=Money(fen), parts=[part], at=NOW),
        expires_at=NOW + timedelta(minutes=30),
        actor=Actor.buyer(card.holder_id),
        at=NOW,
    )


def test_a_card_is_spent_once() -> None:
    card = a_card(10_000, holder=create_subject(locale="zh-hans", at=OPENED).pk)
    results = at_once(lambda _: spend(card, 3_000))
    assert succeeded(results) == 3
    assert {type(one) for one in results if isinstance(one, Exception)} == {tenders.TenderSpent}
    assert ledger.balance(card.account) == Money(1_000)
    assert all_offences() == []


def test_it_is_spent_or_given_back() -> None:
    buyer = create_subject(locale="zh-hans", at=OPENED).pk
    card = a_card(10_000, buyer=buyer, holder=buyer)

    def either(number: int) -> object:
        if number % 2:
            return giving_back.give_back(card_id=card.pk, actor=Actor.buyer(buyer), at=NOW)
        return spend(card, 10_000)

    assert succeeded(at_once(either)) == 1
    assert ledger.balance(card.account).is_zero and all_offences() == []


def test_a_code_is_claimed_once() -> None:
    card = a_card(10_000)
    code = claiming.make_code(card_id=card.pk, actor=Actor.buyer(card.buyer_id), at=NOW)
    people = [create_subject(locale="zh-hans", at=OPENED).pk for _ in range(8)]
    results = at_once(lambda n: claiming.claim(text=code, actor=Actor.buyer(people[n]), at=NOW))
    assert succeeded(results) == 1
    assert {type(one) for one in results if isinstance(one, Exception)} == {claiming.CodeUnfit}
