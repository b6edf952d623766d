"""Looking out for unusual looking: many people in an hour, without cause, or a large file taken away.

It counts beside the requests, each minute, so that a page pays nothing for it; what it finds is told once per
reader, cause and day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet

from kernel.actor import ActorKind
from outbox import bus
from privacy.access_words import UNANNOUNCED
from privacy.events import UnusualAccess
from privacy.models import AccessAlarm, AccessRecord, AlarmCause, Export, LookUp
from rulebook import policies

POLICY = "privacy.access_watch"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Found:
    actor: str
    cause: AlarmCause
    people: int


def watch(*, at: datetime) -> int:
    """Count the last hour; gives the number of new alarms."""
    limits, since = policies.value(POLICY, at), at - HOUR
    looks = AccessRecord.objects.filter(at__gt=since, at__lte=at)
    found = [
        *_many_people(looks, limits["people_per_hour"]),
        *_counted(looks.filter(purpose=UNANNOUNCED), AlarmCause.UNANNOUNCED),
        *_counted(looks.filter(expected=False).exclude(purpose=UNANNOUNCED), AlarmCause.OUTSIDE_QUEUE),
        *_many_searches(since, at, int(limits["searches_per_hour"])),
        *_large_files(since, at, int(limits["people_per_file"])),
    ]
    return sum(_raise_alarm(each, since=since, at=at) for each in found)


def _by_actor(looks: QuerySet[AccessRecord]) -> Iterable[tuple[str, int]]:
    return looks.order_by().values_list("actor").annotate(people=Count("subject_id", distinct=True))


def _many_people(looks: QuerySet[AccessRecord], limits: dict[str, Any]) -> list[_Found]:
    return [
        _Found(actor, AlarmCause.MANY_PEOPLE, people)
        for actor, people in _by_actor(looks)
        if people > int(limits.get(actor.partition(":")[0], limits["others"]))
    ]


def _counted(looks: QuerySet[AccessRecord], cause: AlarmCause) -> list[_Found]:
    return [_Found(actor, cause, people) for actor, people in _by_actor(looks)]


def _many_searches(since: datetime, at: datetime, limit: int) -> list[_Found]:
    rows = LookUp.objects.filter(at__gt=since, at__lte=at).order_by().values_list("actor")
    counted = rows.annotate(times=Count("id"))
    return [_Found(actor, AlarmCause.MANY_SEARCHES, times) for actor, times in counted if times > limit]


def _large_files(since: datetime, at: datetime, limit: int) -> list[_Found]:
    rows = Export.objects.filter(at__gt=since, at__lte=at, people__gt=limit).order_by("at")
    return [_Found(row.actor, AlarmCause.LARGE_EXPORT, row.people) for row in rows]


@transaction.atomic
def _raise_alarm(found: _Found, *, since: datetime, at: datetime) -> bool:
    """Once per actor, cause and day of UTC, also when two watchers find it at the same moment."""
    alarm, new = AccessAlarm.objects.get_or_create(
        actor=found.actor,
        cause=found.cause,
        day=at.date(),
        defaults={"people": found.people, "since": since, "at": at},
    )
    if new:
        bus.publish(UnusualAccess(alarm_id=alarm.pk, cause=str(found.cause)), at=at)
    return new


def people_concerned(alarm_id: UUID) -> list[UUID]:
    """Whose data the reader saw in the hour of the alarm, for those causes that people are told of."""
    alarm = AccessAlarm.objects.get(pk=alarm_id)
    if alarm.cause not in policies.value(POLICY, alarm.at)["people_are_told_of"]:
        return []
    looks = AccessRecord.objects.filter(actor=alarm.actor, at__gt=alarm.since, at__lte=alarm.at)
    if alarm.cause == AlarmCause.UNANNOUNCED:
        looks = looks.filter(purpose=UNANNOUNCED)
    if alarm.cause == AlarmCause.OUTSIDE_QUEUE:
        looks = looks.filter(expected=False)
    return sorted(set(looks.order_by().values_list("subject_id", flat=True)))


def staff_behind(alarm_id: UUID) -> UUID | None:
    """The member of staff whom it is about: no letter about oneself to oneself. None for a shop's member."""
    kind, _, whose = AccessAlarm.objects.get(pk=alarm_id).actor.partition(":")
    return UUID(whose) if kind == ActorKind.STAFF and whose else None


def alarm(alarm_id: UUID) -> AccessAlarm:
    return AccessAlarm.objects.get(pk=alarm_id)
