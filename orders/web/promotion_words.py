"""A promotion in one sentence, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

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
    """What it takes off, from what sum on."""
    return of_offer(offer_of(promotion, promotion.pk))


def of_offer(offer: Offer) -> str:
    threshold = money_text(Money(offer.from_minor))
    if offer.off_minor is not None:
        off = money_text(Money(offer.off_minor))
        return _("%(off)s off from %(threshold)s on") % {"off": off, "threshold": threshold}
    return _("%(percent)s %% off from %(threshold)s on, at most %(most)s") % {
        "percent": f"{offer.off_permille / 10:g}",
        "threshold": threshold,
        "most": money_text(Money(offer.most_minor)),
    }
