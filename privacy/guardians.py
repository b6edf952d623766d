"""Guardians: invited by a code, bound by their own consent, dated, and free to leave."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from deadlines import booking
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from kernel.ids import ALPHABET
from outbox import bus
from privacy import ages, blind_index, subjects
from privacy.consent import WordingChanged
from privacy.deadlines import PROOF_DECISION
from privacy.events import GuardianEnded, GuardianJoined
from privacy.models import GuardianLink
from rulebook import promises, texts

TEXT = "consent.guardian"
CODE_LENGTH = 10
INVITATION = "minors.invitation"


class CodeUnknown(Invalid):
    code = "guardian_code_unknown"
    message = N_("This code isn't valid, or its time is over. Let the child make a new one.")


class GuardianUnfit(DomainError):
    code = "guardian_unfit"
    message = N_("A guardian has to be a grown-up with an account of their own.")


class NotAMinor(DomainError):
    code = "guardian_not_needed"
    message = N_("This account isn't a minor's, so it needs no guardian.")


class LimitNegative(Invalid):
    code = "guardian_limit_negative"
    message = N_("A limit is zero or more.")


@transaction.atomic
def invite(*, minor_id: UUID, actor: Actor, at: datetime) -> tuple[GuardianLink, str]:
    """A code that the child gives to a guardian; only its digest is kept. Earlier codes end.

    :raises NotAMinor:
    """
    subjects.locked(minor_id)
    if not ages.is_minor(minor_id):
        raise NotAMinor
    waiting = GuardianLink.objects.filter(minor_id=minor_id, accepted_at=None, ended_at=None)
    waiting.update(ended_at=at)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    window = promises.due(INVITATION, start=at, at=at)
    link = GuardianLink.objects.create(
        minor_id=minor_id, code_digest=_digest(code), invited_at=at, expires_at=window.due_at
    )
    return link, code


@transaction.atomic
def accept(
    *,
    code: str,
    guardian_id: UUID,
    version: int,
    language: str,
    actor: Actor,
    at: datetime,
) -> GuardianLink:
    """Become the guardian in the words of `version`; the code is spent.

    :raises CodeUnknown: GuardianUnfit, WordingChanged
    """
    link = GuardianLink.objects.select_for_update(no_key=True).filter(code_digest=_digest(code)).first()
    if link is None or link.accepted_at or link.ended_at or at >= link.expires_at:
        raise CodeUnknown(field="code")
    if guardian_id == link.minor_id or ages.is_minor(guardian_id):
        raise GuardianUnfit
    text = texts.current(TEXT, at)
    if text.version != version:
        raise WordingChanged
    if ages.watches_over(guardian_id=guardian_id, minor_id=link.minor_id):
        link.ended_at = at
        link.save(update_fields=["ended_at"])
        return ages.standing().get(guardian_id=guardian_id, minor_id=link.minor_id)
    link.guardian_id, link.accepted_at = guardian_id, at
    link.text_version, link.sha256 = version, text.sha256(language)
    link.save(update_fields=["guardian", "accepted_at", "text_version", "sha256"])
    bus.publish(GuardianJoined(link.minor_id, guardian_id), at=at)
    return link


@transaction.atomic
def end(*, link_id: UUID, actor: Actor, at: datetime) -> GuardianLink:
    """The guardian takes the consent back; from here on nobody decides for the child but the strict rules.

    :raises NotFound: for anybody else's link
    """
    link = _own(link_id, actor)
    link.ended_at = at
    link.save(update_fields=["ended_at"])
    booking.cancel(kind=PROOF_DECISION, reference=link.pk, at=at)
    bus.publish(GuardianEnded(link.minor_id, link.guardian_id or link.minor_id), at=at)
    return link


@transaction.atomic
def set_limit(*, link_id: UUID, limit_minor: int | None, actor: Actor, at: datetime) -> GuardianLink:
    """What the child may spend per order without asking, in fen; None is the platform's default.

    :raises LimitNegative: NotFound
    """
    if limit_minor is not None and limit_minor < 0:
        raise LimitNegative(field="limit")
    link = _own(link_id, actor)
    link.order_limit_minor = limit_minor
    link.save(update_fields=["order_limit_minor"])
    return link


def _own(link_id: UUID, actor: Actor) -> GuardianLink:
    link = ages.standing().select_for_update(no_key=True).filter(pk=link_id).first()
    if link is None or (link.guardian_id != actor.subject_id and not actor.is_staff):
        raise NotFound
    return link


def _digest(code: str) -> str:
    """Keyed, so that a copy of the table gives no code away; read aloud, O is 0 and I or L is 1."""
    spelt = code.strip().upper().replace("-", "").translate(str.maketrans("OIL", "011"))
    return blind_index.of("guardian-code", spelt)
