"""Paying with value that lies here: set apart at the order, given back or spent when its payment ends.

The set-apart sum waits in `suspense:<payment>`. So a balance that two tabs spend at once runs into the one
rule of all held money: no account falls below zero. Accounts are always drawn in the order of their names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from kernel.money import Money, total
from payments import accounts, ledger
from payments.ledger import Line
from payments.lifecycle import DisputeState, PaymentState
from payments.models import DisputeShare, Payment, PaymentPart, Refund, Tender
from payments.points import lots
from payments.tender_models import Means
from web import tenancy

# A refund that a provider couldn't pay is asked again as "<cause>~2": it is still the same refund.
AGAIN = "~"


class TenderSpent(DomainError):
    """Another tab or person was faster."""

    code = "tender_spent"
    status = 409
    message = N_(
        "What you chose to pay with has changed: less is left there now. Choose again. Nothing was taken."
    )


@dataclass(frozen=True, slots=True)
class Tendered:
    """`account` pays `amount` of the order `reference`."""

    reference: UUID
    account: str
    amount: Money


def rows(payment: Payment, parts: Sequence[PaymentPart], tendered: Sequence[Tendered]) -> list[Tender]:
    """The tenders' rows of a payment that is being opened; `parts` learn what isn't left to pay of them."""
    by_reference = {part.reference: part for part in parts}
    made = []
    for position, one in enumerate(tendered):
        part = by_reference[one.reference]
        part.tendered_minor += one.amount.minor
        payment.tendered_minor += one.amount.minor
        made.append(
            Tender(
                payment=payment,
                part=part,
                position=position,
                account=one.account,
                amount_minor=one.amount.minor,
                currency=one.amount.currency,
            )
        )
    return made


def set_apart(payment: Payment, made: Sequence[Tender], *, actor: Actor, at: datetime) -> None:
    """Write the tenders and take their sums from the accounts until the payment ends.

    :raises TenderSpent: when an account has less by now; nothing is taken then
    """
    if not _have(made, at=at):
        raise TenderSpent()
    Tender.objects.bulk_create(made)
    _post(payment, "tender", made, -1, actor=actor, at=at)


def give_back(payment: Payment, *, actor: Actor, at: datetime) -> None:
    """The payment is over and wasn't paid: what was set apart is where it was; `payment` is locked."""
    if payment.tendered_minor and _waits(payment):
        made = list(payment.tenders.order_by("position"))
        _post(payment, "tender_back", made, 1, actor=actor, at=at)


def stand(payment: Payment, *, actor: Actor, at: datetime) -> bool:
    """Whether the tenders of a locked payment are set apart; late ones are taken again if they can be."""
    if not payment.tendered_minor or _waits(payment):
        return True
    made = list(payment.tenders.order_by("position"))
    if not _have(made, at=at):
        return False
    _post(payment, "tender_again", made, -1, actor=actor, at=at)
    return True


def _waits(payment: Payment) -> bool:
    return bool(ledger.balance(accounts.suspense(payment.pk), payment.currency))


def _have(made: Iterable[Tender], *, at: datetime) -> bool:
    """Lock the accounts, in the order of their names, and look."""
    wanted = _by_account(made)
    lots.make_ready(wanted, at=at)
    return all(
        ledger.locked_balance(account, wanted[account].currency) >= wanted[account]
        for account in sorted(wanted)
    )


def _by_account(made: Iterable[Tender]) -> dict[str, Money]:
    sums: dict[str, Money] = {}
    for one in made:
        sums[one.account] = sums.get(one.account, Money.zero(one.currency)) + one.amount
    return sums


def _post(
    payment: Payment, purpose: str, made: Sequence[Tender], sign: int, *, actor: Actor, at: datetime
) -> None:
    sums = _by_account(made)
    if sign > 0:
        lots.make_ready(sums, at=at)
    whole = total(sums.values(), payment.currency)
    lines = [Line(account, sums[account] * sign) for account in sorted(sums)]
    lines.append(Line(accounts.suspense(payment.pk), whole * -sign))
    ledger.post(reference=payment.pk, purpose=purpose, lines=lines, actor=actor, at=at)
    if sign > 0:
        lots.take_in(sums, at=at)


def shares(wholes: Sequence[int], gone: int) -> list[int]:
    """What of `gone` falls on each of `wholes`, in proportion and whole units; the sum is exactly `gone`.

    Each share grows with `gone` and never falls, so the steps of a running refund are never below zero.
    """
    found, left = [], sum(wholes)
    for whole in wholes[:-1]:
        mine = whole * gone // left if left else 0
        found.append(mine)
        gone, left = gone - mine, left - whole
    return [*found, gone]


