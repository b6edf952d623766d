"""Children's accounts: declared by band, strict by default, asked anew when the age is due to change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from deadlines import booking
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from law.counting import local_day, midnight_after
from privacy import ages, consent, subjects
from privacy.deadlines import PROOF_DECISION
from privacy.models import AgeBand, MinorProfile
from privacy.states import AgeSource, ProofState
from rulebook import current, promises

AGE_BORDER = "privacy.age_border"
ASK_AGAIN = "minors.ask_again"
ADULT = "adult"


class AgeKnown(DomainError):
    code = "minor_age_known"
    message = N_("This account is a minor's. A guardian can change the age, or you can when it is due.")


class BorderInThePast(Invalid):
    code = "minor_border_in_the_past"
    message = N_("Give the month of the next birthday that matters, not one that has passed.")


@transaction.atomic
def declare(
    *, subject_id: UUID, band: str, border_on: date | None = None, actor: Actor, at: datetime
) -> MinorProfile | None:
    """Say how old the account's person is; `border_on` is the first day of the next band, if told.

    A minor can't grow up by a press of their own: only a guardian, or they when their age was due to change.

    :raises AgeKnown: BorderInThePast
    """
    subjects.locked(subject_id)
    held = MinorProfile.objects.select_for_update(no_key=True).filter(subject_id=subject_id).first()
    if held is not None and held.ended_at is None:
        _may_change(held, actor)
    if border_on is not None and border_on <= local_day(at, _zone(at)):
        raise BorderInThePast(field="border_on")
    booking.cancel(kind=AGE_BORDER, reference=subject_id, at=at)
    if band == ADULT:
        _grown_up(held, at=at)
        return None
    values = {"band": AgeBand(band), "declared_at": at, "asked_anew_at": None, "ended_at": None}
    values["source"] = _source(subject_id, actor)
    profile, _ = MinorProfile.objects.update_or_create(subject_id=subject_id, defaults=values)
    _strict(subject_id, actor, at)
    _ask_again(subject_id, border_on, at=at)
    return profile


def on_age_border(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The age may have changed: the person and their guardians are asked, and strict rules stay till then."""
    MinorProfile.objects.filter(subject_id=reference, ended_at=None, asked_anew_at=None).update(
        asked_anew_at=due_at
    )


def _may_change(held: MinorProfile, actor: Actor) -> None:
    guardian = ages.watches_over(guardian_id=actor.subject_id, minor_id=held.subject_id)
    if not (guardian or actor.is_staff or actor.is_system or held.asked_anew_at):
        raise AgeKnown


def _source(subject_id: UUID, actor: Actor) -> AgeSource:
    """Whose word the band rests on; a guardian's counts for more once their proof was accepted."""
    if actor.is_staff:
        return AgeSource.STAFF
    link = ages.standing().filter(minor_id=subject_id, guardian_id=actor.subject_id).first()
    if link is None:
        return AgeSource.DECLARED
    return AgeSource.PROVEN if link.proof_state == ProofState.ACCEPTED else AgeSource.GUARDIAN


def _grown_up(held: MinorProfile | None, *, at: datetime) -> None:
    """Guardians lose their say with the age that gave it to them."""
    if held is None or held.ended_at is not None:
        return
    held.ended_at = at
    held.save(update_fields=["ended_at"])
    for link_id in ages.standing().filter(minor_id=held.subject_id).values_list("pk", flat=True):
        booking.cancel(kind=PROOF_DECISION, reference=link_id, at=at)
    ages.standing().filter(minor_id=held.subject_id).update(ended_at=at)


def _strict(subject_id: UUID, actor: Actor, at: datetime) -> None:
    """What minors don't get is taken back, with a receipt."""
    locale = subjects.locked(subject_id).locale
    for purpose in sorted(consent.NOT_FOR_MINORS):
        consent.withdraw(subject_id=subject_id, purpose=purpose, language=locale, actor=actor, at=at)


def _ask_again(subject_id: UUID, border_on: date | None, *, at: datetime) -> None:
    window = promises.due(ASK_AGAIN, start=at, at=at)
    if border_on is not None:
        last_day = border_on - timedelta(days=1)
        window = replace(window, last_day=last_day, due_at=midnight_after(last_day, _zone(at)), inputs={})
    booking.book(kind=AGE_BORDER, reference=subject_id, at=at, **window.as_booking())


def _zone(at: datetime) -> str:
    return current.pack(current.HOME, at).zone
