"""The checkout page, and the receipt after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.mandate_scopes import Scope
from catalog import destinations
from catalog.web import sending_to
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.money import Money
from notifications import addressees
from orders import access, cart
from orders import checkout as buying
from orders.cover.offering import Chosen
from orders.models import Order
from orders.promotions.available import Picks
from orders.promotions.claiming import CouponUsed
from orders.web import (
    checkout_book,
    checkout_invoice,
    coupon_choice,
    cover_choice,
    part_words,
    presenting,
    taken_words,
    wallet_choice,
    way_choice,
)
from orders.web.forms import CheckoutForm
from payments.starting import payment_url
from web.http import Request
from web.idempotency import idempotent
from web.respond import page, redirect


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: Request) -> HttpResponse:
    """One page: to whom, what, on which terms, for how much; POST orders and goes on to pay."""
    if request.method == "POST":
        return _place(request)
    actor = access.shopper_or_nobody(request)
    chosen = checkout_book.chosen(request, actor)
    place = chosen.get("destination") or sending_to.of(request)
    found = _bought(actor, request.GET, place) if actor else cart.Cart((), ())
    if actor is None or not (found.groups or found.elsewhere):
        return redirect(request, "orders:cart")
    form = _form(request, found, initial={**(chosen or access.last_recipient(actor)), "destination": place})
    return _page(request, found, form)


@idempotent
def _place(request: Request) -> HttpResponse:
    actor, now = access.shopper_of(request), clock.now()
    place = destinations.known(request.POST.get("destination", ""))
    found, gone = _chosen(actor, request.POST, place)
    if ("reckon" in request.POST or wallet_choice.is_opened(request)) and not gone:
        return _page(request, found, _form(request, found, initial=request.POST.dict()))
    form = _form(request, found, data=request.POST)
    if gone:
        form.refuse(gone)
    invoice = checkout_invoice.wish_of(request)
    if invoice.is_valid() and form.is_valid() and _reckoned(request, form, found):
        try:
            done = _order(found, form, request, actor, now)
            checkout_invoice.ask(invoice, done, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            _remember(request, actor, form, found, now)
            return sending_to.kept(request, redirect(request, payment_url(done.payment.number)), found.place)
    return sending_to.kept(request, _page(request, found, form, status=422), found.place)


def _reckoned(request: Request, form: CheckoutForm, found: cart.Cart) -> bool:
    """Whether the page showed the total with the freight, way, coupons and cards that were sent with it."""
    if not _payment_reckoned(request, form, found):
        return False
    seen = tuple(request.POST.get(name, "") for name in ("seen_place", "seen_coupons", "seen_ways"))
    now = (found.place, coupon_choice.mark(found), way_choice.mark(found))
    if seen == now or _seen(form, found) == _wanted(form, found).total:
        return True
    if seen[2] != now[2]:
        form.add_error(None, _("Your choice of delivery is in the total now. Check it and go on."))
    elif seen[1] != now[1]:
        form.add_error(None, _("Your choice of coupon is in the total now. Check it and go on."))
    else:
        said = _("The freight for this place is in the total now. Check it and go on.")
        form.add_error("destination", said)
    return False


def _payment_reckoned(request: Request, form: CheckoutForm, found: cart.Cart) -> bool:
    """The cards that pay, and what an insurer is paid beside the goods."""
    if not wallet_choice.was_seen(request.POST, wallet_choice.read(request, form)):
        if form.is_valid():
            form.add_error(None, wallet_choice.said_changed())
        return False
    if not cover_choice.was_seen(request.POST, found, at=clock.now()):
        form.add_error(None, cover_choice.said_changed())
        return False
    return True


def _order(
    found: cart.Cart, form: CheckoutForm, request: Request, actor: Actor, now: datetime
) -> buying.Checkout:
    away = [item for item in found.blocked if item.problem == cart.NOT_SENT]
    return buying.place_orders(
        subject_id=_subject(actor),
        recipient=form.recipient,
        confirmations=form.confirmations,
        variant_ids=list(dict.fromkeys(item.key for item in (*found.items, *away))),
        seen_total=_seen(form, found),
        destination=found.place,
        coupons=coupon_choice.picks(request.POST),
        without_gifts=coupon_choice.unwanted_gifts(request.POST),
        pay_with=wallet_choice.read(request),
        covers=cover_choice.read(request.POST),
        ways=way_choice.settled(found),
        found=found,
        actor=actor,
        at=now,
    )


def _subject(actor: Actor) -> UUID:
    if actor.subject_id is None:
        raise NotFound()
    return actor.subject_id


def _seen(form: CheckoutForm, found: cart.Cart) -> Money:
    """The sum the page showed, less what "no" leaves in the cart: so a changed price is noticed."""
    left = found.total - _wanted(form, found).total
    return Money(form.cleaned_data["seen_total"]) - left


def _wanted(form: CheckoutForm, found: cart.Cart) -> cart.Cart:
    """Without what "no" leaves in the cart; goods that travel together share their freight anew."""
    left = {item.key for item in found.items if form.confirmations.get(item.answer_key) is False}
    return cart.only(found, lambda item: item.key not in left)


def _remember(request: Request, actor: Actor, form: CheckoutForm, found: cart.Cart, now: datetime) -> None:
    """A guest's address for letters, the cart's new count, and where it goes for the next time."""
    subject_id = _subject(actor)
    email = form.cleaned_data.get("email")
    if email:
        locale = get_language() or "zh-hans"
        addressees.record(subject_id=subject_id, email=email, phone=None, locale=locale, at=now)
    request.session["cart_count"] = found.pieces - _wanted(form, found).bought_pieces
    checkout_book.keep(request, actor, form, at=now)


def _chosen(actor: Actor, data: QueryDict, place: str) -> tuple[cart.Cart, DomainError | None]:
    """What is bought with the chosen coupons; without them where one can't be used any more."""
    try:
        return _bought(actor, data, place, coupon_choice.picks(data), hold=True), None
    except CouponUsed as gone:
        return _bought(actor, data, place), gone


