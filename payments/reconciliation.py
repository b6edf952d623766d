"""Comparing each provider's days with our books, line by line. What was found stays found until it ends.

A line is looked for in our books whatever day we have it under, and the reverse: midnight separates nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from payments import differences
from payments.differences import Found
from payments.gateways import registry
from payments.gateways.dispute_lines import BACK
from payments.gateways.paying import payout_id, payout_key
from payments.gateways.protocol import refund_id, refund_key
from payments.lifecycle import AWARD_GONE, AwardState, DisputeState, PayoutState, RefundState, What
from payments.models import (
    Award,
    Charge,
    Difference,
    Dispute,
    Payout,
    ProviderStatement,
    Refund,
    StatementRow,
)

AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Ours:
    """What our books say of a key."""

    minor: int
    currency: str
    settled: bool
    state: str


@transaction.atomic
def compare(*, provider: str, day: date, at: datetime) -> list[Difference]:
    """Find what differs on a day that was read; gives the open differences. The same again changes nothing.

    What agrees by now, though it differed before, is cleared.
    """
    held = ProviderStatement.objects.was_read().filter(provider=provider, day=day)
    statement = held.select_for_update(no_key=True).first()
    if statement is None:
        return []
    differences.settle(provider=provider, day=day, found=list(_found(statement)), at=at)
    statement.compared_at = at
    statement.save(update_fields=["compared_at"])
    still = Difference.objects.open().filter(provider=provider, day=day)
    return list(still.exclude(what__in=differences.OUTSIDE).order_by("kind", "key", "what"))


def compare_open(*, provider: str, at: datetime) -> None:
    """Compare the days of `provider` that weren't compared yet or still have something open."""
    still = Difference.objects.open().filter(provider=OuterRef("provider"), day=OuterRef("day"))
    days = (
        ProviderStatement.objects.was_read()
        .filter(provider=provider)
        .filter(Q(compared_at__isnull=True) | Exists(still))
    )
    for day in list(days.order_by("day").values_list("day", flat=True)):
        compare(provider=provider, day=day, at=at)


def _found(statement: ProviderStatement) -> Iterator[Found]:
    rows = StatementRow.objects.filter(statement=statement).order_by("position")
    before: list[StatementRow] = []
    for row in rows.iterator(chunk_size=AT_ONCE):
        before.append(row)
        if len(before) == AT_ONCE:
            yield from _theirs(before)
            before = []
    yield from _theirs(before)
    yield from _twice(statement)
    yield from _missing_there(statement)


def _theirs(rows: list[StatementRow]) -> Iterator[Found]:
    """Their lines against our rows."""
    if not rows:
        return
    known = _ours(rows[0].provider, rows)
    for row in rows:
        ours = known.get((row.kind, row.key))
        if ours is None:
            yield Found(What.MISSING_HERE, row.kind, row.key, row.amount_minor, None, row.currency)
        elif (ours.minor, ours.currency) != (row.amount_minor, row.currency):
            detail = "" if ours.currency == row.currency else f"ours is in {ours.currency}"
            yield Found(What.OTHER_SUM, row.kind, row.key, row.amount_minor, ours.minor, row.currency, detail)
        elif row.settled and not ours.settled:
            yield Found(
                What.OTHER_STATE, row.kind, row.key, row.amount_minor, 0, row.currency, f"{ours.state} here"
            )


def _ours(provider: str, rows: Iterable[StatementRow]) -> dict[tuple[str, str], Ours]:
    keys = {
        kind: [row.key for row in rows if row.kind == kind]
        for kind in ("charge", "refund", "payout", "dispute")
    }
    found: dict[tuple[str, str], Ours] = {}
    for charge in Charge.objects.filter(provider=provider, provider_charge_id__in=keys["charge"]):
        found["charge", charge.provider_charge_id] = Ours(charge.amount_minor, charge.currency, True, "")
    ids = [known for key in keys["refund"] if (known := refund_id(key)) is not None]
    for one in Refund.objects.filter(charge__provider=provider, pk__in=ids):
        found["refund", refund_key(one.pk)] = Ours(
            -one.amount_minor, one.currency, one.state == RefundState.PAID, one.state
        )
    found |= _disputed(provider, keys["dispute"])
    ids = [known for key in keys["payout"] if (known := payout_id(key)) is not None]
    for gone in Payout.objects.filter(provider=provider, pk__in=ids):
        found["payout", payout_key(gone.pk)] = Ours(
            -gone.amount_minor, gone.currency, gone.state == PayoutState.PAID, gone.state
        )
    for award in Award.objects.filter(provider=provider, transfer_id__in=ids, state__in=AWARD_GONE):
        assert award.transfer_id is not None, "it was found by its transfer"
        found["payout", payout_key(award.transfer_id)] = Ours(
            -award.amount_minor, award.currency, award.state == AwardState.PAID, award.state
        )
    return found


