"""Finding orders by the name on the parcel: exactly, within one shop and a few weeks, for a stated purpose.

There is no index of names: they are few and telling, so that even a keyed one would show who is called what.
A machine opens the names of the orders asked about, compares, and shows those that are equal.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.looking_up import PURPOSE, Cause, number_of
from kernel.actor import Actor
from kernel.errors import N_, Invalid
from merchants.access import any_merchant
from orders.models import Order
from privacy import access_record, blind_index, keys, opened
from privacy.models import LookUp
from rulebook import policies

POLICY = "privacy.name_search"
COLUMN = "orders.Order.recipient"


class NameIncomplete(Invalid):
    code = "name_incomplete"
    message = N_("Type the whole name as it stands on the parcel.")


class SpanTooLong(Invalid):
    code = "span_too_long"
    message = N_("Search within at most %(days)s days: the person can say when they ordered.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Both days count; `reference` is the number that the search is for."""

    name: str
    shop: str
    first: date
    last: date
    cause: Cause
    reference: str


@transaction.atomic
def find_by_name(asked: Asked, *, actor: Actor, at: datetime) -> list[Order]:
    """The shop's orders of those days with exactly this name; each of their people gets a line.

    :raises NameIncomplete, SpanTooLong, ReferenceMissing, NotFound: nothing was searched then
    """
    number, wanted = number_of(asked.reference), normal(asked.name)
    days = int(policies.value(POLICY, at)["days"])
    if len(wanted) < 2:
        raise NameIncomplete(field="name")
    if not timedelta(0) <= asked.last - asked.first < timedelta(days=days):
        raise SpanTooLong(field="last", days=days)
    shop = any_merchant(asked.shop)
    placed = Order.objects.of_merchant(shop.pk).filter(
        placed_at__date__gte=asked.first, placed_at__date__lte=asked.last
    )
    found = _equal(list(placed.newest_first()), wanted)
    LookUp.objects.create(
        actor=str(actor),
        purpose=str(asked.cause),
        reference=number,
        by="name",
        digest=blind_index.of(f"privacy.look_up|{actor}|{at.date()}", wanted),
        subject_id=found[0].subject_id if found else None,
        at=at,
    )
    for subject_id in sorted({order.subject_id for order in found}):
        access_record.record(actor=actor, subject_id=subject_id, purpose=PURPOSE, fields=[COLUMN], at=at)
    return found


def normal(name: str) -> str:
    """NFKC, without blanks, in lower case: what makes two spellings one name."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _equal(orders: list[Order], wanted: str) -> list[Order]:
    keys.preload({order.subject_id for order in orders})
    with opened.by_machine():
        return [order for order in orders if _name(order) == wanted]


def _name(order: Order) -> str:
    """Nothing where the person was erased."""
    try:
        return normal(order.recipient)
    except keys.KeyDestroyed:
        return ""
