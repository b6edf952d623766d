"""Offers as cards and price lines: what templates get, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog import brand_direct, campaign_prices, destinations, offers, promise_terms, promises, reductions
from catalog.contents import price_to
from catalog.models import Listing, ListingRevision, Reduction
from catalog.notices import CARD, notices
from catalog.pricing import RecentPrices
from catalog.schema import in_language
from catalog.stock import available, pieces
from catalog.unit_price import unit_price
from catalog.web import tax_words
from kernel.errors import N_
from kernel.money import Money
from law.import_tax import NOTHING_MORE, Standing, Tax
from merchants.models import Merchant
from merchants.seller_kinds import SELLER_WORDS, SellerKind
from rulebook import current, wording
from web import languages
from web.formats import day_text, money_text

Part = dict[str, Any]
SIDES = {
    "home": N_("Ships from the mainland"),
    "bonded": N_("Ships from a bonded store"),
    "direct": N_("Ships from abroad"),
}
# What a crossed-out price stands on, by its basis.
BASIS = {
    "lowest_deal": N_("Lowest deal in the %(days)s days before %(day)s: %(sum)s"),
    "last_deal": N_("Last deal before %(day)s: %(sum)s"),
    "before_raise": N_("Price before it was raised, in the %(days)s days before %(day)s: %(sum)s"),
}


def statutory_days(at: datetime, place: str = "CN") -> int:
    """Days of the law's return without reason, from the pack in force."""
    pack = current.pack(place, at)
    length = pack.rule(pack.role("return_window"), at).length
    return length.n if length else 0


def cards(listings: Iterable[Listing], *, locale: str, at: datetime, place: str = "") -> list[Part]:
    """Cards with the price to `place`; "" while the reader chose none."""
    days = statutory_days(at)
    return [card(listing, locale=locale, days=days, at=at, place=place) for listing in listings]


def _cut(listing: Listing, amount: Money, place: str) -> Part:
    """What is crossed out on a card: of the variant whose price stands there."""
    revision = listing.live_revision
    if revision is None or not getattr(listing, "cut", None):
        return {}
    content = revision.content
    cheapest = min(offers.variants(content, listing.pk), key=lambda each: each.price_minor)
    sent = offers.to(content, cheapest, place) or cheapest
    if sent.all_in != amount:
        return {}
    said = reduced(reductions.shown_by(listing, cheapest.id), cheapest.all_in, amount)
    return {"was": said["was"], "was_note": said["line"]} if said else {}


def _campaign(listing: Listing, amount: Money, place: str, *, locale: str) -> Part | None:
    """What the piece whose price stands on the card costs at the checkout while a campaign runs."""
    revision = listing.live_revision
    if revision is None or not getattr(listing, "campaigns", None):
        return None
    cheapest = min(offers.variants(revision.content, listing.pk), key=lambda each: each.price_minor)
    sent = offers.to(revision.content, cheapest, place) or cheapest
    shown = campaign_prices.shown_by(listing, sent, sent.all_in) if sent.all_in == amount else None
    return {"name": in_language(shown.names, locale), "price": shown.price} if shown else None


def reduced(row: Reduction | None, announced: Money, amount: Money) -> Part | None:
    """The crossed-out price and what it stands on; None when the price is another than the one announced.

    Where the way to the reader costs less (`amount`), both sums are less by the same.
    """
    if row is None or (was := reductions.shown_was(row, announced)) is None:
        return None
    was -= announced - amount
    days = (row.looks_until - row.looks_from).days
    words = {"days": days, "day": day_text(row.looks_until), "sum": money_text(row.ceiling)}
    return {
        "was": was,
        "line": _(BASIS[row.basis]) % words,
        "until": row.ends_at - timedelta(microseconds=1),
        "rule_id": row.rule_id,
    }


def card(listing: Listing, *, locale: str, days: int, at: datetime, place: str = "") -> Part:
    """The inputs of components/product_card.html; the listing comes with its offer."""
    revision = listing.live_revision
    if revision is None:
        raise ValueError("only what was published has a card")
    content, left = revision.content, available(listing)
    amount = _amount(revision, place)
    sums = [each.all_in.minor for each in offers.variants(content, listing.pk)]
    picture = offers.picture(content) or {}
    said, terms = (
        offers.title_language(content, locale),
        promise_terms.of_shelf(listing.merchant, content, at=at),
    )
    return {
        "url": reverse("catalog:product", args=[listing.pk]),
        "title": offers.title(content, locale),
        "lang": "" if said == locale else languages.tag(said),
        "picture": picture.get("src", ""),
        "alt": in_language(picture.get("alt") or {}, locale),
        "mat": picture.get("mat", "sand"),
        "amount": amount or revision.all_in,
        "strip": strip(terms, merchant=listing.merchant, days=days) + promised(terms, locale=locale),
        "facts": notices(content, CARD, locale=locale),
        "from_line": from_line(revision, place) if amount else not_sent(place, locale=locale),
        "sold_out": left <= 0,
        "quick_add": left > 0 and listing.merchant.sells and amount is not None,
        "choose": len(sums) > 1 or bool(content.get("options")),
        "from_price": len(set(sums)) > 1,
        "listing_id": listing.pk,
        "sold": sum(each.sold for each in pieces(listing).values()),
        "score_permille": listing.merchant.score_permille,
        "badge": _("Brand direct") if brand_direct.claim_of(listing) else "",
        "campaign": _campaign(listing, amount or revision.all_in, place, locale=locale),
        **_cut(listing, amount or revision.all_in, place),
    }


