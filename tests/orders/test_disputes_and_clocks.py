"""While a dispute holds an order's money, no clock is lost: what it decided is done when the dispute ends."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deadlines.sweep import sweep_all
from orders.invariants import all_offences
from orders.models import FaultClaim, Order, Return
from outbox.models import Message
from payments import disputes
from payments.gateways.protocol import DisputeIs, DisputeTold
from payments.invariants import all_offences as of_money
from payments.models import Charge
from tests.builders.aftercare import a_claim
from tests.builders.invoices import an_issued_invoice, due_paper
from tests.builders.orders import ORDERED, a_return, an_order, drain
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def told(order: Order, state: DisputeIs, *, at: datetime) -> None:
    charge = Charge.objects.get(payment_id=order.payment_id)
    what = DisputeTold("dp_1", charge.provider_charge_id, order.total, state)
    disputes.note(provider="sandbox", told=what, at=at)
    drain(at=at)
    order.refresh_from_db()


def passes(platform_at: Any, instant: datetime) -> datetime:
    platform_at(instant)
    sweep_all(), drain(at=instant)
    return instant


def waiting_or_failed() -> int:
    return Message.objects.filter(handled_at=None).count()


@pytest.mark.parametrize("end", [DisputeIs.WON, DisputeIs.LOST])
def test_a_shop_silent_about_goods_that_came_back(platform_at: Any, end: DisputeIs) -> None:
    order = an_order(delivered_at=DELIVERED)
    returning = a_return(order, at=DELIVERED + DAY, received=True)
    told(order, DisputeIs.TO_ANSWER, at=DELIVERED + 2 * DAY)
    silent = passes(platform_at, DELIVERED + 6 * DAY)
    assert waiting_or_failed() == 0
    assert Return.objects.get(pk=returning.pk).state == "received"
    told(order, end, at=silent + DAY)
    assert Return.objects.get(pk=returning.pk).state == "refunded"
    assert (order.state, order.left.minor) == ("refunded", 0)
    assert all_offences() == [] and of_money() == []


def test_an_order_that_nobody_ever_sent(platform_at: Any) -> None:
    order = an_order()
    told(order, DisputeIs.TO_ANSWER, at=ORDERED + DAY)
    late = passes(platform_at, ORDERED + 90 * DAY)
    assert waiting_or_failed() == 0
    order.refresh_from_db()
    assert order.state == "paid"
    told(order, DisputeIs.WON, at=late + DAY)
    assert (order.state, order.left.minor) == ("cancelled", 0)
    assert all_offences() == [] and of_money() == []


def test_a_parcel_that_is_never_scanned_again(platform_at: Any) -> None:
    order = an_order(shipped=True)
    told(order, DisputeIs.TO_ANSWER, at=ORDERED + DAY)
    late = passes(platform_at, ORDERED + 90 * DAY)
    assert waiting_or_failed() == 0
    told(order, DisputeIs.WON, at=late + DAY)
    assert (order.state, order.left.minor) == ("refunded", 0)
    assert all_offences() == [] and of_money() == []


def test_a_replacement_that_nobody_sends(platform_at: Any) -> None:
    order = an_order(listing=a_listing(category="electronics"), quantity=2, delivered_at=DELIVERED)
    claim = a_claim(order, at=DELIVERED, state="in_hand")
    assert claim.taken_on_at is not None
    told(order, DisputeIs.TO_ANSWER, at=claim.taken_on_at + DAY)
    late = passes(platform_at, claim.taken_on_at + 12 * DAY)
    assert waiting_or_failed() == 0
    assert FaultClaim.objects.get(pk=claim.pk).state == "in_hand"
    told(order, DisputeIs.WON, at=late + DAY)
    assert (FaultClaim.objects.get(pk=claim.pk).state, order.refunded_minor) == ("refunded", 3900)
    assert all_offences() == [] and of_money() == []


def test_what_a_lost_dispute_took_is_credited_on_the_invoice() -> None:
    order = an_order(delivered_at=DELIVERED)
    an_issued_invoice(order, at=DELIVERED + DAY)
    told(order, DisputeIs.TO_ANSWER, at=DELIVERED + 2 * DAY)
    told(order, DisputeIs.LOST, at=DELIVERED + 3 * DAY)
    assert (order.state, order.refunded_minor) == ("refunded", order.total_minor)
    assert due_paper(order).amount_minor == order.total_minor
    assert all_offences() == [] and of_money() == []
