"""What templates get of carts and orders, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog import import_tax, offers, promise_terms, set_offers, warranty
from catalog import promises as merchant_promises
from catalog.notices import CHECKOUT, Notice, notices
from catalog.schema import in_language
from catalog.unit_price import unit_price
from catalog.web import tax_words
from kernel.errors import N_
from kernel.money import Money
from law.rights import Right, rights_for
from orders import contract_terms
from orders.cart import Cart, CartGroup, CartItem
from orders.models import Order, OrderLine
from orders.promotions import gifts
from orders.promotions.gifts import Gift
from orders.web import coupon_choice, gift_words, reserved_view, way_choice
from rulebook import current, queries, wording
from web.formats import money_text

View = dict[str, Any]


def taxed(order: Order, *, at: datetime) -> View:
    """What the order froze of tax: the ledger's line, and what was said to a buyer beyond the mainland."""
    taxes = [tax_words.of_frozen(line.tax) for line in order.lines.all()]
    arrival = tax_words.arrival(taxes[0], order.destination, at=order.placed_at) if taxes else None
    return {"tax": tax_words.row(taxes), "arrival": arrival}


def thing_of(line: OrderLine) -> View:
    """What was bought, as it was frozen, with the set that it was bought in."""
    shown = thing(line.content, line.listing_id, line.variant_id)
    if line.is_gift:
        shown["gift"] = gift_words.said(line.gift_value)
    if line.set_revision is None:
        return shown
    name = set_offers.title(line.set_revision, wording.locale())
    return {**shown, "in_set": name, "set_url": reverse("catalog:set", args=[line.set_revision.shop_set_id])}


def thing(content: Mapping[str, Any], listing_id: UUID, variant_id: UUID) -> View:
    """Picture, title, choice and page of what a frozen or live content describes."""
    locale = wording.locale()
    picture = offers.picture(content, variant_id) or {}
    choice = offers.choice_words(content, variant_id, locale)
    page = reverse("catalog:product", args=[listing_id])
    return {
        "title": offers.title(content, locale),
        "choice": choice,
        "picture": picture.get("src", ""),
        "mat": picture.get("mat", "sand"),
        "url": f"{page}?variant={variant_id}" if choice else page,
    }


def cart_view(cart: Cart, *, at: datetime, wrong: tuple[UUID, Form] | None = None) -> View:
    groups = [group_view(group, wrong, place=cart.place, at=at) for group in cart.groups]
    return {
        "is_services": cart.is_services,
        "reserved": reserved_view.of_checkout(cart.groups),
        "groups": groups,
        "blocked": blocked_view(cart),
        "elsewhere": bool(cart.elsewhere),
        "total": cart.total,
        "arrival": groups[0]["arrival"] if groups else None,
        "place": cart.place,
        "needs_place": cart.needs_place,
        "is_empty": cart.is_empty,
        "short": any(item.problem for item in cart.items),
    }


def _unit_line(item: CartItem) -> str:
    """The price per 100 g, 100 ml or piece, as on card and page; empty where there is none."""
    revision = item.listing.live_revision
    if revision is None:
        return ""
    found = offers.variant(revision.content, item.line.variant_id)
    compared = unit_price(revision.content, item.unit, choice=found.choice if found else None)
    return f"{money_text(compared.amount)} / {_(compared.per)}" if compared else ""


def group_view(
    group: CartGroup, wrong: tuple[UUID, Form] | None = None, *, place: str = "", at: datetime
) -> View:
    place = "" if group.way.goes_nowhere else place
    taxes = [import_tax.tax_on(item.listing.content, item.paid_goods, place, at=at) for item in group.items]
    heads = set_heads(group.items, wrong)
    return {
        "tax": tax_words.row(taxes),
        "arrival": tax_words.arrival(taxes[0], place, at=at),
        "merchant": group.merchant,
        "items": [{**_item(item, wrong, at=at), "set": heads.get(item.line.pk)} for item in group.items],
        "goods": group.goods,
        "discount": group.discount,
        "freight": group.freight,
        "total": group.total,
        "gifts": [_gift(gift, at=at) for gift in group.gifts],
        **coupon_choice.shown(group),
        **way_choice.shown(group, at=at),
        "pieces": group.pieces,
    }


def _gift(gift: Gift, *, at: datetime) -> View:
    return {
        **thing(gift.listing.content, gift.listing.pk, gift.variant_id),
        "name": in_language(gift.promotion.names, wording.locale()),
        "n": gift.pieces,
        "words": gift_words.said(Money(gifts.value_kept(gift, "CN", at=at))),
        "field": f"gift_{gift.promotion.pk.hex}",
    }


def _item(item: CartItem, wrong: tuple[UUID, Form] | None, *, at: datetime) -> View:
    listing = item.listing
    form = wrong[1] if wrong and wrong[0] == item.variant_id and not item.in_set else None
    return {
        **thing(listing.content, listing.pk, item.variant_id),
        "variant_id": item.variant_id,
        "hex": item.answer_key.hex,
        "quantity": form["quantity"].value() if form else item.quantity,
        "errors": form["quantity"].errors if form else [],
        "most": item.most,
        "unit": item.unit,
        "unit_line": _unit_line(item),
        "total": item.total,
        "freight": item.freight,
        "was": item.was,
        "dearer": item.was is not None and item.was < item.unit,
        "short": item.problem == "short",
        "in_stock": item.in_stock,
        "exclusion": item.exclusion,
        "notices": notices_of(listing.content),
        "days": merchant_promises.return_days(_terms(item, at=at)),
    }


