"""A shop's promises on all its goods: chosen with their terms, withdrawn with notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog import promise_law
from catalog.events import ShopPromiseChanged
from catalog.models import Category, ShopPromise
from catalog.promises import UnknownPromise, promise
from evidence import log
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from law.windows import Window
from merchants.models import Merchant
from outbox import bus
from privacy import commitments
from rulebook import promises

NOTICE = "promise.withdrawal"
LABEL = "catalog.promise"


class AlreadyPromised(Invalid):
    code = "already_promised"
    message = N_("The shop promises this already. Withdraw it first if its terms should change.")


class CategoryUnknown(Invalid):
    code = "promise_category_unknown"
    message = N_("There is no category “%(category)s”. Choose from the list.")


class StartsTooEarly(Invalid):
    code = "promise_starts_too_early"
    message = N_("A promise can begin now or later. Choose today or a day to come.")


class ShopMayNotPromise(DomainError):
    code = "shop_may_not_promise"
    message = N_("Only a shop that trades can promise something new. See how the shop stands, and why.")


class AlreadyWithdrawn(DomainError):
    code = "promise_already_withdrawn"
    message = N_("This promise is withdrawn already. It ends on the day that is shown.")


@dataclass(frozen=True, slots=True)
class Terms:
    """Which promise, from when (None: at once), for which categories (none: all goods)."""

    key: str
    categories: tuple[str, ...] = ()
    starts_at: datetime | None = None


@transaction.atomic
def choose(*, merchant_id: UUID, terms: Terms, actor: Actor, at: datetime) -> ShopPromise:
    """Promise it to everybody who orders from its first instant on.

    :raises UnknownPromise, CategoryUnknown, StartsTooEarly, AlreadyPromised: with the field to change
    :raises NotAboveTheLaw: naming the rule that gives as much anyway
    :raises ShopMayNotPromise: while the shop isn't trading
    """
    merchant = Merchant.objects.locked(merchant_id)
    if not merchant.may_publish:
        raise ShopMayNotPromise
    categories = _checked(terms, at)
    rows = ShopPromise.objects.filter(merchant=merchant, key=terms.key)
    if rows.filter(withdrawn_at__isnull=True).exists():
        raise AlreadyPromised(field="key")
    row = ShopPromise.objects.create(
        merchant=merchant,
        key=terms.key,
        version=rows.count() + 1,
        categories=categories,
        starts_at=terms.starts_at or at,
        chosen_at=at,
        chosen_by=str(actor),
    )
    _told(row, merchant, at=at)
    return row


@transaction.atomic
def withdraw(*, promise_id: UUID, merchant_id: UUID, actor: Actor, at: datetime) -> ShopPromise:
    """Give notice: orders until its end still have it, and orders that were placed keep it for good.

    :raises NotFound: another shop's :raises AlreadyWithdrawn:
    """
    merchant = Merchant.objects.locked(merchant_id)
    row = ShopPromise.objects.filter(merchant=merchant, pk=promise_id).first()
    if row is None:
        raise NotFound
    if not row.stands:
        raise AlreadyWithdrawn
    row.withdrawn_at, row.withdrawn_by = at, str(actor)
    row.ends_at = max(notice(at=at).due_at, row.starts_at)
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "ends_at"])
    _told(row, merchant, at=at)
    return row


def notice(*, at: datetime) -> Window:
    """From withdrawal to the first instant at which nobody gets it any more."""
    return promises.due(NOTICE, start=at, at=at)


def of_shop(merchant_id: UUID) -> list[ShopPromise]:
    """Everything it ever promised, what stands first."""
    rows = ShopPromise.objects.filter(merchant_id=merchant_id)
    return sorted(rows.order_by("-chosen_at", "-id"), key=lambda row: not row.stands)


def _checked(terms: Terms, at: datetime) -> list[str]:
    made = promise(terms.key)
    if made is None:
        raise UnknownPromise(field="key", promise=terms.key[:40])
    categories = sorted(set(terms.categories))
    known = set(Category.objects.filter(pk__in=categories).values_list("pk", flat=True))
    for each in categories:
        if each not in known:
            raise CategoryUnknown(field="categories", category=each[:40])
    if terms.starts_at is not None and terms.starts_at < at:
        raise StartsTooEarly(field="starts_on")
    promise_law.require_above(made, categories=categories, at=at)
    return categories


def _told(row: ShopPromise, merchant: Merchant, *, at: datetime) -> None:
    """Copy what stands to the shop's row, where pages and orders read it; prove and hand on what changed."""
    rows = ShopPromise.objects.filter(merchant=merchant).order_by("chosen_at", "id")
    merchant.promises = [_entry(each) for each in rows if each.ends_at is None or each.ends_at > at]
    merchant.save(update_fields=["promises"])
    sealed = commitments.commit(
        subject_id=merchant.subject_id, label=LABEL, reference=row.pk, payload=dict(_entry(row))
    )
    log.queue(label=LABEL, reference=row.pk, commitment=sealed, at=at)
    bus.publish(ShopPromiseChanged(row.pk, merchant.pk, row.key, row.version, row.stands), at=at)


def _entry(row: ShopPromise) -> Mapping[str, Any]:
    return {
        "id": str(row.pk),
        "key": row.key,
        "version": row.version,
        "categories": row.categories,
        "from": row.starts_at.isoformat(),
        "until": row.ends_at.isoformat() if row.ends_at else None,
    }
