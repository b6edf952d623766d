"""The buyer's choices, each with its outcome in words before it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import Complaint, Offer
from complaints.web import offer_words
from kernel.money import Money
from web.formats import money_text


class Choice(StrEnum):
    ACCEPT = "acceptance"
    RULING = "referral"
    WITHDRAW = "withdrawal"
    CONFIRM = "confirmation"


@dataclass(frozen=True, slots=True)
class Offered:
    """A choice: its key, its button, and what the confirm page says."""

    key: Choice
    submit: Any
    will: Callable[[Complaint, Offer | None], list[str]]
    wont: Any = ""
    danger: bool = False

    def explain(self, complaint: Complaint, offer: Offer | None) -> dict[str, Any]:
        return {"will": self.will(complaint, offer), "wont": self.wont, "submit": self.submit}


def _accept(complaint: Complaint, offer: Offer | None) -> list[str]:
    if offer is not None and offer.perform_days:
        return [
            _("The seller undertakes it %(days)s: %(deed)s.")
            % {"deed": offer_words.headline(offer), "days": offer_words.days(offer.perform_days)},
            _("Your money stays frozen until it is done and you have looked at it."),
            _("If it isn't done in time, it turns into a refund by itself."),
        ]
    amount = offer.sum_in(complaint.currency) if offer else Money.zero(complaint.currency)
    return [
        _("You get %(amount)s back the way you paid.") % {"amount": money_text(amount)},
        _("The case ends here; the rest of the money goes on to the shop in its time."),
        _("For anything new you can open another complaint."),
    ]


def _confirm(complaint: Complaint, offer: Offer | None) -> list[str]:
    return [
        _("The case ends as agreed; the money goes on to the shop in its time."),
        _("For anything new you can open another complaint."),
    ]


def _ruling(complaint: Complaint, offer: Offer | None) -> list[str]:
    return [
        _("A reviewer looks at what both sides have said and shown, and writes down why."),
        _("Your money stays frozen until then."),
    ]


def _withdraw(complaint: Complaint, offer: Offer | None) -> list[str]:
    return [
        _("The case is closed without a result and the order goes on."),
        _("Your return window and the time to complain go on as before."),
    ]


CHOICES: dict[str, Offered] = {
    Choice.ACCEPT: Offered(
        Choice.ACCEPT,
        gettext_lazy("Accept and end the case"),
        _accept,
        wont=gettext_lazy("An accepted offer can't be taken back."),
    ),
    Choice.CONFIRM: Offered(Choice.CONFIRM, gettext_lazy("It is done: end the case"), _confirm),
    Choice.RULING: Offered(Choice.RULING, gettext_lazy("Ask for a ruling"), _ruling),
    Choice.WITHDRAW: Offered(
        Choice.WITHDRAW, gettext_lazy("Take the complaint back"), _withdraw, danger=True
    ),
}
