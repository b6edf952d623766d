"""What a campaign asks of a shop and of its goods, measured: each condition that fails with both numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from catalog import offers, pricing
from catalog.models import Listing
from kernel.errors import N_
from merchants.models import Merchant
from orders.models import Campaign
from web.formats import money_text


class Condition(StrEnum):
    TRADES = "trades"
    BUSINESS = "business"
    GRADE = "grade"
    REDUCTION = "reduction"
    ON_SALE = "on_sale"
    CATEGORY = "category"
    RAISED = "raised"


WORDS = {
    Condition.TRADES: N_("The shop has to trade; it doesn't now."),
    Condition.BUSINESS: N_("Only businesses may enter; the shop is a private person's."),
    Condition.GRADE: N_("Grade %(asked)s or better is asked; the shop has %(has)s."),
    Condition.REDUCTION: N_("At least %(asked)s %% off is asked; you offer %(has)s %%."),
    Condition.ON_SALE: N_("“%(title)s” isn't on sale."),
    Condition.CATEGORY: N_("“%(title)s” is in %(has)s; asked is %(asked)s."),
    Condition.RAISED: N_(
        "“%(title)s” costs %(price)s now and was really sold for %(sold)s: against that it is %(has)s %% off,"
        " at least %(asked)s %% are asked."
    ),
}


@dataclass(frozen=True, slots=True)
class Failed:
    """A condition that doesn't hold; `params` fill its words."""

    condition: Condition
    params: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        """The English sentence, for proofs and reasons; pages translate `WORDS` and fill it themselves."""
        return WORDS[self.condition] % dict(self.params)


def failing(
    *, campaign: Campaign, shop: Merchant, listings: Iterable[Listing], off_permille: int, at: datetime
) -> list[Failed]:
    """Everything that doesn't hold, of the shop first; empty when it may enter."""
    rows = list(listings)
    found = [*_of_shop(campaign, shop), *_of_share(campaign, off_permille)]
    for listing in rows:
        found += _of_goods(campaign, listing)
    live = {each.pk: each for each in rows if each.is_live and each.live_revision}
    return found + _raised(campaign, list(live.values()), off_permille, at)


def grade_is_enough(grade: str, least: str) -> bool:
    """New shops have none yet."""
    return not least or (grade != "N" and grade <= least)


def _of_shop(campaign: Campaign, shop: Merchant) -> list[Failed]:
    found = []
    if not shop.sells:
        found.append(Failed(Condition.TRADES))
    if shop.is_private_person:
        found.append(Failed(Condition.BUSINESS))
    if not grade_is_enough(shop.grade, campaign.least_grade):
        found.append(Failed(Condition.GRADE, (("asked", campaign.least_grade), ("has", shop.grade))))
    return found


def _of_share(campaign: Campaign, off_permille: int) -> list[Failed]:
    if off_permille >= campaign.least_permille:
        return []
    told = (("asked", _percent(campaign.least_permille)), ("has", _percent(off_permille)))
    return [Failed(Condition.REDUCTION, told)]


def _of_goods(campaign: Campaign, listing: Listing) -> list[Failed]:
    if not listing.is_live or listing.live_revision is None:
        return [Failed(Condition.ON_SALE, (("title", _title(listing)),))]
    if campaign.categories and listing.category_id not in campaign.categories:
        told = (
            ("title", _title(listing)),
            ("asked", ", ".join(campaign.categories)),
            ("has", listing.category_id),
        )
        return [Failed(Condition.CATEGORY, told)]
    return []


def _raised(campaign: Campaign, listings: Sequence[Listing], off_permille: int, at: datetime) -> list[Failed]:
    """A price that was raised before isn't lowered by taking the raise off again: real deals count."""
    shown = {each.pk: pricing.headline(each.content, each.pk) for each in listings}
    by_variant = {shown[each.pk].variant_id: each for each in listings}
    permitted = pricing.permitted_of_each(by_variant, at=at) if by_variant else {}
    found = []
    for variant_id, listing in by_variant.items():
        ceiling, price = permitted[variant_id].ceiling, shown[listing.pk].price
        if ceiling is None or ceiling >= price:
            continue
        cheaper = price.minor - _goods_minor(listing, variant_id) * off_permille // 1000
        real = (ceiling.minor - cheaper) * 1000 // ceiling.minor
        if real < campaign.least_permille:
            told = (
                ("title", _title(listing)),
                ("price", money_text(price)),
                ("sold", money_text(ceiling)),
                ("has", _percent(max(real, 0))),
                ("asked", _percent(campaign.least_permille)),
            )
            found.append(Failed(Condition.RAISED, told))
    return found


def _goods_minor(listing: Listing, variant_id: UUID) -> int:
    found = offers.variant(listing.content, variant_id)
    return found.price_minor if found else 0


def _title(listing: Listing) -> str:
    return offers.title(listing.content, "zh-hans")


def _percent(permille: int) -> str:
    return f"{permille / 10:g}"