def _bought(
    actor: Actor, data: QueryDict, place: str, picks: Picks | None = None, *, hold: bool = False
) -> cart.Cart:
    """The whole cart, or only what the address names (buy now); to be ordered from, its lines are held."""
    told: dict[str, Any] = {
        "subject_id": _subject(actor),
        "place": place,
        "at": clock.now(),
        "picks": picks,
        "ways": way_choice.picks(data),
    }
    wanted = set(data.getlist("variant"))
    if hold:
        named = [each for text in wanted if (each := coupon_choice.as_id(text))]
        return cart.hold(**told, variant_ids=named if wanted else None)
    found = cart.contents(**told)
    return cart.only(found, lambda item: str(item.key) in wanted) if wanted else found


def _form(request: Request, found: cart.Cart, **kwargs: Any) -> CheckoutForm:
    excludable = [item.answer_key for item in found.items if item.exclusion == "confirm"]
    guest = not request.user.is_authenticated
    delivered, places = not found.goes_nowhere, sending_to.choices()
    return CheckoutForm(excludable=excludable, guest=guest, delivered=delivered, places=places, **kwargs)


def _page(request: Request, found: cart.Cart, form: CheckoutForm, status: int = 200) -> HttpResponse:
    now, covers = clock.now(), cover_choice.read(request.POST)
    cover = cover_choice.shown(found, covers, at=now)
    context = {
        "cart": presenting.cart_view(found, at=now),
        "form": form,
        "book": checkout_book.shown(request, form),
        "invoice": checkout_invoice.form_of(request),
        "groups": [_group(group, form, found.place, covers, now) for group in found.groups],
        "open": _open(form),
        "only": request.POST.getlist("variant") or request.GET.getlist("variant"),
        "elsewhere": [_elsewhere(group, now) for group in found.elsewhere],
        "blocked": found.blocked,
        "picked_up": found.goes_nowhere,
        "needs_place": found.needs_place,
        "seen": {"ways": way_choice.mark(found), "coupons": coupon_choice.mark(found)},
        "wallet": wallet_choice.shown(request, found, cover["premium"], at=now),
        **cover,
    }
    return page(request, "orders/checkout.html", context, status=status)


def _group(
    group: cart.CartGroup, form: CheckoutForm, place: str, covers: Chosen, now: datetime
) -> presenting.View:
    view = presenting.group_view(group, place=place, at=now)
    view["parts_said"] = part_words.before_buying(group, place)
    for item, shown in zip(group.items, view["items"], strict=True):
        shown["promises"] = presenting.promised(item, at=now)
        shown["rights"] = presenting.offer_rights(item, at=now)
        shown["covers"] = cover_choice.of_item(group, item, covers, at=now)
        name = f"confirm_{item.answer_key.hex}"
        shown["confirm"] = form[name] if name in form.fields else None
    for each in view["gifts"]:
        each["refused"] = form.data.get(each["field"]) == "no"
    return view


def _elsewhere(group: cart.CartGroup, now: datetime) -> presenting.View:
    """A shop whose goods don't go to the chosen place: what can only be picked up, and where."""
    things = [
        presenting.thing(item.listing.content, item.listing.pk, item.variant_id) for item in group.items
    ]
    return {"merchant": group.merchant, "things": things, **way_choice.shown(group, at=now)}


def _open(form: CheckoutForm) -> Sequence[presenting.View]:
    """What is still to be answered, for the aside and the dock."""
    names = [name for name in form.fields if name.startswith("confirm_")]
    return [{"anchor": f"cf-{name.removeprefix('confirm_')}"} for name in names if not form[name].value()]


@never_cache
@require_safe
def receipt(request: Request, payment_number: str) -> HttpResponse:
    """What one payment bought: order numbers, dates and what can be done next."""
    actor = access.buyer_of(request, scope=Scope.BUY)
    orders = access.orders_of_payment(actor, payment_number)
    taken = taken_words.of_orders(orders)
    rows = [{"order": order, "things": _things(order), **taken[order.pk]} for order in orders]
    context = {
        "rows": rows,
        "payment_number": payment_number,
        "purchase": orders[0].purchase,
        "now": clock.now(),
    }
    return page(request, "orders/receipt.html", context)


def _things(order: Order) -> list[presenting.View]:
    return [{**presenting.thing_of(line), "quantity": line.quantity} for line in order.lines.all()]
