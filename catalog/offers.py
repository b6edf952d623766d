"""Reading a frozen content: title in a language, terms for the law, variants, the picture of a card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from catalog import confirm_terms, freight, promises
from catalog.schema import Schema, in_language
from catalog.variant_drafts import words
from kernel.money import Money
from law.returns import ListingFacts

Content = Mapping[str, Any]
UNNAMED = UUID(int=0)


@dataclass(frozen=True, slots=True)
class VariantOffer:
    """One variant as it was frozen: its price resolved, its pictures by their place among the listing's.

    What was frozen before there were variants names none: there the listing's id is the variant's.
    """

    id: UUID
    sku: str
    choice: Mapping[str, str]
    price_minor: int
    freight_minor: int
    barcode: str
    images: tuple[int, ...]
    currency: str = "CNY"
    grams: int | None = None

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def freight(self) -> Money:
        return Money(self.freight_minor, self.currency)

    @property
    def all_in(self) -> Money:
        """Price and freight of one piece: the number on page and cart."""
        return self.price + self.freight


def variants(content: Content, listing_id: UUID = UNNAMED) -> tuple[VariantOffer, ...]:
    """Everything that can be chosen, in the seller's order; one where there are no options."""
    currency = str(content.get("currency", "CNY"))
    rows = content.get("variants") or [{"price_minor": content.get("price_minor") or 0}]
    return tuple(
        VariantOffer(
            id=UUID(row["id"]) if row.get("id") else listing_id,
            sku=row.get("sku", ""),
            choice=row.get("choice") or {},
            price_minor=row["price_minor"],
            freight_minor=_freight(content, row, ""),
            barcode=row.get("barcode", ""),
            images=tuple(row.get("images") or ()),
            currency=currency,
            grams=freight.grams_of(content, row),
        )
        for row in rows
    )


def _freight(content: Content, row: Mapping[str, Any], place: str) -> int:
    return freight.of_one(content, freight.grams_of(content, row), row["price_minor"], place) or 0


def to(content: Content, offer: VariantOffer, place: str) -> VariantOffer | None:
    """The offer with its freight to a place (one piece alone); None where it isn't sent."""
    found = freight.of_one(content, offer.grams, offer.price_minor, place)
    return None if found is None else replace(offer, freight_minor=found)


def variant(content: Content, variant_id: UUID) -> VariantOffer | None:
    """The one of that id; None where this content doesn't offer it."""
    return next((each for each in variants(content, variant_id) if each.id == variant_id), None)


def choice_words(content: Content, variant_id: UUID, locale: str) -> str:
    """ "颜色：红；尺寸：大"; empty where nothing is chosen."""
    found = variant(content, variant_id)
    return words(content.get("options") or [], found.choice, locale) if found else ""


def pictures(content: Content, images: Sequence[int] = ()) -> list[Mapping[str, Any]]:
    """A variant's pictures; the listing's where it has none of its own."""
    every = content.get("images") or []
    return [every[each] for each in images if each < len(every)] or list(every)


def title(content: Content, locale: str) -> str:
    return in_language(content.get("title") or {}, locale)


def description(content: Content, locale: str) -> str:
    return in_language(content.get("description") or {}, locale)


def title_language(content: Content, locale: str) -> str:
    """The language the shown title is in, for `lang` on the element."""
    titles = content.get("title") or {}
    return (
        locale
        if titles.get(locale)
        else next(iter([each for each in ("zh-hans", "zh-hant", "en") if each in titles]), "")
    )


def picture(content: Content, variant_id: UUID | None = None) -> Mapping[str, Any] | None:
    """The first picture of the listing, or of one of its variants."""
    found = variant(content, variant_id) if variant_id else None
    images = pictures(content, found.images if found else ())
    return images[0] if images else None


def terms_of(schema: Schema, draft: Content) -> dict[str, Any]:
    """The terms as they are frozen: the category's default where the merchant said nothing."""
    said = draft.get("terms") or {}
    default, reason, forced = schema.returns.resolved(draft.get("attributes") or {})
    excludes = default if forced or "excludes_return" not in said else said["excludes_return"]
    return {
        "promises": promises.checked(said.get("promises") or []),
        "excludes_return": excludes,
        "exclusion": str(said.get("exclusion") or reason) if excludes else "",
        **({confirm_terms.KEY: hours} if (hours := confirm_terms.hours(said)) else {}),
    }


def sold_by_a_person(content: Content) -> bool:
    """Whether a private person sold it when it was published."""
    return content.get("seller") == "private"


def shelf_exclusion(content: Content) -> str:
    """What shelves sort by: a private person takes nothing back without a reason but by promise."""
    terms = content.get("terms") or {}
    if sold_by_a_person(content):
        return "" if promises.return_days(terms) else "never"
    return str(terms.get("excludes_return") or "")


def legal_facts(
    content: Content,
    *,
    confirmed: bool = False,
    terms: Content | None = None,
    private_seller: bool = False,
) -> ListingFacts:
    """What the law needs to know about the offer; use it for every right and window.

    `terms` are those that hold with the shop's own promises; without them the offer's alone.
    `private_seller` is the shop's before an order, and what the order froze after it.
    """
    terms = (content.get("terms") or {}) if terms is None else terms
    category = str(content.get("category", ""))
    return ListingFacts(
        category=category,
        excludes_return=terms.get("excludes_return"),
        exclusion=terms.get("exclusion") or "",
        confirmed=confirmed,
        promised_return_days=promises.return_days(terms),
        made_to_order=category == "custom-made",
        return_freight_promised=promises.return_freight_paid(terms),
        private_seller=private_seller,
    )
