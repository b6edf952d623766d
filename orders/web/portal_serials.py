"""Which serial codes go out with an order: the shop ties them while it packs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalog import serial_handing
from catalog.serial_handing import Handed
from kernel import clock
from kernel.errors import N_
from merchants.access import membership_for
from merchants.capabilities import Capability
from orders import access, serial_codes
from orders.models import Order
from orders.web import portal_page
from orders.web.presenting import thing_of
from web.forms import Form
from web.http import Request
from web.respond import page, redirect

REFUSED = {
    Handed.UNKNOWN: N_("Your shop has no such code for this product. Compare it with the label."),
    Handed.ELSEWHERE: N_(
        "This code went out with another order. It isn't tied to this one, and we look at it."
        " Take another label."
    ),
    Handed.FULL: N_("Each piece of this line has its code already."),
}


class HandOutForm(Form):
    line = forms.ChoiceField(label=gettext_lazy("Product"))
    code = forms.CharField(
        label=gettext_lazy("The code on the label"),
        max_length=128,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [(str(line.pk), thing_of(line)["title"]) for line in order.lines.all()]
        self.fields["line"].choices = lines  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def serials(request: Request, slug: str, number: str) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    order = access.order_for_merchant(membership, number)
    form = HandOutForm(request.POST or None, order=order)
    if request.method == "POST" and form.is_valid():
        given, actor = form.cleaned_data, membership.actor
        handed = serial_codes.hand_out(
            order_id=order.pk, line_id=given["line"], code=given["code"], actor=actor, at=clock.now()
        )
        if handed is Handed.OUT:
            messages.success(request, _("Tied to this order. The buyer sees the end of the code."))
            return redirect(request, "orders:merchant-serials", slug, number)
        form.add_error("code", _(REFUSED[handed]))
    context = {**portal_page.frame(membership), "order": order, "form": form, "things": _things(order)}
    return page(request, "orders/portal_serials.html", context, status=422 if form.errors else 200)


def _things(order: Order) -> list[dict[str, Any]]:
    lines = list(order.lines.all())
    codes = serial_handing.of_lines(line.pk for line in lines)
    given = serial_codes.given(line.pk for line in lines)
    return [
        {
            **thing_of(line),
            "line": line,
            "codes": codes.get(line.pk, []),
            "pieces": line.quantity + given.get(line.pk, 0),
        }
        for line in lines
    ]
