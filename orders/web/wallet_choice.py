"""Paying with gift cards and points at the checkout: shown when asked for, at no cost to others."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from kernel.errors import DomainError
from kernel.money import Money, total
from orders import cart
from orders.paying_with import PayWith
from orders.web.forms import CheckoutForm
from orders.web.presenting import View
from payments.gift_cards import wallet
from payments.points import spending
from web.errors import sentence
from web.http import Request

ASKED, CARDS, POINTS, SEEN = "wallet", "pay_cards", "pay_points", "seen_wallet"
# More digits than any balance has.
LONGEST = 9


def is_asked(request: Request) -> bool:
    """Only accounts have a wallet, and nobody spends another's."""
    data = request.POST or request.GET
    return ASKED in data and request.user.is_authenticated and not request.acting


def read(request: Request, form: CheckoutForm | None = None) -> PayWith:
    """What was entered; what can't be read is said on the form and pays nothing."""
    if not is_asked(request):
        return PayWith()
    return PayWith(_cards(request, form), _points(request, form))


def _cards(request: Request, form: CheckoutForm | None) -> int:
    text = request.POST.get(CARDS, "").strip()
    if not text:
        return 0
    try:
        return max(0, Money.parse(text).minor)
    except DomainError as refusal:
        if form is not None:
            form.add_error(None, sentence(refusal))
        return 0


def _points(request: Request, form: CheckoutForm | None) -> int:
    text = request.POST.get(POINTS, "").strip()
    if not text:
        return 0
    if text.isascii() and text.isdigit() and len(text) <= LONGEST:
        return int(text)
    if form is not None:
        form.add_error(None, _("Enter the points as a whole number, such as 250."))
    return 0


def mark(chosen: PayWith) -> str:
    """What the page's sum was reckoned with, sent along so that another choice is noticed."""
    return f"{chosen.cards_minor}+{chosen.points_minor}" if chosen.points_minor else str(chosen.cards_minor)


def was_seen(data: QueryDict, chosen: PayWith) -> bool:
    return data.get(SEEN, "0") == mark(chosen)


def is_opened(request: Request) -> bool:
    """The button that opens it was pressed: only to be shown, nothing was chosen yet."""
    return is_asked(request) and CARDS not in request.POST


def shown(request: Request, found: cart.Cart, premium: Money, *, at: datetime) -> View:
    """Balances, choice and what is left to pay, a `premium` too; no balances while nobody asked for them."""
    offered = request.user.is_authenticated and not request.acting
    subject_id = request.actor.subject_id
    if found.is_reserved_first:
        return {"apart": offered, "mark": mark(PayWith()), "due": found.total + premium}
    if not is_asked(request) or subject_id is None:
        return {"offered": offered, "mark": mark(PayWith()), "due": found.total + premium}
    return {"offered": offered, "asked": True, **_opened(request, subject_id, found.total, premium, at=at)}


def _opened(request: Request, subject_id: UUID, whole: Money, premium: Money, *, at: datetime) -> View:
    points = _points_used(request, most := spending.most(subject_id, whole, at=at))
    held = wallet.spendable(subject_id, at=at)
    left = total((one.balance for one in held), whole.currency)
    cards = _cards_used(request, min(left, whole - points))
    return {
        "left": left,
        "cards": cards,
        "points": points,
        "points_most": most,
        "points_left": spending.balance(subject_id, at=at),
        "due": whole - cards - points + premium,
        "mark": mark(PayWith(cards.minor, points.minor)),
        "ended": any(one.balance and one not in held for one in wallet.cards_of(subject_id)),
    }


def _cards_used(request: Request, most: Money) -> Money:
    """All that may pay where nothing was chosen yet."""
    return min(Money(_cards(request, None), most.currency), most) if CARDS in request.POST else most


def _points_used(request: Request, most: Money) -> Money:
    """All that may pay where nothing was chosen yet."""
    return min(Money(_points(request, None), most.currency), most) if POINTS in request.POST else most


def said_changed() -> str:
    return _("Your choice of gift cards and points is in the sum now. Check it and go on.")
