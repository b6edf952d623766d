"""Windows beyond the simple case: parcels, information given late or never, notice, proof, goods back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from law.calendars import Calendar
from law.counting import check_instant, local_day, midnight_after
from law.errors import ContradictoryFacts
from law.rules import Pack, Rule
from law.windows import Window, window_of

# The trigger of every window that a parcel starts.
DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened, as instants. `start` is the rule's own trigger.

    `parcels` are further deliveries of the same order; `informed` when the shopper was told of the right
    (`never_informed`: not at all); `notice`, `proof` of dispatch and `goods_back` concern a return.
    """

    start: datetime
    parcels: tuple[datetime, ...] = ()
    informed: datetime | None = None
    never_informed: bool = False
    notice: datetime | None = None
    proof: datetime | None = None
    goods_back: datetime | None = None

    def check(self) -> None:
        """:raises ContradictoryFacts: for facts that can't all be true"""
        given = (self.start, *self.parcels, self.informed, self.notice, self.proof, self.goods_back)
        for instant in given:
            if instant is not None:
                check_instant(instant)
        if self.never_informed and self.informed is not None:
            raise ContradictoryFacts(first="informed", second="never informed")
        if self.proof is not None and self.goods_back is not None and self.goods_back < self.proof:
            raise ContradictoryFacts(first="goods back", second="proof of dispatch after it")

    def check_against(self, rule: Rule) -> None:
        """:raises ContradictoryFacts: for goods on their way back before any of them had come"""
        if rule.trigger != DELIVERED:
            return
        first = min((self.start, *self.parcels))
        for name, instant in (("proof of dispatch", self.proof), ("goods back", self.goods_back)):
            if instant is not None and instant < first:
                raise ContradictoryFacts(first=name, second="the first delivery after it")

    def as_inputs(self) -> dict[str, object]:
        """The facts beyond the start as plain JSON values, so that the answer can be checked later."""
        named = ("informed", "notice", "proof", "goods_back")
        known: dict[str, object] = {
            name: instant.isoformat() for name in named if (instant := getattr(self, name)) is not None
        }
        if self.parcels:
            known["parcels"] = [parcel.isoformat() for parcel in self.parcels]
        if self.never_informed:
            known["informed"] = "never"
        return known

    def earliest(self, names: tuple[str, ...]) -> datetime | None:
        found = [instant for name in names if (instant := getattr(self, name)) is not None]
        return min(found, default=None)


def due(*, pack: Pack, calendar: Calendar, rule_id: str, facts: Facts, at: datetime | None = None) -> Window:
    """The end of the rule's period under all the facts; `at` picks the wording (default: the start).

    Several parcels count from the last one. Nothing here ever shortens the plain window.

    :raises ContradictoryFacts: and the refusals of `windows.window`
    """
    facts.check()
    rule = pack.rule(rule_id, facts.start if at is None else at)
    facts.check_against(rule)
    start = facts.earliest(rule.starts_from) or max((facts.start, *facts.parcels))
    plain = window_of(rule=rule, pack=pack, calendar=calendar, start=start)
    found = _withheld(rule, _uninformed(rule, plain, pack, calendar, facts), facts)
    return replace(found, inputs={**found.inputs, **facts.as_inputs()})


def _uninformed(rule: Rule, plain: Window, pack: Pack, calendar: Calendar, facts: Facts) -> Window:
    """The window of a shopper who was told late or never: open longer, and closed at the latest so."""
    if rule.uninformed is None or not (facts.never_informed or facts.informed):
        return plain
    began = max((facts.start, *facts.parcels))
    anchor = plain.due_at - timedelta(microseconds=1) if rule.uninformed.from_end else began
    longest = window_of(rule=rule, pack=pack, calendar=calendar, start=anchor, length=rule.uninformed.length)
    if facts.informed is None:
        return longest
    late = window_of(rule=rule, pack=pack, calendar=calendar, start=max(facts.informed, began))
    return min(longest, late, key=lambda window: window.due_at)


def _withheld(rule: Rule, window: Window, facts: Facts) -> Window:
    """A payment that may wait for the goods or proof of their dispatch is due that day at the latest."""
    release = facts.earliest(rule.withhold_until)
    if release is None or release < window.due_at:
        return window
    day = local_day(release, rule.zone)
    return replace(window, last_day=day, due_at=midnight_after(day, rule.zone))
