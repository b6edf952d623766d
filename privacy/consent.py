"""Asking for a consent, giving it, taking it back: both ways are one step, and each leaves a receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from evidence import log
from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from kernel.ids import public_number
from outbox import bus
from privacy import ages, commitments
from privacy.events import ConsentGiven, ConsentWithdrawn
from privacy.models import ConsentChoice, ConsentEvent, ConsentPurpose, Subject
from rulebook import texts
from rulebook.texts import Text

LEAF = "privacy.consent"


class WordingChanged(DomainError):
    code = "consent_wording_changed"
    message = N_("The wording has changed since you opened the page. Read the new one, then choose again.")


class NotForMinors(DomainError):
    code = "consent_not_for_minors"
    message = N_(
        "Minors get no personalisation and no letters about offers, so there is nothing to agree to."
    )


class GuardianDecides(DomainError):
    code = "consent_guardian_decides"
    message = N_(
        "Where you live a parent or guardian says yes for people under %(age)s, and that includes your age"
        " band. Invite them on the page for minors."
    )


# What the strict defaults of a minor's account leave out altogether.
NOT_FOR_MINORS = frozenset({ConsentPurpose.PERSONALISATION, ConsentPurpose.MARKETING})


@dataclass(frozen=True, slots=True)
class Standing:
    """One purpose as it stands for a person: the wording in force and their last answer, if any."""

    purpose: ConsentPurpose
    text: Text
    last: ConsentEvent | None
    outdated: bool

    @property
    def given(self) -> bool:
        return self.last is not None and self.last.choice == ConsentChoice.GIVEN and not self.outdated

    @property
    def undecided(self) -> bool:
        return self.last is None or self.outdated


def slug_of(purpose: str) -> str:
    return f"consent.{purpose}"


def given(*, subject_id: UUID, purpose: ConsentPurpose, at: datetime) -> bool:
    """Whether the person's last answer is a yes to words that still cover the purpose."""
    last = _last(subject_id, purpose)
    if last is None or last.choice != ConsentChoice.GIVEN:
        return False
    return not texts.asks_for_more(slug_of(purpose), since=last.text_version, at=at)


def standings(*, subject_id: UUID | None, at: datetime) -> list[Standing]:
    """Every purpose that is asked about; for nobody yet (None) all are undecided."""
    answers: dict[str, ConsentEvent] = {}
    if subject_id is not None:
        for each in ConsentEvent.objects.filter(subject_id=subject_id).order_by("at", "id"):
            answers[each.purpose] = each
    return [_standing(purpose, answers.get(purpose), at) for purpose in ConsentPurpose]


def receipts(*, subject_id: UUID) -> list[ConsentEvent]:
    """Every answer the person ever gave, newest first."""
    return list(ConsentEvent.objects.filter(subject_id=subject_id).order_by("-at", "-id"))


@transaction.atomic
def answer(
    *,
    subject_id: UUID,
    purpose: ConsentPurpose,
    agree: bool,
    version: int,
    language: str,
    actor: Actor,
    at: datetime,
) -> ConsentEvent:
    """Write a yes or a no to the words of `version` as shown in `language`; the same again changes nothing.

    :raises WordingChanged: another version is in force by now; NotForMinors, GuardianDecides
    :raises NotFound: there is no such person any more
    """
    _lock(subject_id)
    last = _last(subject_id, purpose)
    had = last is not None and last.choice == ConsentChoice.GIVEN
    if last is not None and had and not agree:
        return _replace(last, ConsentChoice.WITHDRAWN, language, actor, at)
    if agree:
        _may_agree(subject_id, purpose, actor, at)
    text = texts.current(slug_of(purpose), at)
    if text.version != version:
        raise WordingChanged
    if last is not None and last.text_version == version and agree == had:
        return last
    choice = ConsentChoice.GIVEN if agree else ConsentChoice.REFUSED
    return _write(last, text, choice, subject_id, purpose, language, actor, at)


@transaction.atomic
def withdraw(
    *, subject_id: UUID, purpose: ConsentPurpose, language: str, actor: Actor, at: datetime
) -> ConsentEvent | None:
    """Take a consent back, whatever wording is in force; None if there was none to take back."""
    _lock(subject_id)
    last = _last(subject_id, purpose)
    if last is None or last.choice != ConsentChoice.GIVEN:
        return None
    return _replace(last, ConsentChoice.WITHDRAWN, language, actor, at)


def _replace(
    last: ConsentEvent, choice: ConsentChoice, language: str, actor: Actor, at: datetime
) -> ConsentEvent:
    """Another answer to the very words of the last one."""
    text = texts.of_version(last.slug, last.text_version)
    return _write(last, text, choice, last.subject_id, last.purpose, language, actor, at)


def _write(
    last: ConsentEvent | None,
    text: Text,
    choice: ConsentChoice,
    subject_id: UUID,
    purpose: str,
    language: str,
    actor: Actor,
    at: datetime,
) -> ConsentEvent:
    made = ConsentEvent.objects.create(
        number=public_number("Y"),
        subject_id=subject_id,
        purpose=purpose,
        choice=choice,
        text_version=text.version,
        language=language,
        sha256=text.sha256(language),
        actor=str(actor),
        at=at,
        previous=last,
    )
    log.queue(label=LEAF, reference=made.pk, commitment=_commitment(made), at=at)
    if choice == ConsentChoice.GIVEN:
        bus.publish(ConsentGiven(subject_id, str(purpose)), at=at)
    elif choice == ConsentChoice.WITHDRAWN:
        bus.publish(ConsentWithdrawn(subject_id, str(purpose)), at=at)
    return made


def _commitment(made: ConsentEvent) -> bytes:
    payload = {
        "number": made.number,
        "purpose": made.purpose,
        "choice": made.choice,
        "version": made.text_version,
        "sha256": made.sha256,
        "at": made.at.isoformat(),
    }
    return commitments.commit(subject_id=made.subject_id, label=LEAF, reference=made.pk, payload=payload)


def _standing(purpose: ConsentPurpose, last: ConsentEvent | None, at: datetime) -> Standing:
    slug = slug_of(purpose)
    outdated = last is not None and texts.asks_for_more(slug, since=last.text_version, at=at)
    return Standing(purpose, texts.current(slug, at), last, outdated)


def _may_agree(subject_id: UUID, purpose: ConsentPurpose, actor: Actor, at: datetime) -> None:
    """Below the age of the law the guardian answers; for no minor is there a yes to what minors don't get."""
    if purpose in NOT_FOR_MINORS and ages.is_minor(subject_id):
        raise NotForMinors
    guarded = ages.needs_guardian(subject_id, at=at)
    if guarded and not ages.watches_over(guardian_id=actor.subject_id, minor_id=subject_id):
        raise GuardianDecides(age=ages.consent_age(subject_id, at=at))


def _last(subject_id: UUID, purpose: str) -> ConsentEvent | None:
    """The answer that no other one replaces."""
    held = ConsentEvent.objects.filter(subject_id=subject_id, purpose=purpose)
    return held.order_by("-at", "-id").first()


def _lock(subject_id: UUID) -> None:
    """Two answers at once come one after the other."""
    held = Subject.objects.select_for_update(no_key=True).filter(pk=subject_id, erased_at=None).first()
    if held is None:
        raise NotFound
