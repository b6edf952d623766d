"""Disruptions of the platform: what staff tell everybody while something doesn't work, and afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from notifications.disruption_lifecycle import DISRUPTION, Component, Stage
from notifications.models import Disruption, DisruptionUpdate

LANGUAGES = ("zh-hans", "zh-hant", "en")
TITLE_LIMIT, WORDS_LIMIT = 120, 1000


class DisruptionUnsaid(Invalid):
    code = "disruption_unsaid"
    message = N_("Say it in all three languages: title at most 120, words at most 1,000 characters.")


class NothingConcerned(Invalid):
    code = "disruption_concerns_nothing"
    message = N_("Choose what is concerned.")


class NotYetStarted(Invalid):
    code = "disruption_not_yet_started"
    message = N_("A disruption starts now or earlier, not later.")


class DisruptionOver(DomainError):
    code = "disruption_over"
    message = N_("This disruption is over. Enter a new one if it has come back.")


@transaction.atomic
def begin(
    *,
    title: Mapping[str, str],
    words: Mapping[str, str],
    components: Sequence[Component],
    started_at: datetime,
    actor: Actor,
    at: datetime,
) -> Disruption:
    """Tell everybody what doesn't work; `started_at` may lie before `at` (aware).

    :raises DisruptionUnsaid: :raises NothingConcerned: :raises NotYetStarted:
    """
    if not components:
        raise NothingConcerned(field="components")
    if started_at > at:
        raise NotYetStarted(field="started_at")
    made = Disruption.objects.create(
        title=_said(title, TITLE_LIMIT),
        components=sorted({str(each) for each in components}),
        started_at=started_at,
        entered_at=at,
        entered_by=str(actor),
    )
    _write(made, words, actor=actor, at=at)
    return made


@transaction.atomic
def update(
    *, disruption_id: UUID, stage: Stage, words: Mapping[str, str], actor: Actor, at: datetime
) -> Disruption:
    """Say how it goes on; `stage` may stay what it was, and RESOLVED ends it now.

    :raises DisruptionUnsaid: :raises DisruptionOver: :raises IllegalMove: :raises NotFound:
    """
    held = Disruption.objects.select_for_update(no_key=True).filter(pk=disruption_id).first()
    if held is None:
        raise NotFound
    if held.ended_at is not None:
        raise DisruptionOver
    if stage != held.stage:
        held.stage = DISRUPTION.target(held.stage, MOVE_TO[stage])
        held.ended_at = at if held.stage == Stage.RESOLVED else None
    _write(held, words, actor=actor, at=at)
    held.save(update_fields=["stage", "ended_at"])
    return held


MOVE_TO = {
    Stage.INVESTIGATING: "come_back",
    Stage.IDENTIFIED: "identify",
    Stage.WATCHING: "watch",
    Stage.RESOLVED: "resolve",
}


def next_stages(held: Disruption) -> list[Stage]:
    """The stage it has, and those it can go to; none once it is over."""
    if held.ended_at is not None:
        return []
    return [each for each in Stage if each == held.stage or DISRUPTION.allows(held.stage, MOVE_TO[each])]


def running() -> list[Disruption]:
    """What doesn't work now, the newest first, with its updates."""
    return list(history().filter(ended_at=None))


def history() -> QuerySet[Disruption]:
    """All there ever were, the newest first, with their updates."""
    return Disruption.objects.prefetch_related("updates").order_by("-started_at", "-id")


def _write(held: Disruption, words: Mapping[str, str], *, actor: Actor, at: datetime) -> None:
    DisruptionUpdate.objects.create(
        disruption=held, stage=held.stage, words=_said(words, WORDS_LIMIT), at=at, entered_by=str(actor)
    )


def _said(texts: Mapping[str, str], limit: int) -> dict[str, str]:
    said = {language: texts.get(language, "").strip() for language in LANGUAGES}
    if not all(0 < len(each) <= limit for each in said.values()):
        raise DisruptionUnsaid
    return said
