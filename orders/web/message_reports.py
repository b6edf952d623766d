"""Reporting a message to the platform: the buyer's page and the shop's, one form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.mandate_scopes import Scope
from kernel import clock
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from orders import access
from orders.messages import reading, reporting
from orders.models import Order
from orders.states import MessageSeat, ReportCause, ReportOutcome
from orders.web import portal_page
from web.forms import Form
from web.http import Request
from web.idempotency import idempotent
from web.respond import page, redirect

CAUSES = {
    ReportCause.OFF_PLATFORM: N_("It leads to paying or dealing outside the platform"),
    ReportCause.FRAUD: N_("It tries to cheat me: false links, asking for codes"),
    ReportCause.THREAT: N_("It threatens me"),
    ReportCause.INSULT: N_("It insults me"),
    ReportCause.PRIVATE_DATA: N_("It shows somebody's private data"),
    ReportCause.OTHER: N_("Something else"),
}
OUTCOMES = {
    ReportOutcome.HIDDEN: N_("Hide it from both sides"),
    ReportOutcome.WARNED: N_("Leave it, and warn who wrote it"),
    ReportOutcome.NO_BREACH: N_("Nothing is wrong with it"),
}


class MessageReportForm(Form):
    cause = forms.ChoiceField(
        label=_("What is wrong with it"),
        widget=forms.RadioSelect({"class": "radio"}),
        error_messages={"required": _("Choose what is wrong with it.")},
    )
    words = forms.CharField(
        label=_("What we should know"),
        required=False,
        max_length=reporting.WORDS_LENGTH,
        help_text=_("Sealed; the other side never reads it."),
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["cause"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(str(key), _say(words)) for key, words in CAUSES.items()]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, number: str, message_id: UUID) -> HttpResponse:
    """The buyer reports a message of the shop."""
    actor = access.buyer_of(request, scope=Scope.ORDERS)
    order = access.order_for_buyer(actor, number)
    reading.message_of(order, message_id, reader=MessageSeat.BUYER)
    if request.method == "POST":
        return _buyer_sends(request, actor, order, message_id)
    return _buyer_page(request, order, MessageReportForm())


@idempotent
def _buyer_sends(request: Request, actor: Actor, order: Order, message_id: UUID) -> HttpResponse:
    form = MessageReportForm(request.POST)
    if _sent(form, order, message_id, MessageSeat.BUYER, actor):
        return redirect(request, "orders:messages", order.number)
    return _buyer_page(request, order, form, status=422)


def _buyer_page(request: Request, order: Order, form: MessageReportForm, status: int = 200) -> HttpResponse:
    context = {"order": order, "form": form, "here": request.path}
    return page(request, "orders/message_report.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shop_report(request: Request, slug: str, number: str, buyer_message_id: UUID) -> HttpResponse:
    """The shop reports a message of the buyer."""
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    order = access.order_for_merchant(membership, number)
    reading.message_of(order, buyer_message_id, reader=MessageSeat.MERCHANT)
    if request.method == "POST":
        return _shop_sends(request, membership, order, buyer_message_id)
    return _shop_page(request, membership, order, MessageReportForm())


@idempotent
def _shop_sends(request: Request, membership: Membership, order: Order, message_id: UUID) -> HttpResponse:
    form = MessageReportForm(request.POST)
    if _sent(form, order, message_id, MessageSeat.MERCHANT, membership.actor):
        return redirect(request, "orders:merchant-messages", membership.merchant.slug, order.number)
    return _shop_page(request, membership, order, form, status=422)


def _shop_page(
    request: Request, membership: Membership, order: Order, form: MessageReportForm, status: int = 200
) -> HttpResponse:
    context = {**portal_page.frame(membership), "order": order, "form": form, "here": request.path}
    return page(request, "orders/portal_message_report.html", context, status=status)


def _sent(form: MessageReportForm, order: Order, message_id: UUID, seat: MessageSeat, actor: Actor) -> bool:
    if not form.is_valid():
        return False
    told = form.cleaned_data
    try:
        reporting.report(
            order_id=order.pk,
            message_id=message_id,
            seat=seat,
            cause=ReportCause(told["cause"]),
            words=told["words"],
            actor=actor,
            at=clock.now(),
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    return True
