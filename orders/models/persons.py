"""Whom a coupon counts for: a guest that was linked to an account is the account's person."""

from __future__ import annotations

import pgtrigger

# The caller holds the subject's row, so a link is either seen here or waits for this row.
_WHOSE = """
NEW.person := coalesce(
    (SELECT owner_id FROM accounts_linkedsubject WHERE guest_id = NEW.subject_id), NEW.subject_id
);
RETURN NEW;
"""


def whose(name: str) -> pgtrigger.Trigger:
    """Fills `person` when a row is written; whoever writes it can't say another."""
    return pgtrigger.Trigger(name=name, when=pgtrigger.Before, operation=pgtrigger.Insert, func=_WHOSE)
