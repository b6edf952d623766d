"""What keeps an account from being erased for now: a freeze after a theft, and working for the platform."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.deadlines import undo_days
from accounts.finding import account_of_subject
from accounts.freezing import is_frozen
from accounts.models import AccountChange, KnownDevice
from kernel.errors import N_
from privacy.obstacles import Obstacle

FROZEN = N_("The account is frozen, because somebody else may be in it. Get it back first.")
STAFF = N_("You work for the platform. Your appointment has to end first.")


def changed_lately(*, subject_id: UUID, at: datetime) -> bool:
    """Whether a contact, a proof or a browser came within the days in which a change can be undone.

    A young account's first browser is no news.
    """
    since = at - undo_days(at)
    user = account_of_subject(subject_id)
    if user is None:
        return False
    changed = AccountChange.objects.filter(subject_id=subject_id, at__gt=since).exists()
    newcomer = user.joined_at <= since and KnownDevice.objects.filter(user=user, first_at__gt=since).exists()
    return changed or newcomer


def obstacles(subject_id: UUID) -> list[Obstacle]:
    user = account_of_subject(subject_id)
    if user is None:
        return []
    found = [Obstacle("account_frozen", FROZEN)] if is_frozen(subject_id) else []
    return [*found, Obstacle("staff", STAFF)] if user.is_staff else found
