"""A buyer's rights when a private person sells: consumer law binds traders, a contract binds everybody."""

from __future__ import annotations

from datetime import datetime

from law.calendars import Calendar
from law.counting import Length, Unit
from law.returns import PROMISED_DAYS
from law.right import Case, Right, Say, escrow, sent_back, source, until
from law.rules import Pack, Rule, Stamp
from law.windows import Window, window, window_of

SELLER, CONFORMITY, FRAUD = "private_seller", "private_conformity", "private_fraud"

# What these roles give binds traders alone.
OF_TRADERS = (
    "return_window",
    "return_refund",
    "return_breach_line",
    "quality_return",
    "fraud",
    "unsafe_food",
)


def trader_rules(pack: Pack) -> frozenset[str]:
    """The rules that nobody can hold against a private person."""
    return frozenset(pack.roles[role] for role in OF_TRADERS if role in pack.roles)


def against_a_private_person(case: Case) -> tuple[Right, ...]:
    """The same places on the slip as against a trader, so that what is missing is seen.

    :raises RoleUnfilled: a pack that doesn't say who is bound can't be guessed at
    """
    rule = case.pack.rule(case.pack.role(SELLER), case.at)
    made = (_no_reason(case, rule), escrow(), _conformity(case), _guarantee(case, rule), _fraud(case))
    return tuple(right for right in made if right is not None)


def conformity_window(
    *, pack: Pack, calendar: Calendar, delivered_at: datetime, at: datetime | None = None
) -> Window:
    """Until when goods that aren't as described go straight back to a private person.

    :raises RoleUnfilled: where the pack gives no such time
    """
    return window(pack=pack, calendar=calendar, rule_id=pack.role(CONFORMITY), start=delivered_at, at=at)


def promised_window(
    *, pack: Pack, calendar: Calendar, delivered_at: datetime, at: datetime, days: int
) -> Window:
    """The seller's own promise to take back without a reason, counted as the place counts."""
    rule = pack.rule(pack.role(SELLER), at)
    made = window_of(
        rule=rule, pack=pack, calendar=calendar, start=delivered_at, length=Length(days, Unit.DAYS)
    )
    return _of_promise(made)


def _of_promise(made: Window) -> Window:
    inputs = {**made.inputs, "trigger": "delivered", "law": made.rule_id}
    return Window(
        rule_id=PROMISED_DAYS,
        last_day=made.last_day,
        due_at=made.due_at,
        provisional=made.provisional,
        pack_version=made.pack_version,
        calendar_version=made.calendar_version,
        inputs=inputs,
        owner="buyer",
    )


def _no_reason(case: Case, rule: Rule) -> Right:
    """Only what the seller promises, never by law."""
    days = case.facts.promised_return_days
    if days <= 0:
        return _absent(case, "no_reason_return", rule, cost="cost.return_freight.consumer")
    ends = None
    if case.delivered_at is not None:
        ends = promised_window(
            pack=case.pack, calendar=case.calendar, delivered_at=case.delivered_at, at=case.at, days=days
        )
    payer = "trader" if case.facts.return_freight_promised else "consumer"
    return Right(
        id="no_reason_return",
        rule_id=PROMISED_DAYS,
        stamp=Stamp.PROMISE,
        applies=True,
        can_do=Say("return.can_do", {"days": days}),
        until=until(ends, rule) if ends else Say("until.days_after_receipt", {"days": days}),
        cost=Say(f"cost.return_freight.{payer}"),
        source=Say("source.promise", {"rule": PROMISED_DAYS}),
        window=ends,
    )


def _absent(case: Case, right_id: str, rule: Rule, *, cost: str) -> Right:
    return Right(
        id=right_id,
        rule_id=rule.id,
        stamp=case.stamp(rule),
        applies=False,
        can_do=Say("private.none"),
        until=Say("until.not_applicable"),
        cost=Say(cost),
        source=source(rule),
        why_not=Say("private.none"),
    )


def _conformity(case: Case) -> Right | None:
    return sent_back(case, CONFORMITY, name="as_described", can_do="private.as_described")


def _guarantee(case: Case, seller: Rule) -> Right | None:
    """Where traders owe a guarantee, its absence is said."""
    owed = case.rule("guarantee")
    if owed is None or owed.length is None:
        return None
    return _absent(case, "no_guarantee", seller, cost="cost.nothing")


def _fraud(case: Case) -> Right | None:
    rule = case.rule(FRAUD)
    if rule is None or rule.length is None:
        return None
    return Right(
        id="private_fraud",
        rule_id=rule.id,
        stamp=case.stamp(rule),
        applies=True,
        can_do=Say("private.fraud"),
        until=Say("until.years_after_knowing", {"years": rule.length.n}),
        cost=Say("cost.nothing"),
        source=source(rule),
    )
