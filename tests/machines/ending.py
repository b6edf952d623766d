"""After waiting long enough nothing is owed to nobody, and silence has never cost the buyer.

Looked at when everybody has been silent for months, the bank has spoken and the provider answers again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, Sum

from orders.models import FaultClaim, Order, OrderLine, Return, ReturnMove, Shipment
from orders.states import OrderState
from outbox.models import Message
from payments.gateways.protocol import refund_id
from payments.lifecycle import PaymentState, What
from payments.models import Difference, Payment, PaymentPart, Payout, Posting, Refund, ReserveShare
from payments.whereabouts import Place, of_references

# Accounts on which money only waits: for a bank's word, for a notice, for a case.
WAITING = r"^(escrow|suspense|dispute):"
ENDS = {Place.REFUNDED, Place.BACK_HERE, Place.MERCHANT, Place.FEES, Place.TAX}


def stuck() -> dict[str, int]:
    """What a provider refused again and again, by the account where it waits: it stands at the money desk."""
    failed = Refund.objects.filter(state="failed").select_related("part")
    desk = Difference.objects.open().filter(what=What.REFUND_STUCK).values_list("key", flat=True)
    at_the_desk = {refund_id(key) for key in desk}
    found: dict[str, int] = {}
    for one in failed:
        if one.pk in at_the_desk:
            account = one.part.account if one.part else f"suspense:{one.reference}"
            found[account] = found.get(account, 0) + one.amount_minor
    return found


def waits_for_nothing() -> list[Any]:
    """Accounts that should be empty by now and aren't, beside what stands at the money desk."""
    rows = Posting.objects.filter(account__regex=WAITING).values_list("account").annotate(Sum("amount_minor"))
    known = stuck()
    return [(account, minor) for account, minor in rows if minor != known.get(account, 0)]


def every_fen_has_ended_with_somebody() -> list[Any]:
    """Of each order that was paid: its money is with the buyer, the shop or the platform, to the fen."""
    parts = PaymentPart.objects.filter(payment__state=PaymentState.CAPTURED, kind="order")
    places = of_references(parts.values_list("reference", flat=True))
    known = stuck()
    wrong: list[Any] = []
    for part in parts:
        lines = places[part.reference]
        on_its_way = sum(line.amount.minor for line in lines if line.place not in ENDS)
        if sum(line.amount.minor for line in lines) != part.amount_minor:
            wrong.append((part.reference, "isn't the whole", lines))
        elif on_its_way != known.get(part.account, 0):
            wrong.append((part.reference, "hasn't ended", lines))
    return wrong


def nothing_runs_any_more() -> list[Any]:
    """Payments, payouts, reserves and messages, none between two states."""
    return [
        *Payment.objects.filter(state=PaymentState.OPEN),
        *Payout.objects.filter(state__in=["requested", "sent"]),
        *ReserveShare.objects.filter(left_minor__gt=0),
        *Message.objects.filter(handled_at=None).values_list("name", "error"),
    ]


def silence_cost_a_buyer() -> list[Any]:
    """Orders in which somebody kept silent, or a clock spoke, and the buyer is the poorer for it."""
    return [*_paid_for_nothing(), *_returns_that_ended_badly(), *_parcels_that_were_denied(), *_claims()]


def _paid_for_nothing() -> Iterable[Any]:
    """Nothing of it ever came, and money of it is still away."""
    for order in Order.objects.filter(paid_at__isnull=False).prefetch_related("lines"):
        came = sum(
            line.quantity - line.cancelled_quantity - line.undelivered_quantity for line in _lines(order)
        )
        if not came and order.left:
            yield order.number, order.state, "nothing came", order.left


def _lines(order: Order) -> Iterable[OrderLine]:
    return order.lines.all()


def _returns_that_ended_badly() -> Iterable[Any]:
    """A clock may close a return that was never posted, or whose parcel no carrier ever saw; no other."""
    for move in ReturnMove.objects.filter(name="close", actor="system").select_related("returning__order"):
        returning = move.returning
        if returning.order.state == OrderState.REFUNDED or returning.state == "refunded":
            continue
        seen = Shipment.objects.filter(returning=returning, last_scan_at__isnull=False, lost_at__isnull=False)
        if move.from_state not in ("accepted", "posted") or seen.exists():
            yield returning.number, move.from_state, "closed by a clock"
    for returning in Return.objects.exclude(state__in=["refunded", "closed"]):
        yield returning.number, returning.state, "never ended"


def _parcels_that_were_denied() -> Iterable[Any]:
    """The buyer said that it isn't there, nobody showed that it is, and its goods aren't paid back."""
    denied = Shipment.objects.filter(denied_at__isnull=False, delivered_at=None)
    for parcel in denied.filter(Q(lost_at=None), ~Q(order__state__in=["refunded", "cancelled"])):
        yield parcel.tracking_number, "denied and not written off"


def _claims() -> Iterable[Any]:
    yield from ((claim.number, claim.state) for claim in FaultClaim.objects.unfinished())
