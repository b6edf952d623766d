"""A shop's word on an order that it has to confirm first, said on the order's page."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.errors import DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from orders import access, confirming
from orders.web import portal_page, reserved_view
from web.forms import Form
from web.http import Request
from web.idempotency import idempotent
from web.respond import page, redirect


class DeclineForm(Form):
    reason = forms.ChoiceField(
        label=_("Why can't you deliver it?"),
        choices=tuple(reserved_view.REASONS.items()),
        widget=forms.RadioSelect(attrs={"class": "radio"}),
        error_messages={"required": _("Choose a reason from the list. The buyer reads it.")},
    )


@require_POST
@idempotent
def confirmation(request: Request, slug: str, number: str) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    order = access.order_for_merchant(membership, number)
    confirming.confirm(order_id=order.pk, actor=membership.actor, at=clock.now())
    return redirect(request, "orders:merchant-order", slug, number)


@require_POST
@idempotent
def refusal(request: Request, slug: str, number: str) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    order = access.order_for_merchant(membership, number)
    form, now = DeclineForm(request.POST), clock.now()
    if form.is_valid():
        try:
            confirming.decline(
                order_id=order.pk, reason=form.cleaned_data["reason"], actor=membership.actor, at=now
            )
            return redirect(request, "orders:merchant-order", slug, number)
        except DomainError as refused:
            form.refuse(refused)
    context = {**portal_page.order_view(membership, order, at=now), "decline_form": form}
    return page(request, "orders/portal_order.html", context, status=422)