def spread(part: PaymentPart, amount: Money, *, purpose: str) -> list[tuple[Tender | None, Money]]:
    """`amount` of a captured part by the means it was paid with (None: the provider); none of nothing.

    The running fraction of all that went back of the part, so that partial refunds in any order sum to the
    whole of every means. What a dispute took counts as the provider's.
    """
    made = list(part.tenders.order_by("position"))
    if not made or AGAIN in purpose:
        return [(None, amount)]
    wholes = [part.due_minor, *(one.amount_minor for one in made)]
    gone = [_through_provider(part), *_to_tenders(part, made)]
    target = shares(wholes, sum(gone) + amount.minor)
    steps = [
        max(0, min(want - had, whole - had)) for want, had, whole in zip(target, gone, wholes, strict=True)
    ]
    left = amount.minor - sum(steps)
    # Binds only after a dispute: then a step was cut, and another means gives or takes the difference.
    for place, whole in enumerate(wholes):
        more = max(-steps[place], min(left, whole - gone[place] - steps[place]))
        steps[place], left = steps[place] + more, left - more
    sums = [Money(step, amount.currency) for step in steps]
    return [(one, step) for one, step in zip([None, *made], sums, strict=True) if step]


def _through_provider(part: PaymentPart) -> int:
    """Asked of the provider (again and again is once) or taken by the payer's bank."""
    asked: dict[str, int] = {}
    refunds = Refund.objects.filter(part=part, tender__isnull=True).values_list("purpose", "amount_minor")
    for purpose, minor in refunds:
        asked[purpose.partition(AGAIN)[0]] = minor
    taken = DisputeShare.objects.filter(part=part).exclude(dispute__state=DisputeState.WON)
    return sum(asked.values()) + int(taken.aggregate(minor=Sum("amount_minor"))["minor"] or 0)


def _to_tenders(part: PaymentPart, made: Sequence[Tender]) -> list[int]:
    gone: defaultdict[UUID | None, int] = defaultdict(int)
    for tender_id, minor in Refund.objects.filter(part=part, tender__isnull=False).values_list(
        "tender_id", "amount_minor"
    ):
        gone[tender_id] += minor
    return [gone[one.pk] for one in made]


def by_means(spread_over: Iterable[tuple[Tender | None, Money]]) -> dict[Means, Money]:
    """The sums per means of a spread refund, for pages; none of nothing."""
    sums: dict[Means, Money] = {}
    for tender, amount in spread_over:
        means = tender.means if tender else Means.PROVIDER
        sums[means] = sums.get(means, Money.zero(amount.currency)) + amount
    return sums


def paid_with(reference: UUID) -> dict[Means, Money]:
    """What the order was paid with, per means; empty while it isn't paid."""
    sums: dict[Means, Money] = {}
    parts = PaymentPart.objects.filter(reference=reference, payment__state=PaymentState.CAPTURED)
    for part in parts.filter(released_minor=0):
        paying = part.tenders.all() if part.tendered_minor else ()
        found = [(None, part.due), *((one, one.amount) for one in paying)]
        for means, amount in by_means(found).items():
            if amount:
                sums[means] = sums.get(means, Money.zero(amount.currency)) + amount
    return sums


def preview(reference: UUID, amount: Money) -> dict[Means, Money]:
    """How a refund of `amount` would go back now; empty where a provider alone was paid."""
    parts = PaymentPart.objects.filter(
        reference=reference, payment__state=PaymentState.CAPTURED, tendered_minor__gt=0
    )
    part = parts.order_by("payment__captured_at", "id").first()
    return by_means(spread(part, amount, purpose="preview")) if part else {}


def gone_back(reference: UUID, purpose: str) -> dict[Means, Money]:
    """What of one refund of the order went back by which means, failed ones aside."""
    rows = Refund.objects.standing().filter(reference=reference, purpose=purpose).select_related("tender")
    return by_means((row.tender, row.amount) for row in rows)


@tenancy.widened()
def points_left_on(reference: UUID, currency: str) -> Money:
    """What points alone paid of the order and hasn't gone back to them; nothing while it isn't paid."""
    paid = Tender.objects.filter(
        part__reference=reference, payment__state=PaymentState.CAPTURED, account__startswith=lots.PREFIX
    )
    back = Refund.objects.standing().filter(tender__in=paid)
    sums = [rows.aggregate(minor=Sum("amount_minor"))["minor"] or 0 for rows in (paid, back)]
    return Money(sums[0] - sums[1], currency)


@tenancy.widened()
def left_on(reference: UUID, currency: str) -> Money:
    """What cards and points paid of the order and hasn't gone back to them; nothing while it isn't paid."""
    parts = PaymentPart.objects.filter(reference=reference, payment__state=PaymentState.CAPTURED)
    paid = parts.aggregate(minor=Sum("tendered_minor"))["minor"] or 0
    if not paid:
        return Money.zero(currency)
    back = Refund.objects.standing().filter(reference=reference, tender__isnull=False)
    return Money(paid - (back.aggregate(minor=Sum("amount_minor"))["minor"] or 0), currency)


def allot(
    sources: Sequence[tuple[str, int]], wanted: Money, wholes: Sequence[tuple[UUID, int]]
) -> list[Tendered]:
    """`wanted` spread over orders in proportion, filled from the (account, balance) of `sources` in turn."""
    left, found = dict(sources), []
    parts = shares([each for _reference, each in wholes], wanted.minor)
    for (reference, _whole), share in zip(wholes, parts, strict=True):
        for account in left:
            if taken := min(share, left[account]):
                found.append(Tendered(reference, account, Money(taken, wanted.currency)))
                left[account] -= taken
                share -= taken
    return found
