"""Paying with gift cards at the checkout: shown when asked for, so that the page costs others nothing."""

from __future__ import annotations

from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from kernel.errors import DomainError
from kernel.money import Money, total
from orders import cart
from orders.paying_with import PayWith
from orders.web.forms import CheckoutForm
from orders.web.presenting import View
from payments.gift_cards import wallet
from web.errors import sentence
from web.http import Request

ASKED, CARDS, SEEN = "wallet", "pay_cards", "seen_wallet"


def is_asked(request: Request) -> bool:
    """Only accounts have a wallet, and nobody spends another's."""
    data = request.POST or request.GET
    return ASKED in data and request.user.is_authenticated and not request.acting


def read(request: Request, form: CheckoutForm | None = None) -> PayWith:
    """What was entered; a sum that can't be read is said on the form and pays nothing."""
    text = request.POST.get(CARDS, "").strip() if is_asked(request) else ""
    if not text:
        return PayWith()
    try:
        return PayWith(max(0, Money.parse(text).minor))
    except DomainError as refusal:
        if form is not None:
            form.add_error(None, sentence(refusal))
        return PayWith()


def mark(chosen: PayWith) -> str:
    """What the page's sum was reckoned with, sent along so that another choice is noticed."""
    return str(chosen.minor)


def was_seen(data: QueryDict, chosen: PayWith) -> bool:
    return data.get(SEEN, "0") == mark(chosen)


def is_opened(request: Request) -> bool:
    """The button that opens it was pressed: only to be shown, nothing was chosen yet."""
    return is_asked(request) and CARDS not in request.POST


def shown(request: Request, found: cart.Cart, premium: Money, *, at: datetime) -> View:
    """Balance, choice and what is left to pay, a `premium` too; no balance while nobody asked for it."""
    offered = request.user.is_authenticated and not request.acting
    actor = request.actor
    if not is_asked(request) or actor.subject_id is None:
        return {"offered": offered, "mark": mark(PayWith()), "due": found.total + premium}
    held = wallet.spendable(actor.subject_id, at=at)
    left = total((one.balance for one in held), found.total.currency)
    most = min(left, found.total)
    chosen = Money(read(request).cards_minor, found.total.currency) if CARDS in request.POST else most
    used = min(chosen, most)
    return {
        "offered": offered,
        "asked": True,
        "left": left,
        "cards": used,
        "due": found.total - used + premium,
        "mark": mark(PayWith(used.minor)),
        "ended": any(one.balance and one not in held for one in wallet.cards_of(actor.subject_id)),
    }


def said_changed() -> str:
    return _("Your choice of gift cards is in the sum now. Check it and go on.")
