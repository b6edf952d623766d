"""The laws' clocks of an incident: they run from knowing, not from when we know whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from deadlines import booking
from law.counting import local_day
from law.rules import Pack, Rule
from law.windows import Window, window_of
from privacy.models import Breach, BreachClock, Subject
from privacy.states import Audience
from rulebook import current, promises

KIND = "privacy.breach"
AT_ONCE = "breach.at_once"
KNOWN, FLAW = "breach_known", "flaw_known"
# The law of the United Kingdom stands under the code that its packs use.
OTHER_CODES = {"GB": "UK"}


def start(breach: Breach, *, at: datetime) -> None:
    """Every law under which we hold anybody counts, until the scope shows that it doesn't apply."""
    places = set(Subject.objects.filter(erased_at__isnull=True).values_list("place", flat=True).distinct())
    for place in sorted(places | {current.HOME}):
        _start_place(breach, place, at=at)
    if breach.endangers_public:
        _start_flaw(breach, at=at)


def keep_only(breach: Breach, places: Iterable[str], *, at: datetime) -> None:
    """The scope is known: start what is missing, drop clocks of laws that protect nobody in it."""
    wanted = set(places)
    for place in sorted(wanted):
        _start_place(breach, place, at=at)
    for clock in breach.clocks.filter(met_at__isnull=True, dropped_at__isnull=True).exclude(place__in=wanted):
        if wanted and clock.place != current.HOME:
            booking.cancel(kind=KIND, reference=clock.pk, at=at)
            BreachClock.objects.filter(pk=clock.pk).update(dropped_at=at)


def meet(breach: Breach, audience: Audience, *, at: datetime) -> int:
    """It was told: every clock of this audience ends; gives how many ran."""
    return _end(breach, audience, at=at, column="met_at")


def drop(breach: Breach, audience: Audience, *, at: datetime) -> int:
    """Two people decided with reasons that nobody of this audience is told."""
    return _end(breach, audience, at=at, column="dropped_at")


def _end(breach: Breach, audience: Audience, *, at: datetime, column: str) -> int:
    running = breach.clocks.filter(audience=audience, met_at__isnull=True, dropped_at__isnull=True)
    for clock in running:
        if column == "met_at":
            booking.meet(kind=KIND, reference=clock.pk, at=at)
        else:
            booking.cancel(kind=KIND, reference=clock.pk, at=at)
    return running.update(**{column: at})


def _start_place(breach: Breach, place: str, *, at: datetime) -> None:
    for audience in Audience:
        _book(breach, place, audience, _window(place, audience, breach.noticed_at, at), at=at)


def _start_flaw(breach: Breach, *, at: datetime) -> None:
    pack = current.pack(current.HOME, at)
    rule = _rule(pack, FLAW, at)
    if rule is not None:
        window = _of(rule, pack, breach.noticed_at)
        _book(breach, current.HOME, Audience.AUTHORITY, window, at=at)


def _book(breach: Breach, place: str, audience: Audience, window: Window, *, at: datetime) -> None:
    clock, new = BreachClock.objects.get_or_create(
        breach=breach,
        place=place,
        audience=audience,
        rule_id=window.rule_id,
        defaults={"due_at": window.due_at},
    )
    if new:
        booking.book(kind=KIND, reference=clock.pk, at=at, **window.as_booking())


def _window(place: str, audience: Audience, noticed_at: datetime, at: datetime) -> Window:
    """The law's own number for the authority; for people, and where law says "at once", our promise."""
    try:
        pack = current.pack(OTHER_CODES.get(place, place), at)
    except (current.PlaceUnknown, current.PlaceTooWide, current.PackNotInForce):
        pack = None
    rule = _rule(pack, KNOWN, at) if pack and audience is Audience.AUTHORITY else None
    if pack is None or rule is None:
        return promises.due(AT_ONCE, start=noticed_at, at=at)
    return _of(rule, pack, noticed_at)


def _of(rule: Rule, pack: Pack, start: datetime) -> Window:
    return window_of(rule=rule, pack=pack, calendar=current.calendar(pack.place), start=start)


def _rule(pack: Pack, trigger: str, at: datetime) -> Rule | None:
    rules = pack.in_force(local_day(at, pack.zone))
    return next((rule for rule in rules if rule.trigger == trigger and rule.length is not None), None)