def notices_of(content: Mapping[str, Any]) -> list[Notice]:
    """What stands before the button and in the contract, besides the rights."""
    return [*reserved_view.notices(content), *notices(content, CHECKOUT, locale=wording.locale())]


def blocked_view(cart: Cart) -> list[View]:
    """What can't be bought: each thing, and each set once."""
    first = {item.key: item for item in reversed(cart.blocked)}
    return [_blocked(item) for item in cart.blocked if first[item.key] is item]


def set_thing(item: CartItem) -> View:
    """A set's name and page, with the picture of its first part."""
    assert item.in_set is not None
    shown = thing(item.listing.content, item.listing.pk, item.variant_id)
    title = set_offers.title(item.in_set.revision, wording.locale())
    return {**shown, "title": title, "choice": "", "url": reverse("catalog:set", args=[item.key])}


def set_heads(items: Sequence[CartItem], wrong: tuple[UUID, Form] | None = None) -> dict[UUID, View]:
    """By line: the set it is a part of; the first of a set carries its number and what it costs."""
    heads: dict[UUID, View] = {}
    seen: set[UUID] = set()
    for item in items:
        if item.in_set is None:
            continue
        form = wrong[1] if wrong and wrong[0] == item.key else None
        heads[item.line.pk] = {
            **set_thing(item),
            "id": item.key,
            "first": item.key not in seen,
            "count": form["quantity"].value() if form else item.in_set.count,
            "errors": form["quantity"].errors if form else [],
            "most": item.in_set.most,
            "one": item.in_set.revision.price,
            "price": item.in_set.price,
            "short": item.problem == "short",
        }
        seen.add(item.key)
    return heads


def _blocked(item: CartItem) -> View:
    listing = item.listing
    if item.in_set:
        return {
            **set_thing(item),
            "remove_url": reverse("orders:cart-set", args=[item.key]),
            "why": _(set_offers.WHY[item.problem]) if item.problem in set_offers.WHY else "",
            "not_sent": item.problem == "not_sent",
        }
    return {
        "remove_url": reverse("orders:cart-line", args=[item.variant_id]),
        **thing(listing.content, listing.pk, item.variant_id),
        "variant_id": item.variant_id,
        "sold_out": item.problem == "sold_out",
        "not_sent": item.problem == "not_sent",
    }


def _terms(item: CartItem, *, at: datetime) -> Mapping[str, Any]:
    """What is promised to somebody who buys it now."""
    return promise_terms.of_shelf(item.listing.merchant, item.listing.content, at=at)


def promised(item: CartItem, *, at: datetime) -> list[str]:
    """What shop and listing promise on it, in words."""
    return promises_said(_terms(item, at=at))


def promises_said(terms: Mapping[str, Any]) -> list[str]:
    """In the reader's language."""
    return [in_language(each.texts, wording.locale()) for each in merchant_promises.made(terms)]


GIVERS = {"maker": N_("The maker gives it."), "shop": N_("The shop gives it.")}


def warranty_of(order: Order, line: OrderLine) -> View | None:
    """The warranty as it was frozen with the order; with its last day once the goods are there."""
    stated = warranty.stated(line.content)
    if stated is None:
        return None
    return {
        "days": stated.days,
        "giver": _(GIVERS[stated.giver]) if stated.giver in GIVERS else "",
        "covers": stated.covers,
        "claim": stated.claim,
        "until": contract_terms.warranty_until(order, stated.days),
    }


def offer_rights(item: CartItem, *, at: datetime) -> list[View]:
    """The rights of something not bought yet, as rows of the checkout's table."""
    listing = item.listing
    found = rights_for(
        pack=current.pack("CN", at),
        calendar=current.calendar("CN"),
        facts=offers.legal_facts(
            listing.content,
            terms=_terms(item, at=at),
            private_seller=listing.merchant.is_private_person,
        ),
        buyer_place="CN",
        seller_place=listing.merchant.place,
        at=at,
    )
    return [right_row(right, at=at) for right in found]


def line_rights(order: Order, line: OrderLine, *, at: datetime) -> list[View]:
    """The live rights of a line that was bought, with dates once it was delivered."""
    return [right_row(right, at=at) for right in contract_terms.rights_of(order, line)]


def right_row(right: Right, *, at: datetime) -> View:
    citation = queries.citation(right.rule_id, wording.locale(), at=at)
    over = right.window is not None and right.window.is_late(at)
    state = "expired" if over else "available" if right.applies else "not_applicable"
    return {
        "id": right.id,
        "name": wording.name(right),
        "kind": str(right.stamp),
        "what": wording.say(right.can_do),
        "why": wording.say(right.why_not) if right.why_not else "",
        "until": wording.say(right.until),
        "cost": wording.say(right.cost),
        "state": state,
        "source": {
            "name": wording.say(right.source),
            "plain": citation.sentence,
            "place": citation.place,
            "since": wording.day_text(citation.since),
            "url": citation.url,
        },
    }


def cited(rule_id: str, *, at: datetime) -> View:
    """A rule in a sentence, with the address of its page."""
    found = queries.citation(rule_id, wording.locale(), at=at)
    return {"sentence": found.sentence, "place": found.place, "url": found.url}


def postage_words(payer: str) -> str:
    """Who pays for sending it back."""
    return (
        _("The merchant pays the return postage.") if payer == "trader" else _("You pay the return postage.")
    )
