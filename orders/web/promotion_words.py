"""A promotion in one sentence, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from catalog import offers
from catalog.schema import in_language
from kernel.money import Money
from orders.models import Promotion
from orders.promotions.available import offer_of
from orders.promotions.splitting import Offer
from rulebook import wording
from web.formats import money_text


def name_of(promotion: Promotion) -> str:
    return in_language(promotion.names, wording.locale())


def says(promotion: Promotion) -> str:
    """What it takes off or gives, from what sum on."""
    if promotion.is_gift:
        return of_gift(promotion)
    return of_offer(offer_of(promotion, promotion.pk))


def of_gift(promotion: Promotion) -> str:
    """Reads the thing and the goods that it comes with, which pages fetch with it."""
    variant, locale = promotion.gift_variant, wording.locale()
    assert variant is not None
    told = {
        "gift": offers.title(variant.listing.content, locale),
        "n": promotion.gift_pieces,
        "sum": money_text(Money(promotion.from_minor)),
        "with": offers.title(promotion.with_listing.content, locale) if promotion.with_listing else "",
    }
    if not promotion.with_listing:
        return _("From %(sum)s on a gift: %(gift)s × %(n)s") % told
    if not promotion.from_minor:
        return _("With %(with)s a gift: %(gift)s × %(n)s") % told
    return _("With %(with)s, from %(sum)s on, a gift: %(gift)s × %(n)s") % told


def of_offer(offer: Offer) -> str:
    if not offer.from_minor and offer.off_permille:
        return _("%(percent)s %% off each piece") % {"percent": f"{offer.off_permille / 10:g}"}
    threshold = money_text(Money(offer.from_minor))
    if offer.off_minor is not None:
        off = money_text(Money(offer.off_minor))
        return _("%(off)s off from %(threshold)s on") % {"off": off, "threshold": threshold}
    return _("%(percent)s %% off from %(threshold)s on, at most %(most)s") % {
        "percent": f"{offer.off_permille / 10:g}",
        "threshold": threshold,
        "most": money_text(Money(offer.most_minor)),
    }
