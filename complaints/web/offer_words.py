"""An offer in words: a sum, or what the shop does and within which time."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.models import Complaint, Offer
from complaints.remedy_kinds import LABELS, Remedy
from web.formats import money_text


def headline(offer: Offer) -> str:
    """Short enough for a button: the sum, or the deed."""
    if offer.perform_days is None:
        return money_text(offer.sum_in(offer.complaint.currency))
    return str(LABELS[Remedy(offer.remedy)])


def terms(offer: Offer) -> str:
    """What stands beneath it."""
    if offer.perform_days is None:
        return _("and you keep it")
    return days(offer.perform_days)


def days(count: int) -> str:
    return ngettext("within %(n)s day", "within %(n)s days", count) % {"n": count}


def undertaken(complaint: Complaint) -> str:
    """What the shop does, as agreed; "" where nothing but money was."""
    return str(LABELS[Remedy(complaint.remedy)]) if complaint.remedy else ""
