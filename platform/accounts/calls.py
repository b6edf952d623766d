"""Calls that can be checked, and reports of those who pretend to be us."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import CallCode, LookalikeReport, StaffSession
from kernel.actor import Actor
from kernel.errors import N_, Invalid, NotFound
from rulebook import policies

WORDS_LENGTH = 2000


class NothingSaid(Invalid):
    code = "report_empty"
    message = N_("Tell us the address of the page, or what happened.")


@transaction.atomic
def make_code(*, session: StaffSession, subject_id: UUID, at: datetime) -> CallCode:
    """The digits that the caller says; the person sees the same ones in their account."""
    minutes = policies.number("staff.call_minutes", at)
    return CallCode.objects.create(
        session=session,
        subject_id=subject_id,
        role=session.role,
        code=f"{secrets.randbelow(10**6):06d}",
        made_at=at,
        ends_at=at + timedelta(minutes=minutes),
    )


def codes_of(subject_id: UUID, *, at: datetime) -> list[CallCode]:
    """Calls that one of us makes to this person right now."""
    return list(CallCode.objects.filter(subject_id=subject_id, ends_at__gt=at).order_by("-made_at"))


@transaction.atomic
def report(*, subject_id: UUID, address: str, words: str, at: datetime) -> LookalikeReport:
    """Keep what somebody saw, for the security desk. :raises NothingSaid:"""
    if not address.strip() and not words.strip():
        raise NothingSaid(field="words")
    found = LookalikeReport(subject_id=subject_id, address=address.strip().partition("?")[0][:300], at=at)
    found.words = words.strip()[:WORDS_LENGTH]
    found.save(force_insert=True)
    return found


def to_handle() -> list[LookalikeReport]:
    """Reports that nobody has dealt with, the oldest first."""
    return list(LookalikeReport.objects.filter(handled_at=None).order_by("at", "id")[:100])


@transaction.atomic
def handle(*, report_id: UUID, actor: Actor, at: datetime) -> None:
    """Dealt with. :raises NotFound: absent or handled before"""
    done = LookalikeReport.objects.filter(pk=report_id, handled_at=None).update(
        handled_by=actor.subject_id, handled_at=at
    )
    if not done:
        raise NotFound()
