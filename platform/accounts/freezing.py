"""An account in other hands: frozen at once, given back to its owner later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import changing, deadlines, sessions, tokens, undoing
from accounts.events import AccountFrozen, AccountRecovered
from accounts.finding import account_of_subject
from accounts.models import AccountFreeze, Changed, FreezeState
from deadlines import booking
from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from notifications.kinds import Value
from notifications.sending import send
from outbox import bus


class AccountIsFrozen(DomainError):
    code = "account_is_frozen"
    message = N_("This account is frozen, because somebody else may have been in it. Get it back first.")
    status = 403


class NotFrozen(DomainError):
    code = "account_not_frozen"
    message = N_("This account isn't frozen.")


def running(subject_id: UUID) -> AccountFreeze | None:
    """The freeze that holds now, if there is one."""
    return AccountFreeze.objects.filter(subject_id=subject_id).exclude(state=FreezeState.ENDED).first()


def is_frozen(subject_id: UUID) -> bool:
    return running(subject_id) is not None


def any_frozen(subject_ids: Iterable[UUID]) -> bool:
    """Whether the account of one of them is in a freeze now."""
    held = AccountFreeze.objects.filter(subject_id__in=list(subject_ids)).exclude(state=FreezeState.ENDED)
    return held.exists()


def all_running() -> list[AccountFreeze]:
    """Every freeze that holds now, the oldest first."""
    return list(AccountFreeze.objects.exclude(state=FreezeState.ENDED).order_by("frozen_at", "pk"))


def require_free(subject_id: UUID) -> None:
    """Called by whatever moves money, keys or data for an account. :raises AccountIsFrozen:"""
    if is_frozen(subject_id):
        raise AccountIsFrozen


@transaction.atomic
def freeze(*, subject_id: UUID, actor: Actor, at: datetime) -> AccountFreeze:
    """End every session and token and let nobody in; the same again changes nothing.

    :raises NotFound: the subject has no account
    """
    user = account_of_subject(subject_id, lock=True)
    if user is None:
        raise NotFound
    held = running(subject_id)
    if held is not None:
        return held
    held = AccountFreeze.objects.create(subject_id=subject_id, frozen_by=str(actor), frozen_at=at)
    sessions.end_all(user_id=user.pk)
    tokens.revoke_all(subject_id=subject_id, at=at)
    changing.note(subject_id=subject_id, kind=Changed.FROZEN, actor=actor, at=at, reference=str(held.pk))
    _tell(held, "accounts.frozen", at=at)
    bus.publish(AccountFrozen(subject_id=subject_id), at=at)
    return held


@transaction.atomic
def ask_recovery(*, subject_id: UUID, actor: Actor, at: datetime) -> AccountFreeze:
    """The owner has proved a contact that the account had before: the waiting time runs from here.

    :raises NotFrozen: there is nothing to recover
    """
    held = _locked(subject_id)
    if held.state == FreezeState.WAITING:
        return held
    held.state = FreezeState.WAITING
    held.recovery_due_at = deadlines.book_recovery(held, at=at)
    held.save(update_fields=["state", "recovery_due_at"])
    changing.note(
        subject_id=subject_id, kind=Changed.RECOVERY_ASKED, actor=actor, at=at, reference=str(held.pk)
    )
    _tell(held, "accounts.recovery_asked", at=at)
    return held


@transaction.atomic
def recover(*, subject_id: UUID, actor: Actor, at: datetime) -> AccountFreeze:
    """Undo what was changed, void the password, and let the owner in by the contacts of before.

    Called when the waiting time is over, or by an officer who has checked an identity document.

    :raises NotFrozen: nothing is frozen
    """
    held = _locked(subject_id)
    since = held.frozen_at - deadlines.undo_days(at)
    undoing.undo_since(subject_id=subject_id, since=since, actor=actor, at=at)
    held.state, held.ended_at = FreezeState.ENDED, at
    held.save(update_fields=["state", "ended_at"])
    booking.meet(kind=deadlines.RECOVERY, reference=held.pk, at=at)
    changing.note(subject_id=subject_id, kind=Changed.RECOVERED, actor=actor, at=at, reference=str(held.pk))
    _tell(held, "accounts.recovered", at=at)
    bus.publish(AccountRecovered(subject_id=subject_id), at=at)
    return held


def to_review(subject_id: UUID) -> AccountFreeze | None:
    """The recovery after which the owner hasn't yet looked through the account."""
    return AccountFreeze.objects.filter(
        subject_id=subject_id, state=FreezeState.ENDED, reviewed_at__isnull=True
    ).first()


def reviewed(*, subject_id: UUID, at: datetime) -> None:
    """The owner has a new password and has seen who else could get in."""
    AccountFreeze.objects.filter(
        subject_id=subject_id, state=FreezeState.ENDED, reviewed_at__isnull=True
    ).update(reviewed_at=at)


def _locked(subject_id: UUID) -> AccountFreeze:
    held = (
        AccountFreeze.objects.select_for_update()
        .filter(subject_id=subject_id)
        .exclude(state=FreezeState.ENDED)
        .first()
    )
    if held is None:
        raise NotFrozen
    return held


def _tell(held: AccountFreeze, kind: str, *, at: datetime) -> None:
    params: dict[str, Value] = {"at": at, "path": undoing.RECOVERY_PATH}
    if kind == "accounts.recovery_asked" and held.recovery_due_at:
        params["due"] = held.recovery_due_at
    send(subject_id=held.subject_id, kind=kind, reference=held.pk, params=params, at=at)
