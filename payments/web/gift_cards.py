"""Gift cards in the account: the wallet, buying one, claiming a code, one card's movements and its code."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits, post
from accounts.post import Contact
from kernel import clock
from kernel.errors import N_, DomainError, NotFound
from notifications import addressees
from payments.gift_card_models import CardKind
from payments.gift_cards import buying, claiming, codes, giving_back, terms, wallet
from payments.lifecycle import GiftCardState
from payments.models import GiftCard
from payments.starting import payment_url
from payments.web.forms import BuyCardForm, ClaimForm
from web.errors import sentence
from web.http import Request
from web.idempotency import idempotent
from web.respond import page, redirect

CODE_MAIL = "payments/mail/gift_card_code"


class TooManyTries(DomainError):
    code = "gift_card_too_many_tries"
    status = 429
    message = N_("You have tried many codes within the hour. Wait a little, then check the signs again.")


def _person(request: Request) -> UUID:
    """Only one's own wallet: these pages know no mandate."""
    if request.actor.subject_id is None:
        raise NotFound()
    return request.actor.subject_id


@never_cache
@login_required
@require_safe
def cards(request: Request) -> HttpResponse:
    return _wallet(request, ClaimForm())


def _wallet(request: Request, form: ClaimForm, status: int = 200) -> HttpResponse:
    subject_id, now = _person(request), clock.now()
    held = wallet.cards_of(subject_id)
    context = {
        "held": [_shown(one, now) for one in held],
        "bought": [_shown(one, now) for one in wallet.bought_by(subject_id)],
        "form": form,
        "now": now,
    }
    return page(request, "payments/cards.html", context, status=status)


def _shown(one: wallet.Held, now: Any) -> dict[str, Any]:
    card = one.card
    return {
        "card": card,
        "balance": one.balance,
        "ended": card.valid_until is not None and now >= card.valid_until,
        "unpaid": card.state == GiftCardState.UNPAID,
        "given_back": card.state == GiftCardState.GIVEN_BACK,
        "claimed": card.holder_id is not None,
    }


@login_required
@require_POST
def claim(request: Request) -> HttpResponse:
    """A code into the wallet; what is wrong with one is never told apart."""
    form, now = ClaimForm(request.POST), clock.now()
    subject_id = _person(request)
    if form.is_valid():
        try:
            if not limits.may_claim(subject=str(subject_id), at=now, now=time.time()):
                raise TooManyTries()
            card = claiming.claim(text=form.cleaned_data["code"], actor=request.actor, at=now)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The card is in your wallet."))
            return redirect(request, "payments:card", card.pk)
    return _wallet(request, form, status=422)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def buy(request: Request) -> HttpResponse:
    """Choose kind and sum, then pay at a provider."""
    _person(request)
    return _bought(request) if request.method == "POST" else _form(request, BuyCardForm())


@idempotent
def _bought(request: Request) -> HttpResponse:
    form = BuyCardForm(request.POST)
    if form.is_valid():
        try:
            card = buying.buy(
                kind=form.chosen, value=form.cleaned_data["value"], actor=request.actor, at=clock.now()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect(request, payment_url(card.payment.number))
    return _form(request, form, status=422)


def _form(request: Request, form: BuyCardForm, status: int = 200) -> HttpResponse:
    now = clock.now()
    context = {"form": form, "limits": terms.limits(now), "now": now}
    return page(request, "payments/card_buy.html", context, status=status)


@never_cache
@login_required
@require_safe
def card(request: Request, card_id: UUID) -> HttpResponse:
    """What is on it and every movement; for its buyer the code's button, as long as nobody claimed it."""
    return _card(request, wallet.card_of(_person(request), card_id))


def _card(request: Request, found: GiftCard, code: str = "", mailed: bool = False) -> HttpResponse:
    subject_id, now = _person(request), clock.now()
    moved = wallet.movements(found) if found.holder_id in (None, subject_id) else []
    balance = moved[0].after if moved else found.value
    mine = found.buyer_id == subject_id
    context = {
        "card": found,
        "moved": [{"row": row, "words": _(row.words)} for row in moved],
        "balance": balance,
        "kind": CardKind(found.kind).label,
        "held": found.holder_id == subject_id,
        "gone": found.holder_id not in (None, subject_id),
        "unclaimed": mine and found.state == GiftCardState.ISSUED and found.holder_id is None,
        "may_return": mine and giving_back.may_give_back(found, at=now) and balance == found.value,
        "ended": found.valid_until is not None and now >= found.valid_until,
        "code": codes.shown(code) if code else "",
        "mailed": mailed,
        "now": now,
    }
    return page(request, "payments/card.html", context)


@never_cache
@login_required
@require_POST
def code(request: Request, card_id: UUID) -> HttpResponse:
    """Make the code, show it this once, and send it to the buyer: it lies in no table in between."""
    found, at = wallet.card_of(_person(request), card_id), clock.now()
    try:
        made = claiming.make_code(card_id=found.pk, actor=request.actor, at=at)
    except DomainError as refusal:
        messages.error(request, sentence(refusal))
        return redirect(request, "payments:card", found.pk)
    mailed = _mail(found, made, at)
    return _card(request, wallet.card_of(_person(request), card_id), made, mailed)


def _mail(found: GiftCard, made: str, at: Any) -> bool:
    """By e-mail only: a text's preview would show it on a locked telephone."""
    known = addressees.of(found.buyer_id)
    if known is None or not known.email:
        return False
    words = {"card_code": codes.shown(made), "amount": str(found.value), "tail": found.tail}
    to = Contact(known.email, get_language() or known.locale)
    try:
        post.write(CODE_MAIL, contact=to, context=words, at=at)
    except post.MailDidNotLeave:
        return False
    return True


@login_required
@require_POST
def keep(request: Request, card_id: UUID) -> HttpResponse:
    """The buyer keeps the card."""
    _person(request)
    return _done(request, card_id, claiming.keep, _("The card is in your wallet."))


@login_required
@require_POST
@idempotent
def give_back(request: Request, card_id: UUID) -> HttpResponse:
    """Unused, and all of it goes back the way it was paid."""
    _person(request)
    return _done(request, card_id, giving_back.give_back, _("The card is given back."))


@login_required
@require_POST
def extend(request: Request, card_id: UUID) -> HttpResponse:
    """A card that ended lasts anew."""
    _person(request)
    return _done(request, card_id, giving_back.extend, _("The card is extended, at no cost."))


def _done(request: Request, card_id: UUID, act: Any, said: str) -> HttpResponse:
    try:
        act(card_id=card_id, actor=request.actor, at=clock.now())
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, said)
    return redirect(request, "payments:card", card_id)