def promised(terms: Mapping[str, Any], *, locale: str) -> list[Part]:
    """Promises beside the return's, which stands among the rights; a card has room for the first two."""
    made = [each for each in promises.made(terms) if each.family != "return_days"]
    return [{"text": in_language(each.texts, locale), "missing": False} for each in made[:2]]


def _amount(revision: ListingRevision, place: str) -> Money | None:
    """What one piece costs with its freight to the place; None where it isn't sent."""
    if not place:
        return revision.all_in
    found = price_to(revision.content, place)
    return None if found is None else Money(found, revision.currency)


def not_sent(place: str, *, locale: str) -> str:
    return _("Not delivered to %(place)s") % {"place": destinations.name(place, locale)}


def strip(terms: Mapping[str, Any], *, merchant: Merchant, days: int) -> list[Part]:
    """Rights in their fixed order, a missing one in its place in words; a private person is named one."""
    escrow = {"text": _(wording.STRIP["escrow"]), "missing": False}
    if merchant.is_private_person:
        sold_by = {"text": _(SELLER_WORDS[SellerKind.PRIVATE]), "missing": True}
        return [sold_by, _returned_to_a_person(terms), escrow, _credit(merchant.grade)]
    return [_returned(terms, days), escrow, _credit(merchant.grade)]


def _returned_to_a_person(terms: Mapping[str, Any]) -> Part:
    days = promises.return_days(terms)
    if days:
        return {"text": _(wording.STRIP["no_reason_return"]) % {"days": days}, "missing": False}
    return {"text": _(wording.NO_RETURN), "missing": True}


def _returned(terms: Mapping[str, Any], days: int) -> Part:
    match terms.get("excludes_return"):
        case "never":
            return {"text": _(wording.NO_RETURN), "missing": True}
        case "confirm":
            return {"text": _(wording.IF_CONFIRMED), "missing": True}
    longest = max(days, promises.return_days(terms))
    return {"text": _(wording.STRIP["no_reason_return"]) % {"days": longest}, "missing": False}


def _credit(grade: str) -> Part:
    said = _("New shop") if grade == "N" else _("Credit %(grade)s") % {"grade": grade}
    return {"text": said, "missing": False}


def unit_line(content: Mapping[str, Any], price: Money, choice: Mapping[str, str] | None = None) -> str:
    """ "¥12.30 / 100 g"; empty where there is nothing to compare by."""
    compared = unit_price(content, price, choice=choice)
    return f"{money_text(compared.amount)} / {_(compared.per)}" if compared else ""


def from_line(revision: ListingRevision, place: str = "") -> str:
    """The quiet line: unit price where there is one, else where it comes from; and what the price holds."""
    said = _from_line(revision)
    return f"{said} · {_('tax of there not in it')}" if destinations.leaves_mainland(place) else said


def _from_line(revision: ListingRevision) -> str:
    cheapest = min(offers.variants(revision.content), key=lambda each: each.price_minor)
    compared = unit_line(revision.content, revision.price, cheapest.choice)
    if compared:
        return compared
    origin = str((revision.content.get("attributes") or {}).get("origin") or "")[:30]
    included = _("freight included") if revision.freight_minor else _("free delivery")
    return f"{origin} · {included}" if origin else included


def ledger(
    priced: ListingRevision | offers.VariantOffer,
    content: Mapping[str, Any] | None = None,
    *,
    tax: Tax = NOTHING_MORE,
    place: str = "",
    locale: str = "",
) -> list[Part]:
    """How the price of one piece comes about, with the import tax that it holds."""
    held, note = tax_words.row([tax]), "" if tax.standing == Standing.ON_ARRIVAL else _("tax included")
    first = [{"label": _("Goods"), "note": note, "amount": priced.price}]
    if held:
        before = {
            "label": _("Goods"),
            "note": _("before import tax"),
            "amount": priced.price - held["amount"],
        }
        first = [before, held]
    to = destinations.name(place, locale)
    note = _("to %(place)s") % {"place": to} if to else ""
    if not to and content and content.get("freight"):
        note = _("to the dearest province; choose yours")
    return [
        *first,
        {"label": _("Freight"), "note": note, "amount": priced.freight},
        {"label": _("You pay"), "note": "", "amount": priced.all_in, "total": True},
    ]


def lowest_line(prices: RecentPrices | None) -> Part | None:
    """The 30-day line: shown when the price moved, so that nobody has to believe in a reduction."""
    if prices is None or not prices.changed or prices.current.minor == prices.lowest.minor:
        return None
    percent = f"{prices.above_lowest_permille / 10:.1f}"
    return {"amount": prices.lowest, "day": prices.lowest_at, "percent": percent}


def sparkline(prices: RecentPrices | None, *, width: int = 104, height: int = 34) -> Part | None:
    """The thirty days as a line of steps: path, the lowest point and today's, in the units of the picture."""
    if prices is None or not prices.changed:
        return None
    times = [instant.timestamp() for instant, _minor in prices.steps]
    lows, highs = prices.lowest.minor, max(minor for _instant, minor in prices.steps)
    begin, span = times[0], max(1.0, times[-1] - times[0])

    def across(second: float) -> float:
        return round(2 + (second - begin) / span * (width - 12), 1)

    def down(minor: int) -> float:
        return round(4 + (highs - minor) / max(1, highs - lows) * (height - 8), 1)

    points = [
        (across(second), down(minor)) for second, (_instant, minor) in zip(times, prices.steps, strict=True)
    ]
    path = f"M{points[0][0]} {points[0][1]}" + "".join(f"H{x}V{y}" for x, y in points[1:]) + f"H{width - 3}"
    bottom = max(points, key=lambda point: point[1])
    return {"path": path, "x": bottom[0], "y": bottom[1], "end_x": width - 3, "end_y": points[-1][1]}
