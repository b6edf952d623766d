"""Drafts of complaints that nobody filed don't lie for ever."""

from __future__ import annotations

from datetime import datetime

from complaints.models import ComplaintDraft
from privacy import retention


def old_drafts(*, at: datetime, limit: int) -> int:
    """Take away drafts that were not touched for the policy's days; gives how many."""
    before = at - retention.days("draft_days", at)
    stale = ComplaintDraft.objects.filter(saved_at__lt=before).order_by("saved_at")
    gone = list(stale.values_list("pk", flat=True)[:limit])
    ComplaintDraft.objects.filter(pk__in=gone).delete()
    return len(gone)
