"""A free label for what goes back at its shop's cost: made from the range of numbers a carrier gave us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog import destinations
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from kernel.money import Money
from orders import claim_deadlines, deadlines
from orders.carriers import registry, sandbox
from orders.lifecycle import prove
from orders.models import FaultClaim, Order, Return, ReturnLabel
from orders.states import ClaimState, ReturnState
from rulebook import policies

TARIFF = "carrier.tariff"
Back = Return | FaultClaim


class NoFreeLabel(DomainError):
    code = "no_free_label"
    status = 422
    message = N_(
        "You bear the postage of this return, so there is no free label. Send it with a carrier of your"
        " choice and write its number here."
    )


class NotToBeSent(DomainError):
    code = "not_to_be_sent"
    message = N_("Nothing waits to be sent back here now. Reload the page: it says where the goods are.")


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a carrier charges the shop; `collected` is None where it doesn't come to the door."""

    dropped: Money
    collected: Money | None


def tariff(order: Order, *, at: datetime, carrier: str = sandbox.NAME) -> Tariff:
    """From where the goods are to the shop."""
    told = policies.value(TARIFF, at)[carrier]
    if destinations.leaves_mainland(order.destination):
        return Tariff(Money(int(told["abroad_minor"])), None)
    return Tariff(Money(int(told["dropped_minor"])), Money(int(told["collected_minor"])))


def label_of(back: Back) -> ReturnLabel | None:
    """The live one."""
    return back.labels.filter(ended_at__isnull=True).first()


def locked(*, return_id: UUID | None = None, claim_id: UUID | None = None) -> Back:
    """What goes back, with its order's row locked: the order is the root. :raises NotFound:"""
    rows: type[Return] | type[FaultClaim] = Return if return_id else FaultClaim
    found: Back = rows.objects.get_or_not_found(pk=return_id or claim_id)
    order = Order.objects.select_related("merchant").locked(found.order_id)
    found.refresh_from_db()
    found.order = order
    return found


def _require_in_time(back: Back, *, at: datetime) -> None:
    if isinstance(back, Return):
        deadlines.require_posting_in_time(back, at=at)
    else:
        claim_deadlines.require_posting_in_time(back, at=at)


def waits(back: Back) -> bool:
    """Whether it was accepted and isn't under way yet."""
    return back.state == (ReturnState.ACCEPTED if isinstance(back, Return) else ClaimState.ACCEPTED)


@transaction.atomic
def issue(
    *,
    actor: Actor,
    at: datetime,
    return_id: UUID | None = None,
    claim_id: UUID | None = None,
    carrier: str = sandbox.NAME,
) -> ReturnLabel:
    """The label of an accepted return or claim whose shop bears the postage; the same one when asked again.

    The buyer pays nothing, now or later; the shop is charged when a carrier has seen the parcel.

    :raises NoFreeLabel: where the buyer bears the postage; NotToBeSent: unless it waits to be sent
    :raises TooLate: after the days to post, when it is as good as closed
    """
    back = locked(return_id=return_id, claim_id=claim_id)
    if back.postage_payer != "trader":
        raise NoFreeLabel()
    if not waits(back):
        raise NotToBeSent()
    _require_in_time(back, at=at)
    known = label_of(back)
    if known is not None:
        return known
    price = tariff(back.order, at=at, carrier=carrier)
    label = ReturnLabel(
        order=back.order,
        returning_id=return_id,
        claim_id=claim_id,
        carrier=carrier,
        price_minor=price.dropped.minor,
        collected_minor=(price.collected or price.dropped).minor,
        made_at=at,
    )
    label.tracking_number = registry.carrier(carrier).label_number(label.pk)
    label.save()
    told = {"label": str(label.pk), "price_minor": label.price_minor, "of": str(back.pk)}
    prove(back.order, "orders.label.make", told, at=at)
    return label
