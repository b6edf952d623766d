"""The day's run: every shop whose turn it is gets what it may have, or a row says why not."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, transaction

from kernel.actor import Actor
from kernel.errors import DomainError
from kernel.ids import new_id
from kernel.money import Money
from merchants.models import Merchant
from outbox import bus
from payments import accounts, fund, ledger
from payments.deposits import paying_in
from payments.events import PayoutWaiting
from payments.lifecycle import PAYOUT, PayoutKind, PayoutState
from payments.models import Payout, PayoutRun
from payments.moves import move
from payments.paying_out import holds, turns
from payments.paying_out.holds import Hold, Judged
from payments.paying_out.sending import leave
from privacy import restored

AT_ONCE = 20
log = logging.getLogger(__name__)


def run_due(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Go on with today's run by at most `limit` shops; gives how many payouts left or began to wait.

    Nothing runs after a restore until the books were compared. Two workers at once share no shop.
    """
    day = turns.day_of(at)
    if at < turns.begins(day, at=at) or restored.payouts_frozen():
        return 0
    if PayoutRun.objects.filter(day=day, ended_at__isnull=False).exists():
        return 0
    PayoutRun.objects.get_or_create(day=day, defaults={"begun_at": at})
    return _go_on(day_at=at, limit=limit)


@transaction.atomic
def _go_on(*, day_at: datetime, limit: int) -> int:
    day = turns.day_of(day_at)
    open_runs = PayoutRun.objects.filter(day=day, ended_at__isnull=True)
    run = open_runs.select_for_update(skip_locked=True, no_key=True).first()
    if run is None:
        return 0
    shops = Merchant.objects.known_to_the_public().order_by("id")
    if run.after is not None:
        shops = shops.filter(pk__gt=run.after)
    batch = list(shops.values_list("pk", "grade")[:limit])
    mine = [pk for pk, grade in batch if turns.has_turn(grade, day, at=day_at)]
    made = sum(_paid(pk, currency, run, at=day_at) for pk, currency in _with_money(mine))
    run.after = batch[-1][0] if batch else run.after
    run.ended_at = day_at if len(batch) < limit else None
    run.save(update_fields=["after", "ended_at"])
    return made


def _paid(merchant_id: UUID, currency: str, run: PayoutRun, *, at: datetime) -> bool:
    """What goes wrong with one shop stays with it: it keeps its money, and the run goes on."""
    try:
        kind = PayoutKind.SCHEDULED
        return pay(merchant_id=merchant_id, currency=currency, kind=kind, run=run, at=at) is not None
    except (DomainError, DatabaseError):
        log.exception("payout of shop %s in %s", merchant_id, currency)
        return False


def _with_money(merchants: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """(shop, currency) of those that have something, or something that waits; in the order of the shops."""
    names = {accounts.available(pk): pk for pk in merchants}
    held = ledger.balances(names)
    found = {(names[name], currency) for (name, currency), sum_ in held.items() if sum_}
    waiting = Payout.objects.held().filter(merchant_id__in=names.values())
    return sorted(found | set(waiting.values_list("merchant_id", "currency")))


@transaction.atomic
def pay(
    *,
    merchant_id: UUID,
    currency: str,
    kind: PayoutKind,
    at: datetime,
    run: PayoutRun | None = None,
    actor: Actor | None = None,
) -> Payout | None:
    """Pay the shop all that it may have in `currency`, or note what must come first; None: too little.

    What it owes the fund goes first, then what its deposit lacks. One that waits already goes on.
    """
    actor = actor or Actor.system()
    Merchant.objects.locked(merchant_id)
    held = Payout.objects.held().of_shop(merchant_id).filter(currency=currency)
    waits = held.select_for_update(of=("self",), no_key=True).first()
    pk = waits.pk if waits else new_id()
    fund.recover(merchant_id=merchant_id, currency=currency, cause=f"payout:{new_id()}", actor=actor, at=at)
    paying_in.fill(merchant_id=merchant_id, currency=currency, actor=actor, at=at)
    amount = ledger.locked_balance(accounts.available(merchant_id), currency)
    if amount < holds.least(currency, at=at):
        if waits is not None:
            move(waits, PAYOUT, "drop", actor=actor, at=at, settled_at=at, hold="", held_until=None)
        return None
    if waits is not None and waits.hold == Hold.LARGE:
        # What a second person looks at stays what it is; the rest goes with the next run.
        amount = min(amount, waits.amount)
    judged = holds.judge(merchant_id, amount, at=at, again=kind is PayoutKind.ASKED)
    if judged.hold is None and holds.is_large(amount, at=at):
        judged = Judged(Hold.LARGE, judged.account)
    payout = waits or Payout(pk=pk, merchant_id=merchant_id, kind=kind, currency=currency, requested_at=at)
    before = payout.hold
    payout.amount_minor, payout.second_person = amount.minor, holds.is_large(amount, at=at)
    if judged.hold is None:
        return leave(payout, judged, run=run, actor=actor, at=at)
    _wait(payout, judged, run=run)
    if before != judged.hold:
        _tell(payout, amount, judged.hold, at=at)
    return payout


def _wait(payout: Payout, judged: Judged, *, run: PayoutRun | None) -> None:
    payout.account, payout.held_until = judged.account, judged.until
    payout.run, payout.hold = run or payout.run, str(judged.hold)
    payout.state = PayoutState.HELD
    payout.save()


def _tell(payout: Payout, amount: Money, hold: Hold, *, at: datetime) -> None:
    told = PayoutWaiting(payout.pk, payout.merchant_id, amount.minor, amount.currency, hold=str(hold))
    bus.publish(told, at=at)
