"""Shops whose name a buyer could take for another's (UTS #39)."""

from __future__ import annotations

from catalog.screening import names
from merchants.lifecycle import SELLING
from merchants.models import Merchant


def confusable(merchant: Merchant) -> str:
    """Whose name that of a shop which applies can be taken for; empty where nobody's.

    A selling shop of the very same or of a look-alike name, or a watched brand that is imitated.
    """
    others = Merchant.objects.filter(state__in=[str(state) for state in SELLING]).exclude(pk=merchant.pk)
    for other in others.order_by("id").values_list("display_name", flat=True).iterator():
        if names.confusable(merchant.display_name, other):
            return other
    return next((merchant.display_name[a:b] for _rule, a, b in names.in_text(merchant.display_name)), "")


def alike(merchant: Merchant) -> str | None:
    """The name of a selling shop that this one's imitates; None where it stands for itself.

    Read before a shop's first listings are let pass, so all names are compared and none is stored twice.
    """
    others = Merchant.objects.filter(state__in=[str(state) for state in SELLING]).exclude(pk=merchant.pk)
    return names.look_alike(
        merchant.display_name, others.order_by("id").values_list("display_name", flat=True).iterator()
    )
