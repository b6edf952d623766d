"""Sweeps that look over several rooms: guests who never bought, accounts that were never proved, sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts import leftovers as account_leftovers
from accounts.models import BrowserSession, SentMessage, User
from catalog import stock_alerts, wish_list
from complaints import retention as complaints_retention
from merchants.models import Membership, Merchant
from notifications import retention as letters_retention
from orders.models import CartLine, Purchase
from oversight import retention as oversight_retention
from payments import notice_retention
from privacy import erasure, guardian_proofs, leftovers, retention
from privacy.models import Request, Subject
from rulebook import policies
from web import idempotency, kept

LEFTOVERS = "privacy.leftovers"


def guests_without_orders(*, at: datetime, limit: int) -> int:
    """Visitors who put something aside and never bought: their keys go, and with them what they left."""
    before = at - retention.days("guest_days", at)

    def has(model: type, name: str = "subject_id") -> Exists:
        return Exists(model._base_manager.filter(**{name: OuterRef("pk")}))  # type: ignore[attr-defined]

    busy = Exists(CartLine._base_manager.filter(subject_id=OuterRef("pk"), added_at__gte=before))
    idle = (
        Subject.objects.filter(created_at__lt=before, erased_at__isnull=True)
        .exclude(has(User) | has(Purchase) | has(Merchant) | has(Membership) | has(Request) | busy)
        .exclude(oversight_retention.busy(since=before))
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


def sent_messages(*, at: datetime, limit: int) -> int:
    """That a code or a warning was ours: nobody asks about an old one."""
    before = at - timedelta(days=policies.number("accounts.message_days", at))
    found = SentMessage.objects.filter(at__lt=before).order_by("at").values_list("pk", flat=True)[:limit]
    return SentMessage.objects.filter(pk__in=list(found)).delete()[0]


def run_out_limits(*, at: datetime, limit: int) -> int:
    """Counters of tries from when the cache was away."""
    return kept.prune(limit=limit)


def ended_sessions(*, at: datetime, limit: int) -> int:
    """Browsers whose sign-in has run out, by the real clock: a shifted one signs nobody out."""
    over = BrowserSession.objects.filter(expire_date__lt=timezone.now()).order_by("expire_date")
    gone = list(over.values_list("pk", flat=True)[:limit])
    BrowserSession.objects.filter(pk__in=gone).delete()
    return len(gone)


def loose_secrets(*, at: datetime, limit: int) -> int:
    """What removed second factors left sealed, by the real clock in which their ids count."""
    days = policies.value(LEFTOVERS, at)["secret_days"]
    return account_leftovers.loose_secrets(before=timezone.now() - timedelta(days=days), limit=limit)


def unnamed_files(*, at: datetime, limit: int) -> int:
    """Sealed bytes that a killed process left without a row, by the real clock of the file store."""
    days = policies.value(LEFTOVERS, at)["file_days"]
    return leftovers.unnamed(before=timezone.now() - timedelta(days=days), limit=limit)


# What the nightly sweep takes away besides kept keys and copies, and how long it may lie (privacy.retention).
RETENTION: dict[str, retention.Sweep] = {
    "guests_without_orders": guests_without_orders,
    "unproved_accounts": unproved_accounts,
    "old_drafts": complaints_retention.old_drafts,
    "old_letters": letters_retention.old_letters,
    "ended_sessions": ended_sessions,
    "run_out_limits": run_out_limits,
    "sent_messages": sent_messages,
    "form_keys": form_keys,
    "loose_secrets": loose_secrets,
    "former_contacts": account_leftovers.former_contacts,
    "old_wishes": wish_list.forget_old,
    "stock_alerts": stock_alerts.run_out,
    "unnamed_files": unnamed_files,
    "guardian_proofs": guardian_proofs.sweep,
    "old_notices": notice_retention.old_bodies,
}
