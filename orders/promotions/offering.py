"""A shop makes a promotion and withdraws it; what it says never changes in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog import access as catalog
from catalog import offers
from catalog.models import Variant
from catalog.screening import folding
from evidence import log
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants.models import Merchant
from orders.models import Promotion, PromotionKind
from privacy import commitments
from rulebook import policies

LIMITS = "promotion.limits"
NAME_LENGTH = 40


class PromotionNameRefused(Invalid):
    code = "promotion_name_refused"
    message = N_("Give it a name of at most %(limit)s characters.")


class PromotionSumRefused(Invalid):
    code = "promotion_sum_refused"
    message = N_("Take off either a sum below the threshold, or a share from 0.1 % to 99.9 % with a most.")


class PromotionTimeRefused(Invalid):
    code = "promotion_time_refused"
    message = N_("A promotion ends after it begins, not in the past, and lasts at most %(days)s days.")


class PromotionNumberRefused(Invalid):
    code = "promotion_number_refused"
    message = N_("Enter how many there are (1 to %(most)s) and how many each buyer may have (1 to %(each)s).")


class PromotionCategoryUnknown(Invalid):
    code = "promotion_category_unknown"
    message = N_("There is no category “%(category)s”. Choose from the list.")


class GiftRefused(Invalid):
    code = "gift_refused"
    message = N_(
        "A gift is one of your own goods on sale, named by its code, with pieces from 1 to %(most)s and a"
        " value that isn't above its price."
    )


class GiftConditionMissing(Invalid):
    code = "gift_condition_missing"
    message = N_("Say from what sum on the gift comes, or with which of your goods on sale, by its code.")


class TooManyPromotions(DomainError):
    code = "too_many_promotions"
    message = N_("A shop has at most %(most)s promotions at a time. Withdraw one first.")


class ShopMayNotPromote(DomainError):
    code = "shop_may_not_promote"
    message = N_("Only a shop that trades can make a promotion. See how the shop stands, and why.")


class PromotionOver(DomainError):
    code = "promotion_over"
    message = N_("This promotion is over or withdrawn already.")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a shop wrote; sums in minor units, `off_permille` in thousandths. See models.promotions."""

    kind: str
    names: Mapping[str, str]
    from_minor: int
    starts_at: datetime
    ends_at: datetime
    off_minor: int | None = None
    off_permille: int | None = None
    most_minor: int | None = None
    categories: tuple[str, ...] = ()
    pieces: int | None = None
    each: int = 1
    gift_sku: str = ""
    gift_pieces: int = 1
    gift_minor: int | None = None
    with_sku: str = ""


@transaction.atomic
def make(*, merchant_id: UUID, terms: Terms, actor: Actor, at: datetime) -> Promotion:
    """Offer it from its first instant on.

    :raises PromotionNameRefused, PromotionSumRefused, PromotionTimeRefused: with the field to change
    :raises PromotionNumberRefused, PromotionCategoryUnknown: the same
    :raises GiftRefused, GiftConditionMissing: the same
    :raises TooManyPromotions: when the shop has as many as policy `promotion.limits` lets it
    :raises ShopMayNotPromote: while the shop isn't trading
    """
    merchant = Merchant.objects.locked(merchant_id)
    if not merchant.may_publish:
        raise ShopMayNotPromote
    limits = policies.value(LIMITS, at)
    names = _names(terms)
    _check_sum(terms)
    _check_time(terms, limits["days"], at)
    _check_numbers(terms, limits)
    _check_categories(terms)
    running = Promotion.objects.of_merchant(merchant_id).filter(ends_at__gt=at, withdrawn_at__isnull=True)
    if running.count() >= limits["at_a_time"]:
        raise TooManyPromotions(most=limits["at_a_time"])
    made = Promotion.objects.create(
        merchant=merchant,
        kind=terms.kind,
        names=names,
        from_minor=terms.from_minor,
        off_minor=terms.off_minor,
        off_permille=terms.off_permille,
        most_minor=terms.most_minor,
        categories=sorted(set(terms.categories)),
        starts_at=max(terms.starts_at, at),
        ends_at=terms.ends_at,
        pieces=terms.pieces if terms.kind != PromotionKind.THRESHOLD else None,
        each=terms.each,
        **_gift(terms, merchant, limits),
        made_at=at,
        made_by=str(actor),
    )
    _prove(made, "make", at=at)
    return made


@transaction.atomic
def withdraw(*, promotion_id: UUID, merchant_id: UUID, actor: Actor, at: datetime) -> Promotion:
    """End it for everybody new; a claimed coupon and a placed order keep it.

    :raises NotFound: for one of another shop :raises PromotionOver:
    """
    row = Promotion.objects.locked(promotion_id)
    if row.merchant_id != merchant_id:
        raise NotFound()
    if row.withdrawn_at is not None or row.ends_at <= at:
        raise PromotionOver()
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    _prove(row, "withdraw", at=at)
    return row


