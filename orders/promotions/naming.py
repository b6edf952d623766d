"""The name of what came off an order: “Set …”, “Offer …”, “Coupon …”, as pages, papers and letters say it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog import set_offers
from catalog.schema import in_language
from orders.models import DiscountKind, Order, OrderLine
from orders.promotions import causes
from orders.promotions.causes import Cause
from web.formats import money_text


def name_of(cause: Cause, lines: Iterable[OrderLine], locale: str) -> str:
    """In the active language; `locale` picks among the names that the shop wrote."""
    if cause.kind == DiscountKind.SET:
        revision = next(line.set_revision for line in lines if line.pk in cause.by_line)
        return _("Set “%(name)s”") % {"name": set_offers.title(revision, locale) if revision else ""}
    name = in_language(cause.offer.name, locale) if cause.offer else ""
    if cause.kind in (DiscountKind.CAMPAIGN, DiscountKind.ENTRY):
        return _("Campaign “%(name)s”") % {"name": name} if name else _("A campaign of Anxin")
    if cause.kind == DiscountKind.COUPON:
        return _("Coupon “%(name)s”") % {"name": name}
    return _("Offer “%(name)s”") % {"name": name}


def told(order: Order, locale: str) -> str:
    """Every cause with its sum in one line, for a letter; "" where nothing came off."""
    with override(locale):
        lines = list(order.lines.select_related("set_revision")) if order.discount_minor else []
        rows = [(name_of(each, lines, locale), money_text(each.amount)) for each in causes.of_order(order)]
        return ("，" if locale.startswith("zh") else ", ").join(f"{name} −{amount}" for name, amount in rows)
