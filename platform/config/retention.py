"""Sweeps that look over several rooms: guests who never bought, accounts that were never proved, sessions."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import BrowserSession, User
from merchants.models import Membership, Merchant
from orders.models import CartLine, Purchase
from privacy import erasure, retention
from privacy.models import Request, Subject
from web import idempotency, kept


def guests_without_orders(*, at: datetime, limit: int) -> int:
    """Visitors who put something aside and never bought: their keys go, and with them what they left."""
    before = at - retention.days("guest_days", at)

    def has(model: type, name: str = "subject_id") -> Exists:
        return Exists(model._base_manager.filter(**{name: OuterRef("pk")}))  # type: ignore[attr-defined]

    busy = Exists(CartLine._base_manager.filter(subject_id=OuterRef("pk"), added_at__gte=before))
    idle = Subject.objects.filter(created_at__lt=before, erased_at__isnull=True).exclude(
        has(User) | has(Purchase) | has(Merchant) | has(Membership) | has(Request) | busy
    )
    found = list(idle.order_by("created_at", "id").values_list("pk", flat=True)[:limit])
    for subject_id in found:
        erasure.forget(subject_id=subject_id, at=at)
    return len(found)


def unproved_accounts(*, at: datetime, limit: int) -> int:
    """Accounts whose address was never proved, and that did nothing since."""
    before = at - retention.days("unproved_days", at)
    proved = Exists(EmailAddress._base_manager.filter(user=OuterRef("pk"), verified=True))
    used = Exists(Purchase._base_manager.filter(subject_id=OuterRef("subject_id")))
    stale = User.objects.filter(joined_at__lt=before, is_staff=False, last_login__isnull=True)
    found = list(
        stale.exclude(proved | used).order_by("joined_at", "id").values_list("subject_id", flat=True)[:limit]
    )
    for subject_id in found:
        erasure.forget(subject_id=subject_id, at=at)
    return len(found)


def form_keys(*, at: datetime, limit: int) -> int:
    """Keys of forms that were sent and answered; their own hours are the web floor's."""
    return idempotency.reap(at=at)


def run_out_limits(*, at: datetime, limit: int) -> int:
    """Counters of tries from when the cache was away."""
    return kept.prune(limit=limit)


def ended_sessions(*, at: datetime, limit: int) -> int:
    """Browsers whose sign-in has run out, by the real clock: a shifted one signs nobody out."""
    over = BrowserSession.objects.filter(expire_date__lt=timezone.now()).order_by("expire_date")
    gone = list(over.values_list("pk", flat=True)[:limit])
    BrowserSession.objects.filter(pk__in=gone).delete()
    return len(gone)
