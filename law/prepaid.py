"""Prepaid cards: how much one may hold, how long it lasts, and until when it may be given back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.money import Money
from law.calendars import Calendar
from law.rules import Pack
from law.windows import Window, window

CARD, VALIDITY, REFUND = "prepaid_card", "prepaid_card_validity", "prepaid_refund"


@dataclass(frozen=True, slots=True)
class CardLimits:
    """The most that one card may hold: with its holder's name, and without."""

    named: Money
    bearer: Money
    rule_id: str
    pack_version: str


def limits(*, pack: Pack, at: datetime) -> CardLimits:
    """:raises UnknownRule, RuleNotInForce, RoleUnfilled: where the law knows no such card"""
    rule = pack.rule(pack.role(CARD), at)
    return CardLimits(
        named=Money(rule.figures["named_minor"], pack.currency),
        bearer=Money(rule.figures["bearer_minor"], pack.currency),
        rule_id=rule.id,
        pack_version=pack.version,
    )


def validity(*, pack: Pack, calendar: Calendar, issued_at: datetime) -> Window:
    """How long a card without a name lasts at least; one with a name has no end."""
    return window(pack=pack, calendar=calendar, rule_id=pack.role(VALIDITY), start=issued_at)


def refund(*, pack: Pack, calendar: Calendar, paid_at: datetime) -> Window:
    """Until when an unused prepayment is paid back on demand."""
    return window(pack=pack, calendar=calendar, rule_id=pack.role(REFUND), start=paid_at)
