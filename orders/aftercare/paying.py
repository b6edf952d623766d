"""The money back where neither repair nor exchange comes about; also long after the order was settled."""

from __future__ import annotations

from datetime import datetime

from catalog import stock
from kernel.actor import Actor
from kernel.money import Money
from orders import claim_deadlines, deadlines, dealing, part_returns, refunding, settlement, taking_back
from orders.aftercare import asking
from orders.claim_events import ClaimRefunded
from orders.lifecycle import CLAIM, move_claim
from orders.models import FaultClaim, Shipment


def refund_locked(claim: FaultClaim, *, cause: str, actor: Actor, at: datetime) -> FaultClaim:
    """Pay back what was shown, or what is due by now where that is more; the order is locked."""
    CLAIM.target(claim.state, "refund")
    order = claim.order
    give_up_stock(claim, actor=actor, at=at)
    amount = min(_take_back(claim), order.left)
    if amount:
        purpose = f"claim:{claim.pk}"
        taking_back.fill(order, amount, purpose=purpose, actor=actor, at=at)
        refunding.give_back(order, amount=amount, purpose=purpose, actor=actor, at=at)
    dealing.void_lines([claim.line], at=at, cause="returned")
    claim_deadlines.end(claim, at=at)
    for shipment in Shipment.objects.filter(claim=claim):
        deadlines.end_parcel_watch(shipment, at=at)
    fact = ClaimRefunded(order.pk, order.merchant_id, order.subject_id, claim.pk, amount.minor, cause)
    proof = {"amount_minor": amount.minor, "cause": cause}
    move_claim(claim, "refund", actor=actor, at=at, fact=fact, proof=proof, stock_taken=claim.stock_taken)
    refunding.end_if_empty(order, actor=actor, at=at)
    settlement.settle_if_free(order, at=at)
    return claim


def _take_back(claim: FaultClaim) -> Money:
    """The goods are the shop's; gives what is due for them, less what a case has paid for since."""
    line = claim.line
    due = max(claim.amount, asking.worth(claim.order, line, claim.quantity).amount)
    share = min(due, line.left)
    line.returned_quantity += claim.quantity
    line.refunded_minor += share.minor
    line.save(update_fields=["returned_quantity", "refunded_minor"])
    return share + part_returns.spill([(line, due - share)], order=claim.order)


def give_up_stock(claim: FaultClaim, *, actor: Actor, at: datetime) -> None:
    """A replacement that was set aside and never sent is on the shelf again; one that was lost isn't."""
    if claim.stock_taken and claim.sent_at is None:
        stock.put_back(
            variant_id=claim.line.variant_id,
            quantity=claim.stock_taken,
            actor=actor,
            at=at,
            reason="replacement_unsent",
        )
        claim.stock_taken = 0