def _disputed(provider: str, keys: list[str]) -> dict[tuple[str, str], Ours]:
    """A provider withdraws the sum when a dispute opens; it puts it back only when we won."""
    named = {key.removesuffix(BACK) for key in keys}
    found: dict[tuple[str, str], Ours] = {}
    for held in Dispute.objects.filter(provider=provider, provider_dispute_id__in=named):
        name, won = held.provider_dispute_id, held.state == DisputeState.WON
        found["dispute", name] = Ours(-held.amount_minor, held.currency, True, held.state)
        found["dispute", f"{name}{BACK}"] = Ours(held.amount_minor, held.currency, won, held.state)
    return found


def _twice(statement: ProviderStatement) -> Iterator[Found]:
    """Lines of the day that the provider wrote before, in this statement or another."""
    earlier = StatementRow.objects.filter(
        Q(statement__day__lt=statement.day) | Q(statement=statement, position__lt=OuterRef("position")),
        provider=statement.provider,
        kind=OuterRef("kind"),
        key=OuterRef("key"),
    )
    for row in StatementRow.objects.filter(Exists(earlier), statement=statement).order_by("position"):
        yield Found(What.TWICE, row.kind, row.key, 2 * row.amount_minor, row.amount_minor, row.currency)


def span_of(provider: str, day: date) -> tuple[datetime, datetime]:
    """The instants between which `day` lies by the provider's calendar."""
    zone = ZoneInfo(registry.gateway(provider).zone)
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def charges_of(provider: str, day: date) -> QuerySet[Charge]:
    """What we recorded as taken on the day."""
    begin, end = span_of(provider, day)
    return Charge.objects.filter(provider=provider, taken_at__gte=begin, taken_at__lt=end)


def refunds_of(provider: str, day: date) -> QuerySet[Refund]:
    """What we recorded as arrived with payers on the day."""
    begin, end = span_of(provider, day)
    arrived = Refund.objects.filter(charge__provider=provider, state=RefundState.PAID)
    return arrived.filter(settled_at__gte=begin, settled_at__lt=end)


def payouts_of(provider: str, day: date) -> QuerySet[Payout]:
    """What we recorded as arrived with shops on the day; none where the provider's statement lists none."""
    if not registry.paymaster(provider).lists_payouts:
        return Payout.objects.none()
    begin, end = span_of(provider, day)
    arrived = Payout.objects.filter(provider=provider, state=PayoutState.PAID)
    return arrived.filter(settled_at__gte=begin, settled_at__lt=end)


def awards_of(provider: str, day: date) -> QuerySet[Award]:
    """What we recorded as arrived with buyers on top of their price; listed like payouts."""
    if not registry.paymaster(provider).lists_payouts:
        return Award.objects.none()
    begin, end = span_of(provider, day)
    arrived = Award.objects.filter(provider=provider, state=AwardState.PAID)
    return arrived.filter(settled_at__gte=begin, settled_at__lt=end)


def _missing_there(statement: ProviderStatement) -> Iterator[Found]:
    """Our rows of the day that no statement of the provider has a line for."""
    charges = charges_of(statement.provider, statement.day).values_list(
        "provider_charge_id", "amount_minor", "currency"
    )
    refunds = refunds_of(statement.provider, statement.day).values_list("pk", "amount_minor", "currency")
    yield from _unlisted(statement.provider, "charge", charges)
    back = ((refund_key(pk), -minor, currency) for pk, minor, currency in refunds.iterator())
    yield from _unlisted(statement.provider, "refund", back)
    payouts = payouts_of(statement.provider, statement.day).values_list("pk", "amount_minor", "currency")
    gone = ((payout_key(pk), -minor, currency) for pk, minor, currency in payouts.iterator())
    yield from _unlisted(statement.provider, "payout", gone)
    awards = awards_of(statement.provider, statement.day).values_list(
        "transfer_id", "amount_minor", "currency"
    )
    given = ((payout_key(pk), -minor, currency) for pk, minor, currency in awards.iterator() if pk)
    yield from _unlisted(statement.provider, "payout", given)


def _unlisted(provider: str, kind: str, rows: Iterable[tuple[Any, ...]]) -> Iterator[Found]:
    ours: dict[str, tuple[int, str]] = {key: (minor, currency) for key, minor, currency in rows}
    listed = set(
        StatementRow.objects.filter(provider=provider, kind=kind, key__in=list(ours)).values_list(
            "key", flat=True
        )
    )
    for key in sorted(ours.keys() - listed):
        minor, currency = ours[key]
        yield Found(What.MISSING_THERE, kind, key, None, minor, currency)
