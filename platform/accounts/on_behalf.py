"""What two members of staff do on somebody's behalf: freeze, recover, ask for an erasure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from accounts import freezing
from accounts.joint_acts import Signed, Step
from accounts.models import AccountFreeze
from kernel.errors import N_, DomainError
from privacy import requests
from privacy.models import Request
from privacy.states import Channel, Identity, RequestKind


class OwnAccount(DomainError):
    code = "on_behalf_own"
    message = N_("This is the account of one of you two. Leave it to other colleagues.")


@dataclass(frozen=True, slots=True)
class FreezeFor(Step):
    """Somebody else sits in the account: nobody gets in any more."""

    kind: ClassVar[str] = "accounts.freeze_for"
    permission: ClassVar[str] = "accounts.freeze_account"
    words: ClassVar[str] = N_("Freeze an account")

    subject_id: UUID


@dataclass(frozen=True, slots=True)
class RecoverFor(Step):
    """An identity document was checked: undo what the thief did, and let the owner in."""

    kind: ClassVar[str] = "accounts.recover_for"
    permission: ClassVar[str] = "accounts.freeze_account"
    words: ClassVar[str] = N_("Give an account back to its owner")

    subject_id: UUID


@dataclass(frozen=True, slots=True)
class EraseFor(Step):
    """The person asked by telephone or paper: an erasure is asked for, with its days to think."""

    kind: ClassVar[str] = "accounts.erase_for"
    permission: ClassVar[str] = "privacy.answer_request"
    words: ClassVar[str] = N_("Ask for an erasure on behalf of a person")

    subject_id: UUID


STEPS = {step.kind: step for step in (FreezeFor, RecoverFor, EraseFor)}


def freeze(step: FreezeFor, signed: Signed, at: datetime) -> AccountFreeze:
    """:raises OwnAccount, NotFound: nothing changes then"""
    _require_others(step.subject_id, signed)
    return freezing.freeze(subject_id=step.subject_id, actor=signed.actor, at=at)


def recover(step: RecoverFor, signed: Signed, at: datetime) -> AccountFreeze:
    """:raises OwnAccount, NotFrozen: nothing changes then"""
    _require_others(step.subject_id, signed)
    return freezing.recover(subject_id=step.subject_id, actor=signed.actor, at=at)


def erase(step: EraseFor, signed: Signed, at: datetime) -> Request:
    """:raises OwnAccount: nothing is asked for then"""
    _require_others(step.subject_id, signed)
    return requests.ask(
        subject_id=step.subject_id,
        kind=RequestKind.ERASE,
        channel=Channel.STAFF,
        identity=Identity.OFFICER,
        actor=signed.actor,
        at=at,
    )


def _require_others(subject_id: UUID, signed: Signed) -> None:
    if subject_id in (signed.proposed_by, signed.confirmed_by):
        raise OwnAccount()
