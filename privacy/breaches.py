"""An incident with people's data, step by step: opened, scoped, decided by two, told, closed and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from evidence import log
from evidence.canonical import canonical
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from kernel.ids import public_number
from law import privacy as law_privacy
from outbox import bus
from privacy import breach_clocks
from privacy.breach_scope import ScopeQuery, subjects_of
from privacy.events import BreachOpened, BreachOverdue, BreachTold, PersonConcerned
from privacy.models import Breach, BreachClock, BreachMove, BreachPerson, GuardianLink, Subject
from privacy.states import BREACH, Audience, BreachState
from rulebook import current

# How long the record of an incident is kept: as long as the law has us keep assessments.
LANGUAGES = ("zh-hans", "zh-hant", "en")
KEEPING = "cn.privacy.assessment_retention"


class NoticedLater(Invalid):
    code = "privacy_noticed_later"
    message = N_("It can't have been noticed after now, nor before it began. Look at the dates again.")


class WordsMissing(Invalid):
    code = "privacy_words_missing"
    message = N_(
        "People read this in three languages. Write all three: what happened, what it means, what to do."
    )


class SecondPersonNeeded(DomainError):
    code = "privacy_second_person_needed"
    message = N_("You decided this yourself. A second officer has to agree, or to send it back.")


@dataclass(frozen=True, slots=True)
class Report:
    """What the officer writes down first; texts name nobody."""

    what: str
    how_noticed: str
    happened_from: datetime
    happened_to: datetime | None
    noticed_at: datetime
    endangers_public: bool = False
    drill: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who gets a letter, in which language, and whether they read it for a minor."""

    subject_id: UUID
    locale: str
    guardian: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """Whom to tell, why, what was done about it, and the words for people in each language."""

    tell_authority: bool
    tell_persons: bool
    reasons: str
    measures: str
    words: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def open_breach(*, report: Report, actor: Actor, at: datetime) -> Breach:
    """Write the incident down; every law's clock runs from when it was noticed.

    :raises NoticedLater:
    """
    if not report.happened_from <= report.noticed_at <= at:
        raise NoticedLater()
    made = Breach.objects.create(
        number=public_number("D" if report.drill else "B"),
        drill=report.drill,
        what=report.what,
        how_noticed=report.how_noticed,
        endangers_public=report.endangers_public,
        happened_from=report.happened_from,
        happened_to=report.happened_to,
        noticed_at=report.noticed_at,
        opened_at=at,
        opened_by=str(actor),
    )
    _record(made, "open", "", actor=actor, at=at)
    breach_clocks.start(made, at=at)
    bus.publish(BreachOpened(made.pk, made.drill), at=at)
    return made


@transaction.atomic
def scope(*, breach_id: UUID, query: ScopeQuery, actor: Actor, at: datetime) -> Breach:
    """Find whom it concerns; asked again, the answer replaces the one before.

    :raises ScopeUnclear: ColumnNotCounted, IllegalMove
    """
    breach = Breach.objects.locked(breach_id)
    BREACH.target(breach.state, "scope")
    found = Subject.objects.filter(pk__in=subjects_of(query), erased_at__isnull=True)
    breach.concerned.all().delete()
    people = [BreachPerson(breach=breach, subject=one, place=one.place) for one in found.order_by("pk")]
    BreachPerson.objects.bulk_create(people, batch_size=1000)
    _move(
        breach, "scope", actor=actor, at=at, note=f"{len(people)} people",
        columns=list(query.columns), query=query.stored(), persons=len(people),
    )  # fmt: skip
    breach_clocks.keep_only(breach, {one.place for one in people}, at=at)
    return breach


@transaction.atomic
def propose(*, breach_id: UUID, decision: Decision, actor: Actor, at: datetime) -> Breach:
    """The first officer's decision. :raises WordsMissing: IllegalMove"""
    breach = Breach.objects.locked(breach_id)
    words = {language: decision.words.get(language, "").strip() for language in LANGUAGES}
    if decision.tell_persons and not all(words.values()):
        raise WordsMissing()
    _move(
        breach, "propose", actor=actor, at=at, proposed_by=str(actor), tell_authority=decision.tell_authority,
        tell_persons=decision.tell_persons, reasons=decision.reasons, measures=decision.measures,
        words=words,
    )  # fmt: skip
    return breach


@transaction.atomic
def reject(*, breach_id: UUID, actor: Actor, at: datetime) -> Breach:
    """The second officer sends it back. :raises IllegalMove:"""
    breach = Breach.objects.locked(breach_id)
    _move(breach, "reject", actor=actor, at=at)
    return breach


@transaction.atomic
def confirm(*, breach_id: UUID, actor: Actor, at: datetime) -> Breach:
    """The second officer agrees; clocks of whoever is not told, with reasons, end.

    :raises SecondPersonNeeded: IllegalMove
    """
    breach = Breach.objects.locked(breach_id)
    if breach.proposed_by == str(actor):
        raise SecondPersonNeeded()
    _move(breach, "confirm", actor=actor, at=at, confirmed_by=str(actor), decided_at=at)
    for audience, told in _audiences(breach):
        if not told:
            breach_clocks.drop(breach, audience, at=at)
    return breach


