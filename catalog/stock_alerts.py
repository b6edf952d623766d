"""Telling people once, in the order in which they asked, that a variant can be bought again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from catalog import offers
from catalog.finding_states import AlertState
from catalog.lifecycle import ListingState, VariantState
from catalog.models import Listing, Stock, StockAlert, Variant
from catalog.wish_list import reader
from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from merchants.lifecycle import SELLING
from notifications.sending import send
from privacy import subjects
from rulebook import policies, texts

POLICY, TEXT, LETTER = "catalog.stock_alerts", "notice.stock_alert", "catalog.back_in_stock"


class InStockNow(DomainError):
    code = "stock_alert_not_needed"
    message = N_("It is in stock now, so there is nothing to wait for.")


class TooManyAlerts(DomainError):
    code = "stock_alerts_too_many"
    message = N_("You wait for %(most)s things already. End one of these first.")


@transaction.atomic
def ask(*, variant_id: UUID, language: str, actor: Actor, at: datetime) -> StockAlert:
    """Wait for a sold-out variant of what is on sale; asked again, it changes nothing.

    :raises NotFound: nobody is signed in, or it isn't offered :raises InStockNow: :raises TooManyAlerts:
    """
    subject_id = reader(actor)
    # So that many presses at once don't pass the limit together.
    subjects.locked(subject_id)
    variant = Variant.objects.select_related("listing").get_or_not_found(
        pk=variant_id, state=VariantState.ACTIVE, listing__in=Listing.objects.live()
    )
    mine = StockAlert.objects.filter(subject_id=subject_id, state=AlertState.WAITING)
    there = mine.filter(variant_id=variant_id).first()
    if there is not None:
        return there
    # Locked, so that pieces that come in meanwhile find whoever asks now.
    if any(row.available > 0 for row in Stock.objects.locked([variant_id])):
        raise InStockNow
    policy = policies.value(POLICY, at)
    if mine.count() >= policy["most"]:
        raise TooManyAlerts(most=policy["most"])
    alert, _made = StockAlert.objects.get_or_create(
        subject_id=subject_id,
        variant_id=variant_id,
        state=AlertState.WAITING,
        defaults={
            "listing_id": variant.listing_id,
            "asked_at": at,
            "expires_at": at + timedelta(days=policy["days"]),
            "text_version": texts.current(TEXT, at).version,
            "language": language,
        },
    )
    return alert


@transaction.atomic
def end(*, alert_id: UUID, actor: Actor, at: datetime) -> None:
    """Don't tell me any more; over already, it changes nothing. :raises NotFound: another person's"""
    mine = StockAlert.objects.filter(subject_id=reader(actor), pk=alert_id)
    if not mine.exists():
        raise NotFound
    mine.filter(state=AlertState.WAITING).update(state=AlertState.ENDED, ended_at=at)


def waiting_of(actor: Actor) -> Sequence[StockAlert]:
    """What the actor waits for, in the order of asking. :raises NotFound: nobody is signed in"""
    rows = StockAlert.objects.filter(subject_id=reader(actor), state=AlertState.WAITING)
    rows = rows.select_related("listing__live_revision").defer("listing__search", "listing__draft")
    return list(rows.order_by("asked_at", "id"))


@transaction.atomic
def tell(*, at: datetime, limit: int = 200) -> int:
    """Write to those who wait for what came back, oldest asking first; gives how many letters.

    What came back is marked on its stock by the database. The mark goes when nobody is left to tell, or when
    it can't be bought after all: an offer that is published again is looked at anew.
    """
    back = Stock.objects.filter(came_back=True).order_by("pk")
    marked = list(back.select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit])
    if not marked:
        return 0
    told = _claim([row.pk for row in marked if row.available > 0], at=at, limit=limit)
    for alert in told:
        _write(alert, at=at)
    if len(told) < limit:
        Stock.objects.filter(pk__in=[row.pk for row in marked]).update(came_back=False)
    return len(told)


def _claim(variant_ids: Iterable[UUID], *, at: datetime, limit: int) -> Sequence[StockAlert]:
    rows = StockAlert.objects.filter(
        state=AlertState.WAITING,
        expires_at__gt=at,
        variant_id__in=list(variant_ids),
        variant__state=VariantState.ACTIVE,
        listing__state=ListingState.LIVE,
        listing__merchant__state__in=[str(state) for state in SELLING],
    )
    rows = rows.select_for_update(of=("self",)).order_by("asked_at", "id")
    found = list(
        rows.select_related("listing__live_revision").defer("listing__search", "listing__draft")[:limit]
    )
    ids = [row.pk for row in found]
    StockAlert.objects.filter(pk__in=ids).update(state=AlertState.TOLD, ended_at=at)
    return found


def _write(alert: StockAlert, *, at: datetime) -> None:
    content = alert.listing.content
    choice = offers.choice_words(content, alert.variant_id, alert.language)
    title = offers.title(content, alert.language)
    path = f"{reverse('catalog:product', args=[alert.listing_id])}?variant={alert.variant_id}"
    params: dict[str, str | datetime] = {
        "goods": f"{title} ({choice})" if choice else title,
        "asked": alert.asked_at,
        "path": path,
    }
    send(subject_id=alert.subject_id, kind=LETTER, reference=alert.pk, params=params, at=at)


def look_again(**about: UUID) -> None:
    """On sale again (a `listing_id`, or all of a `listing__merchant_id`): who waits for it hears of it."""
    waiting = StockAlert.objects.filter(state=AlertState.WAITING, **about).values("variant")
    Stock.objects.filter(variant__in=waiting, on_hand__gt=F("reserved")).update(came_back=True)


@transaction.atomic
def run_out(*, at: datetime, limit: int) -> int:
    """End those whose time is over, and take away what ended long ago; gives how many of both."""
    late = StockAlert.objects.filter(state=AlertState.WAITING, expires_at__lte=at).order_by("expires_at")
    over = list(late.values_list("pk", flat=True)[:limit])
    StockAlert.objects.filter(pk__in=over).update(state=AlertState.EXPIRED, ended_at=at)
    before = at - timedelta(days=policies.value(POLICY, at)["kept_days"])
    old = StockAlert.objects.filter(ended_at__lt=before).order_by("ended_at")
    gone = list(old.values_list("pk", flat=True)[:limit])
    return max(len(over), StockAlert.objects.filter(pk__in=gone).delete()[0])
