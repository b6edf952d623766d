"""A disputed order waits: nothing settles, both sides are told, and a lost dispute ends it like a refund."""

from datetime import UTC, datetime, timedelta

import pytest

from kernel.actor import Actor
from notifications.models import Letter
from orders import settlement
from orders.disputes import HOLD, pack_of
from orders.invariants import all_offences
from orders.models import Order
from payments import disputes
from payments.gateways.protocol import DisputeIs, DisputeTold
from payments.invariants import all_offences as of_money
from payments.models import Charge
from tests.builders.orders import an_order, drain

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
SYSTEM = Actor.system()
LATER = DELIVERED + timedelta(hours=1)


def told(order: Order, state: DisputeIs, at=LATER):
    charge = Charge.objects.get(payment_id=order.payment_id)
    what = DisputeTold("dp_1", charge.provider_charge_id, order.total, state)
    held = disputes.note(provider="sandbox", told=what, at=at)
    drain(at=at)
    order.refresh_from_db()
    return held


def letters(order: Order) -> list[str]:
    found = Letter.objects.filter(reference=order.pk, kind__contains="dispute").order_by("id")
    return list(found.values_list("kind", flat=True))


def test_it_holds_the_order_and_tells_both():
    order = an_order(delivered_at=DELIVERED)
    told(order, DisputeIs.TO_ANSWER)
    assert order.holds.filter(reason=HOLD, lifted_at=None).count() == 1
    assert letters(order) == ["orders.dispute_noted", "orders.shop_dispute_opened"]
    with pytest.raises(settlement.MoneyHeld):
        settlement.settle(order_id=order.pk, actor=SYSTEM, at=order.settles_at)
    assert all_offences() == [] and of_money() == []


def test_won_it_settles_as_if_nothing_had_been():
    order = an_order(delivered_at=DELIVERED)
    told(order, DisputeIs.TO_ANSWER)
    told(order, DisputeIs.WON, at=order.settles_at)
    assert (order.state, order.refunded_minor) == ("settled", 0)
    assert letters(order)[2:] == ["orders.dispute_won", "orders.shop_dispute_won"]
    assert all_offences() == [] and of_money() == []


def test_lost_it_ends_like_a_refund():
    order = an_order(delivered_at=DELIVERED)
    told(order, DisputeIs.TO_ANSWER)
    told(order, DisputeIs.LOST)
    assert (order.state, order.refunded_minor) == ("refunded", order.total_minor)
    assert not order.holds.filter(lifted_at=None).exists()
    assert letters(order)[2:] == ["orders.dispute_lost", "orders.shop_dispute_lost"]
    assert all_offences() == [] and of_money() == []


def test_told_at_once_that_it_is_lost_leaves_no_hold():
    order = an_order(delivered_at=DELIVERED)
    told(order, DisputeIs.LOST)
    assert order.state == "refunded" and not order.holds.exists()
    assert all_offences() == [] and of_money() == []


def test_the_pack_shows_times_and_numbers_and_no_address():
    order = an_order(delivered_at=DELIVERED)
    text = pack_of(order.pk)
    assert order.number in text and order.shipments.get().tracking_number in text
    assert order.address not in text and order.recipient not in text
