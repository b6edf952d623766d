"""What a reader has to know of a gift, before the order and after."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kernel.money import Money
from web.formats import money_text


def said(value: Money) -> str:
    """What keeping it without right costs; `value` is of one piece."""
    if not value:
        return _("Gift. Nothing comes off a refund for it.")
    return _(
        "Gift, worth %(value)s a piece: it comes off a refund if you keep it and the rest doesn't earn it."
    ) % {"value": money_text(value)}
