"""Whose account a contact opens the recovery of: one that it has now or had a short while ago."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts import freezing
from accounts.deadlines import undo_days
from accounts.finding import account_of_contact
from accounts.models import FormerContact


def frozen_account(pseudonym: str, *, at: datetime) -> UUID | None:
    """The subject of the frozen account that has, or had in the undoable days, this contact.

    The former holder comes first: who took the account may have put their own contact in.
    """
    former = FormerContact.objects.filter(pseudonym=pseudonym, replaced_at__gte=open_since(at))
    user = account_of_contact(pseudonym)
    candidates = [each.subject_id for each in former.order_by("-replaced_at")] + (
        [user.subject_id] if user else []
    )
    return next((one for one in candidates if freezing.is_frozen(one)), None)


def open_since(at: datetime) -> datetime:
    """Contacts that were replaced before this open nothing any more."""
    return at - 2 * undo_days(at)