@transaction.atomic
def notify(*, breach_id: UUID, actor: Actor, at: datetime) -> Breach:
    """The authority has its report and the people get their letters; a drill writes to nobody.

    :raises IllegalMove:
    """
    breach = Breach.objects.locked(breach_id)
    told = _tell_persons(breach, at=at) if breach.tell_persons else 0
    _move(breach, "notify", actor=actor, at=at, note=f"{told} letters")
    for audience, tell in _audiences(breach):
        if tell:
            breach_clocks.meet(breach, audience, at=at)
    bus.publish(BreachTold(breach.pk, breach.drill), at=at)
    return breach


@transaction.atomic
def close(*, breach_id: UUID, actor: Actor, at: datetime) -> Breach:
    """Done; the record stays as long as the law has us keep it. :raises IllegalMove:"""
    breach = Breach.objects.locked(breach_id)
    pack = current.pack(current.HOME, at)
    kept = law_privacy.kept_until(
        pack=pack, calendar=current.calendar(current.HOME), rule_id=KEEPING, since=at, at=at
    )
    for audience in Audience:
        breach_clocks.drop(breach, audience, at=at)
    _move(breach, "close", actor=actor, at=at, closed_at=at, keep_until=kept.due_at)
    return breach


@transaction.atomic
def on_clock_over(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """A law's clock ran out before anybody was told: officers hear of it, the figures show it."""
    clock = BreachClock.objects.select_related("breach").get(pk=reference)
    if clock.met_at is None and clock.dropped_at is None and clock.overdue_at is None:
        BreachClock.objects.filter(pk=clock.pk).update(overdue_at=due_at)
        _record(clock.breach, "overdue", clock.breach.state, actor=Actor.system(), at=at, note=clock.rule_id)
        bus.publish(BreachOverdue(clock.breach_id, clock.place, due_at), at=at)


def readers_of(subject_id: UUID) -> list[Reader]:
    """Who reads a letter to this person: they themselves and, for a minor, every guardian; no erased one."""
    links = GuardianLink.objects.filter(minor_id=subject_id, accepted_at__isnull=False, ended_at__isnull=True)
    wanted = [subject_id, *links.values_list("guardian_id", flat=True)]
    alive = Subject.objects.filter(pk__in=wanted, erased_at__isnull=True)
    return [Reader(one.pk, one.locale, one.pk != subject_id) for one in alive]


def one(breach_id: UUID) -> Breach:
    """:raises NotFound:"""
    found = Breach.objects.filter(pk=breach_id).first()
    if found is None:
        raise NotFound()
    return found


def figures() -> dict[str, int]:
    """Incidents that were none of drill: by state, and clocks missed."""
    rows = Breach.objects.filter(drill=False).values_list("state").annotate(number=Count("id"))
    found = {str(state): 0 for state in BreachState} | dict(rows)
    missed = BreachClock.objects.filter(breach__drill=False, overdue_at__isnull=False)
    return {**found, "clocks_missed": missed.count()}


def _tell_persons(breach: Breach, *, at: datetime) -> int:
    waiting = breach.concerned.filter(written_at__isnull=True)
    if breach.drill:
        return waiting.count()
    for person in waiting.order_by("id").iterator():
        bus.publish(PersonConcerned(breach.pk, person.subject_id), at=at)
    return waiting.update(written_at=at)


def _audiences(breach: Breach) -> tuple[tuple[Audience, bool], ...]:
    return ((Audience.AUTHORITY, breach.tell_authority), (Audience.PERSONS, breach.tell_persons))


def _move(
    breach: Breach, name: str, *, actor: Actor, at: datetime, note: str = "", **changes: object
) -> None:
    before, breach.state = breach.state, BREACH.target(breach.state, name)
    for column, value in changes.items():
        setattr(breach, column, value)
    breach.save(update_fields=["state", *changes])
    _record(breach, name, before, actor=actor, at=at, note=note)


def _record(breach: Breach, name: str, before: str, *, actor: Actor, at: datetime, note: str = "") -> None:
    """The trail, and a leaf over it: nothing in it is about a person, so it needs no salt."""
    BreachMove.objects.create(
        breach=breach, name=name, from_state=before, to_state=breach.state, note=note, actor=str(actor), at=at
    )
    said = {
        "breach": breach.number,
        "move": name,
        "to": str(breach.state),
        "note": note,
        "at": at.isoformat(),
    }
    label = f"privacy.breach.{name}"
    digest = hashlib.sha256(label.encode() + b"\0" + canonical(said)).digest()
    log.queue(label=label, reference=breach.pk, commitment=digest, at=at)
