"""Playing the script: a day is one transaction, done or not, so it can be taken up again after anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from credit import grading
from demo import planning
from demo.acting import ACTS, MOVES_MONEY
from demo.clockwork import wound
from demo.models import Mark
from demo.script import CHINA, Script, Step
from demo.stage import Stage
from kernel.actor import Actor
from kernel.errors import DomainError
from outbox import platform_clock
from payments import book_checks

SCRIPT, WHOLE = "script", "whole"
GRADED_EVERY_DAYS = 4

Report = Callable[[int, str], None]


class NotHere(RuntimeError):
    """The demo marketplace is never made in production."""


@dataclass(frozen=True, slots=True)
class Played:
    """`refused` counts the steps that the rules of the trade refused, by error code."""

    script: Script
    steps: int
    refused: dict[str, int]


def make(*, now: datetime, small: bool = False, report: Report = lambda percent, text: None) -> Played:
    """Make what is still missing of the demonstration; whole already, it does nothing.

    `now` is the real instant; the first call's is where the demonstration ends.
    :raises NotHere: in production
    """
    if settings.PRODUCTION:
        raise NotHere("The demo marketplace is never made in production.")
    begun, _ = Mark.objects.get_or_create(key=SCRIPT, defaults={"at": now})
    script = planning.plan(begun.at, small=small)
    if Mark.objects.filter(key=WHOLE).exists():
        return Played(script, 0, {})
    # Stays noted if this breaks off: a half-made past must not be swept by today's clock either.
    platform_clock.note_played(played=True)
    with _without_post():
        played = _play(script, report)
    with transaction.atomic():
        book_checks.run(at=script.ends)
        Mark.objects.create(key=WHOLE, at=script.ends)
        platform_clock.note_played(played=False)
    return played


def small(*, now: datetime) -> Played:
    """A demonstration of about 40 orders, for tests."""
    return make(now=now, small=True)


@contextmanager
def _without_post() -> Iterator[None]:
    """Letters of the past go to inboxes only: nobody gets four months of e-mail today."""
    before = settings.NOTIFICATION_CHANNELS
    settings.NOTIFICATION_CHANNELS = ("in_app",)
    try:
        yield
    finally:
        settings.NOTIFICATION_CHANNELS = before


def _play(script: Script, report: Report) -> Played:
    days = list(script.by_day())
    whole = sum(len(steps) for _, steps in days)
    done = set(Mark.objects.filter(reference=None).values_list("key", flat=True))
    played = 0
    with wound(script.local(0, 0)) as clockwork:
        stage = Stage(script, clockwork)
        for day, steps in days:
            if f"day:{day}" not in done:
                _play_day(
                    stage, day, steps, until=min(script.local((day - script.begins).days, 24), script.ends)
                )
            played += len(steps)
            report(100 * played // whole, f"playing {day}, {stage.told()}")
    return Played(script, whole, dict(stage.refused))


def _play_day(stage: Stage, day: date, steps: Sequence[Step], *, until: datetime) -> None:
    """First without savepoints, which are two statements of five; a day with a refusal needs them."""
    morning = stage.at
    try:
        with transaction.atomic(), _without_savepoints():
            _take_all(stage, steps, until=until)
            Mark.objects.create(key=f"day:{day}", at=until)
    except (DomainError, KeyError, TransactionManagementError):
        stage.forget_today()
        stage.clockwork.go_back(morning)
        with transaction.atomic():
            _take_all(stage, steps, until=until, tolerant=True)
            Mark.objects.create(key=f"day:{day}", at=until)


def _take_all(stage: Stage, steps: Sequence[Step], *, until: datetime, tolerant: bool = False) -> None:
    for step in steps:
        stage.clockwork.move_to(step.at)
        try:
            with transaction.atomic():
                ACTS[step.act](stage, step)
        except (DomainError, KeyError) as refusal:
            if not tolerant:
                raise
            _count(stage, step, refusal)
        stage.clockwork.hand_on()
        if step.act in MOVES_MONEY:
            stage.clockwork.let_money_move()
    stage.clockwork.move_to(until - timedelta(seconds=1))
    stage.clockwork.let_money_move()
    if until.astimezone(CHINA).toordinal() % GRADED_EVERY_DAYS == 0 or until == stage.ends:
        grading.recalculate_all(at=stage.at, actor=Actor.system())
        stage.clockwork.hand_on()
    stage.write_down()


def _count(stage: Stage, step: Step, refusal: Exception) -> None:
    """What the rules refuse doesn't happen; the story goes on without it."""
    code = refusal.code if isinstance(refusal, DomainError) else "name_unknown"
    stage.refused[f"{step.act}: {code}"] += 1


@contextmanager
def _without_savepoints() -> Iterator[None]:
    """Any error inside then ends the whole transaction."""
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        connection.features.uses_savepoints = True
