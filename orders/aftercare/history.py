"""What was done to a line since it was bought, as the law counts it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from catalog import offers, warranty
from law import aftercare as law
from orders.models import FaultClaim, Order, OrderLine
from orders.models.claims import EXCHANGE, REPAIR
from orders.states import ClaimState
from rulebook import current


@dataclass(frozen=True, slots=True)
class Card:
    """The warranty card of one line. `last_day` is None where nobody owes a warranty."""

    days: int
    last_day: date | None
    repairs: int
    days_in_repair: int
    replaced_at: datetime | None
    most_repairs: int

    def covers(self, day: date) -> bool:
        return self.last_day is not None and day <= self.last_day


def bought(
    order: Order,
    line: OrderLine,
    claims: Iterable[FaultClaim],
    *,
    repeats: FaultClaim | None = None,
    overdue: bool = False,
) -> law.Bought | None:
    """The line as the law looks at it; None before delivery. `claims` are all of the line's."""
    if order.delivered_at is None:
        return None
    done = [each for each in claims if each.state == ClaimState.DONE]
    exchanged = [each.arrived_at for each in done if each.remedy == EXCHANGE and each.arrived_at]
    stated = warranty.stated(line.content)
    return law.Bought(
        category=offers.legal_facts(line.content, terms=line.terms, private_seller=order.by_person).category,
        ordered_at=order.placed_at,
        delivered_at=order.delivered_at,
        warranty_days=stated.days if stated else 0,
        keeps_days=warranty.keeps_days(line.content),
        repairs=tuple(
            law.Repair(each.posted_at or each.received_at, each.arrived_at)
            for each in done
            if each.remedy == REPAIR and each.arrived_at and each.received_at
        ),
        replaced_at=max(exchanged, default=None),
        same_fault=_repairs_of_fault(repeats, {each.pk: each for each in done}),
        taken_too_long=overdue or (repeats is not None and repeats.overdue_at is not None),
    )


def _repairs_of_fault(claim: FaultClaim | None, done: dict[object, FaultClaim]) -> int:
    """How often the fault of `claim` was repaired: it and those whose fault it was already."""
    count = 0
    while claim is not None:
        found = done.get(claim.pk)
        count += found is not None and found.remedy == REPAIR
        claim = done.get(claim.repeats_id) if claim.repeats_id else None
    return count


def card(order: Order, line: OrderLine, claims: Iterable[FaultClaim]) -> Card | None:
    """The warranty card; None before delivery, and where neither seller nor law gives a warranty."""
    found = bought(order, line, claims)
    if found is None or order.by_person:
        return None
    pack = current.pack(order.place, order.placed_at)
    days = law.warranty_days(found, pack=pack)
    if not days:
        return None
    spent = pack.roles.get(law.SPENT)
    most = pack.rule(spent, order.placed_at).figures[law.MOST_REPAIRS] if spent else 0
    return Card(
        days=days,
        last_day=law.warranty_last_day(found, pack=pack),
        repairs=len(found.repairs),
        days_in_repair=law.days_in_repair(found.repairs, zone=pack.zone),
        replaced_at=found.replaced_at,
        most_repairs=most,
    )
