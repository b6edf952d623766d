"""What providers told us, after a while: the id and the digest stay, what it said goes."""

from __future__ import annotations

from datetime import datetime, timedelta

from payments.models import ProviderNotice
from rulebook import policies

POLICY = "payments.notice_days"


def old_bodies(*, at: datetime, limit: int) -> int:
    """The money stands in charges, refunds and the books; a repeated notice is still known by its id."""
    before = at - timedelta(days=policies.number(POLICY, at))
    found = list(ProviderNotice.objects.done_with(before).values_list("pk", flat=True)[:limit])
    return ProviderNotice.objects.filter(pk__in=found).update(body=None)