def _names(terms: Terms) -> dict[str, str]:
    """In each language that was written; the home language's has to be. What nobody sees is left out."""
    seen = {locale: " ".join(folding.visible(text).split()) for locale, text in terms.names.items()}
    said = {locale: text for locale, text in seen.items() if text}
    for locale in ("zh-hans", *said):
        text = said.get(locale, "")
        if not 0 < len(text) <= NAME_LENGTH or any(ord(each) < 32 for each in text):
            raise PromotionNameRefused(limit=NAME_LENGTH, field=f"name_{locale.replace('-', '_')}")
    return said


def _check_sum(terms: Terms) -> None:
    if terms.kind not in PromotionKind.values or not 0 <= terms.from_minor <= 10**11:
        raise PromotionSumRefused(field="threshold")
    if terms.kind == PromotionKind.GIFT:
        _check_no_sum_off(terms)
    elif not terms.from_minor:
        raise PromotionSumRefused(field="threshold")
    elif terms.off_permille is None:
        if terms.most_minor is not None or not 0 < (terms.off_minor or 0) < terms.from_minor:
            raise PromotionSumRefused(field="off")
    elif terms.off_minor is not None or not 0 < terms.off_permille < 1000 or (terms.most_minor or 0) <= 0:
        raise PromotionSumRefused(field="percent")


def _check_no_sum_off(terms: Terms) -> None:
    if terms.off_minor is not None or terms.off_permille is not None or terms.most_minor is not None:
        raise PromotionSumRefused(field="off")


def _gift(terms: Terms, merchant: Merchant, limits: Mapping[str, int]) -> dict[str, Any]:
    """The columns of a gift: the shop's own thing on sale, its stated value, and what it comes with."""
    if terms.kind != PromotionKind.GIFT:
        return {}
    thing, bought = (_on_sale(sku, merchant) for sku in (terms.gift_sku, terms.with_sku))
    if thing is None or not 1 <= terms.gift_pieces <= limits["each"]:
        raise GiftRefused(most=limits["each"], field="gift_sku")
    offered = offers.variant(thing.listing.content, thing.pk)
    value = offered.price_minor if terms.gift_minor is None and offered else terms.gift_minor
    if offered is None or value is None or not 0 <= value <= offered.price_minor:
        raise GiftRefused(most=limits["each"], field="gift_value")
    if (terms.with_sku and bought is None) or not (bought or terms.from_minor):
        raise GiftConditionMissing(field="with_sku")
    return {
        "gift_variant": thing,
        "gift_pieces": terms.gift_pieces,
        "gift_minor": value,
        "with_listing": bought.listing if bought else None,
    }


def _on_sale(sku: str, merchant: Merchant) -> Variant | None:
    """The shop's thing of this code while it is on sale."""
    rows = (
        Variant.objects.filter(merchant=merchant, sku=sku.strip()) if sku.strip() else Variant.objects.none()
    )
    found = rows.select_related("listing__live_revision").first()
    live = found is not None and found.is_active and found.listing.is_live and found.listing.live_revision
    return found if live else None


def _check_time(terms: Terms, days: int, at: datetime) -> None:
    begins = max(terms.starts_at, at)
    if terms.ends_at <= begins or (terms.ends_at - begins).days > days:
        raise PromotionTimeRefused(days=days, field="ends_on")


def _check_numbers(terms: Terms, limits: Mapping[str, int]) -> None:
    pieces = 1 if terms.pieces is None else terms.pieces
    if not (1 <= pieces <= limits["pieces"] and 1 <= terms.each <= limits["each"]):
        raise PromotionNumberRefused(most=limits["pieces"], each=limits["each"], field="pieces")


def _check_categories(terms: Terms) -> None:
    known = {each.pk for each in catalog.categories()}
    for category in terms.categories:
        if category not in known:
            raise PromotionCategoryUnknown(category=category, field="categories")


def _prove(row: Promotion, step: str, *, at: datetime) -> None:
    label = f"orders.promotion.{step}"
    payload = {
        "promotion": str(row.pk),
        "merchant": str(row.merchant_id),
        "kind": row.kind,
        "from_minor": row.from_minor,
        "off_minor": row.off_minor,
        "off_permille": row.off_permille,
        "most_minor": row.most_minor,
        "categories": row.categories,
        **({"gift": str(row.gift_variant_id), "gift_minor": row.gift_minor} if row.is_gift else {}),
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "at": at.isoformat(),
    }
    sealed = commitments.commit(
        subject_id=row.merchant.subject_id, label=label, reference=row.pk, payload=payload
    )
    log.queue(label=label, reference=row.pk, commitment=sealed, at=at)
