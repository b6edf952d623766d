"""What happens when a clock of accounts runs out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts import deadlines, freezing, tokens
from accounts.events import AccountFrozen
from accounts.models import AccountFreeze, FreezeState
from kernel.actor import Actor
from web import security_log


def on_recovery_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The waiting time is over and nobody objected: the owner gets the account."""
    held = AccountFreeze.objects.filter(pk=reference, state=FreezeState.WAITING).first()
    if held is not None:
        freezing.recover(subject_id=held.subject_id, actor=Actor.system(), at=at)
        security_log.note("recovered", person=held.subject_id)


def on_account_frozen(event: AccountFrozen, *, at: datetime) -> None:
    """What acts for the account from elsewhere stops too: its programs and whoever holds a mandate of it."""
    tokens.revoke_all(subject_id=event.subject_id, at=at)


OUTCOMES = {deadlines.RECOVERY: on_recovery_due}
