"""Two people for one step: the first proposes it, another one confirms it, and only then it is done.

Each step is a frozen dataclass of ids, codes and whole numbers; config hands in the table of what they do.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, get_type_hints
from uuid import UUID

from django.db import transaction

from accounts.models import JointAct
from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from rulebook import policies


class SamePerson(DomainError):
    code = "joint_act_same_person"
    message = N_("Somebody else must confirm what you have proposed.")


class AlreadyDecided(DomainError):
    code = "joint_act_decided"
    message = N_("This step was decided before.")


class AlreadyProposed(DomainError):
    code = "joint_act_waits"
    message = N_("The same step already waits for a second person.")


class Expired(DomainError):
    code = "joint_act_expired"
    message = N_("The time for the second person is over. Propose the step again if it is still needed.")


class Step:
    """Base of what takes two people. `permission` is asked of both."""

    __slots__ = ()
    kind: ClassVar[str]
    permission: ClassVar[str]
    words: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Signed:
    """Who stands behind a step that is being done; `actor` is the one who confirmed."""

    act_id: UUID
    proposed_by: UUID
    confirmed_by: UUID
    actor: Actor


Doing = Callable[[Any, Signed, datetime], object]
_table: dict[type[Step], Doing] = {}


def connect(table: Mapping[type[Step], Doing]) -> None:
    """Put the house's table of joint steps in place; replaces what was there."""
    _table.clear()
    _table.update(table)


def steps() -> list[type[Step]]:
    return list(_table)


@transaction.atomic
def propose(*, step: Step, actor: Actor, at: datetime) -> JointAct:
    """Write down what is to be done; nothing is done yet.

    :raises AlreadyProposed: the same step waits already; NotFound: for anybody but staff
    """
    proposer = _staff(actor)
    if type(step) not in _table:
        raise LookupError(f"{step.kind} is not in the table of joint steps")
    parameters = {each.name: _plain(getattr(step, each.name)) for each in dataclasses.fields(step)}  # type: ignore[arg-type]
    digest = hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()
    if JointAct.objects.filter(kind=step.kind, digest=digest, state="waiting", expires_at__gt=at).exists():
        raise AlreadyProposed()
    _let_expired_go(step.kind, digest, proposer, at)
    hours = policies.number("staff.joint_act_hours", at)
    return JointAct.objects.create(
        kind=step.kind,
        parameters=parameters,
        digest=digest,
        proposed_by=proposer,
        proposed_at=at,
        expires_at=at + timedelta(hours=hours),
    )


@transaction.atomic
def confirm(*, act_id: UUID, actor: Actor, at: datetime) -> JointAct:
    """Do what another person has proposed, in this transaction.

    :raises SamePerson, AlreadyDecided, Expired: nothing was done then
    """
    act = _decide(act_id, JointAct.State.CONFIRMED, actor, at)
    step_type = kind_of(act)
    signed = Signed(act.pk, act.proposed_by, _staff(actor), actor)
    _table[step_type](step_of(act), signed, at)
    return act


@transaction.atomic
def refuse(*, act_id: UUID, actor: Actor, at: datetime) -> JointAct:
    """:raises SamePerson, AlreadyDecided: nothing changes then"""
    return _decide(act_id, JointAct.State.REFUSED, actor, at)


def kind_of(act: JointAct) -> type[Step]:
    return next(each for each in _table if each.kind == act.kind)


def step_of(act: JointAct) -> Step:
    """What stands in the row, as it was proposed."""
    cls = kind_of(act)
    hints = get_type_hints(cls)
    return cls(**{name: _rich(hints[name], value) for name, value in act.parameters.items()})


def waiting(*, at: datetime) -> list[JointAct]:
    """What a second person may still decide, the oldest first."""
    return list(JointAct.objects.filter(state="waiting", expires_at__gt=at).order_by("proposed_at", "id"))


def _decide(act_id: UUID, state: str, actor: Actor, at: datetime) -> JointAct:
    act = JointAct.objects.select_for_update(no_key=True).filter(pk=act_id).first()
    if act is None:
        raise NotFound()
    if act.state != JointAct.State.WAITING:
        raise AlreadyDecided()
    if act.proposed_by == _staff(actor):
        raise SamePerson()
    if state == JointAct.State.CONFIRMED and at >= act.expires_at:
        raise Expired()
    act.state, act.decided_by, act.decided_at = state, _staff(actor), at
    act.save(update_fields=["state", "decided_by", "decided_at"])
    return act


def _let_expired_go(kind: str, digest: str, proposer: UUID, at: datetime) -> None:
    """A step that ran out unseen makes room for the same one; only another person can have missed it."""
    stale = JointAct.objects.filter(kind=kind, digest=digest, state="waiting", expires_at__lte=at)
    for act in stale.exclude(proposed_by=proposer):
        act.state, act.decided_by, act.decided_at = JointAct.State.REFUSED, proposer, at
        act.save(update_fields=["state", "decided_by", "decided_at"])


def _staff(actor: Actor) -> UUID:
    if not actor.is_staff or actor.subject_id is None:
        raise NotFound()
    return actor.subject_id


def _plain(value: object) -> str | int | list[str] | None:
    if value is None or isinstance(value, int | str):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"a joint step carries ids, codes and numbers, not {type(value).__name__}")


def _rich(hint: Any, value: Any) -> Any:
    if value is None or hint not in (UUID, datetime):
        return value
    return UUID(value) if hint is UUID else datetime.fromisoformat(value)
