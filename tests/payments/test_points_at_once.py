"""Many tabs and one balance of points, on real connections: spent, ended and granted once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from payments import capture, ledger, tenders
from payments.invariants import all_offences
from payments.models import PointsLot
from payments.points import granting, lots, spending
from privacy.subjects import create_subject
from tests.builders.money import OPENED, a_part, some_points
from tests.payments.test_at_once import at_once, succeeded

pytestmark = pytest.mark.django_db(transaction=True)
NOW = OPENED + timedelta(hours=1)


def test_points_are_spent_once() -> None:
    owner = create_subject(locale="zh-hans", at=OPENED).pk
    account = some_points(1_000, owner=owner)

    def spend(_number: int) -> object:
        part = a_part(300)
        return capture.open_payment(
            payer_subject_id=owner,
            parts=[part],
            tendered=spending.choose(subject_id=owner, wanted=Money(300), parts=[part], at=NOW),
            expires_at=NOW + timedelta(minutes=30),
            actor=Actor.buyer(owner),
            at=NOW,
        )

    results = at_once(spend)
    assert succeeded(results) == 3
    assert {type(one) for one in results if isinstance(one, Exception)} == {tenders.TenderSpent}
    assert ledger.balance(account) == Money(100) and all_offences() == []


def test_an_order_earns_once_and_the_first_account_is_one() -> None:
    owner, orders = create_subject(locale="zh-hans", at=OPENED).pk, [new_id(), new_id()]
    at_once(lambda n: granting.grant(owner_id=owner, reference=orders[n % 2], basis=Money(10_000), at=NOW))
    assert PointsLot.objects.count() == 2
    assert spending.balance(owner, at=NOW) == Money(200) and all_offences() == []


def test_they_end_once() -> None:
    account = some_points(1_000)
    lot = PointsLot.objects.get()
    at_once(lambda _: lots.on_due(reference=lot.pk, due_at=lot.expires_at, at=lot.expires_at))
    assert ledger.balance(account).is_zero and all_offences() == []
