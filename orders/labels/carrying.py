"""A carrier has seen a label: its return is under way, and the shop is charged for the way, once."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from kernel.money import Money
from orders import fulfilment, returns
from orders.aftercare import claims
from orders.labels import visits
from orders.lifecycle import CLAIM, RETURN, prove
from orders.models import Order, ReturnLabel, Shipment
from orders.models.labels import COLLECTED, OVER
from orders.models.parcels import TO_SHOP
from payments import accounts, payers

CHARGE = "return_label"


def first_seen(
    *, carrier: str, number: str, happened_at: datetime, actor: Actor, at: datetime
) -> Shipment | None:
    """The parcel of a label that a carrier reports for the first time; None for a number that is no label's.

    From here on it is the carrier's and the shop's to bring it: nothing that happens on the way is the
    buyer's loss. Also after our days to post: the parcel is there.
    """
    found = ReturnLabel.objects.filter(carrier=carrier, tracking_number=number).first()
    if found is None:
        return None
    order = Order.objects.locked(found.order_id)
    label = ReturnLabel.objects.select_for_update(of=("self",), no_key=True).get(pk=found.pk)
    known = Shipment.objects.filter(carrier=carrier, tracking_number=number).first()
    use(label, order, happened_at=happened_at, actor=actor, at=at)
    return known or _send_off(label, order, actor=actor, at=at)


def _send_off(label: ReturnLabel, order: Order, *, actor: Actor, at: datetime) -> Shipment:
    """Post it; where its return ended meanwhile the parcel is followed all the same."""
    number, carrier = label.tracking_number, label.carrier
    if label.returning is not None and RETURN.allows(label.returning.state, "post"):
        return returns.post(
            return_id=label.returning.pk,
            tracking_number=number,
            carrier=carrier,
            by_carrier=True,
            actor=actor,
            at=at,
        )
    if label.claim is not None and CLAIM.allows(label.claim.state, "post"):
        return claims.post(
            claim_id=label.claim.pk,
            tracking_number=number,
            carrier=carrier,
            by_carrier=True,
            actor=actor,
            at=at,
        )
    return fulfilment.open_parcel(
        order,
        carrier=carrier,
        number=number,
        at=at,
        returning_id=label.returning_id,
        claim_id=label.claim_id,
        claim_way=TO_SHOP if label.claim_id else "",
    )


def use(label: ReturnLabel, order: Order, *, happened_at: datetime, actor: Actor, at: datetime) -> None:
    """Charge the shop what its carrier asks: its balance, reserve, deposit, then the fund in its stead."""
    if label.used_at is not None:
        return
    visit = visits.running(label)
    fetched = visit is not None and happened_at >= visit.starts_at
    cost = label.collected_price if fetched else label.price
    label.used_at, label.charged_minor = at, cost.minor
    label.save(update_fields=["used_at", "charged_minor"])
    if visit is not None:
        visits.end(visit, COLLECTED if fetched else OVER, at=at)
    charge(label, order, cost, actor=actor, at=at)
    prove(order, "orders.label.use", {"label": str(label.pk), "charged_minor": cost.minor}, at=at)


def charge(label: ReturnLabel, order: Order, cost: Money, *, actor: Actor, at: datetime) -> None:
    payers.gather(
        reference=label.pk,
        merchant_id=order.merchant_id,
        wanted=cost,
        into=accounts.carrier(label.carrier),
        purpose=CHARGE,
        actor=actor,
        at=at,
    )
