"""Letters go when nobody needs them any more."""

from __future__ import annotations

from datetime import datetime

from notifications.models import Letter
from privacy import retention


def old_letters(*, at: datetime, limit: int) -> int:
    """Take away letters older than the policy's days, with their copies; gives how many."""
    before = at - retention.days("letter_days", at)
    stale = Letter.objects.filter(created_at__lt=before).order_by("created_at")
    gone = list(stale.values_list("pk", flat=True)[:limit])
    Letter.objects.filter(pk__in=gone).delete()
    return len(gone)
