"""What keeps an account from being erased for now: a freeze after a theft, and working for the platform."""

from __future__ import annotations

from uuid import UUID

from accounts.finding import account_of_subject
from accounts.freezing import is_frozen
from kernel.errors import N_
from privacy.obstacles import Obstacle

FROZEN = N_("The account is frozen, because somebody else may be in it. Get it back first.")
STAFF = N_("You work for the platform. Your appointment has to end first.")


def obstacles(subject_id: UUID) -> list[Obstacle]:
    user = account_of_subject(subject_id)
    if user is None:
        return []
    found = [Obstacle("account_frozen", FROZEN)] if is_frozen(subject_id) else []
    return [*found, Obstacle("staff", STAFF)] if user.is_staff else found
