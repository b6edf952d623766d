"""Opening what the law has us keep of an erased person: one officer asks, another one approves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import transaction

from accounts import joint_acts
from accounts.joint_acts import Signed, Step
from kernel.actor import Actor
from kernel.errors import N_
from privacy import kept_data
from privacy.kept_data import By
from privacy.models import KeptOpening


@dataclass(frozen=True, slots=True)
class OpenKept(Step):
    """For some minutes both may look; the opening says at whose data, for which paper and why."""

    kind: ClassVar[str] = "privacy.open_kept"
    permission: ClassVar[str] = "privacy.open_kept"
    words: ClassVar[str] = N_("Open what is kept of an erased person")

    opening_id: UUID


@transaction.atomic
def propose(
    *, by: By, number: str, purpose: str, reference: str, reason: str, actor: Actor, at: datetime
) -> KeptOpening:
    """Find the erased person, write down why, and wait for a second officer.

    :raises NobodyErased, PurposeMissing, ReasonMissing, NothingKept: nothing is written then
    """
    subject_id = kept_data.find(by=by, number=number)
    opening = kept_data.ask(
        subject_id=subject_id, purpose=purpose, reference=reference, reason=reason, actor=actor, at=at
    )
    joint_acts.propose(step=OpenKept(opening.pk), actor=actor, at=at)
    return opening


def approve(step: OpenKept, signed: Signed, at: datetime) -> KeptOpening:
    """:raises SameOfficer, NothingKept: nothing opens then"""
    return kept_data.approve(opening_id=step.opening_id, actor=signed.actor, at=at)


def waits(opening_id: UUID, *, at: datetime) -> bool:
    """Whether a second officer may still decide; refused and run out are over."""
    return any(
        act.parameters.get("opening_id") == str(opening_id)
        for act in joint_acts.waiting(at=at)
        if act.kind == OpenKept.kind
    )
