"""The money desk's own forms: they propose, a colleague confirms on the page of joint steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from accounts.web.staff_joint import propose
from accounts.web.staff_pages import workbench
from kernel.errors import N_, Invalid
from kernel.money import Money
from payments import by_hand
from payments.gateways import registry
from web import respond
from web.admin import require
from web.forms import Form


class SumUnreadable(Invalid):
    code = "by_hand_sum_unreadable"
    message = N_("Write the sum in yuan, like 120.50.")


class ByHandForm(Form):
    merchant_id = forms.UUIDField(label=_("Key of the shop"))
    order_id = forms.UUIDField(label=_("Key of the order"))
    amount = forms.CharField(
        label=_("Sum"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    provider = forms.ChoiceField(label=_("Through"))

    def __init__(self, *args: Any, advance: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["provider"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.name, one.name) for one in registry.paying_out()]
        del self.fields["provider" if advance else "order_id"]

    def clean_amount(self) -> Money:
        try:
            found = Money.parse(self.cleaned_data["amount"])
        except ValueError:
            raise forms.ValidationError(gettext(SumUnreadable.message)) from None
        if found.minor <= 0:
            raise forms.ValidationError(gettext(by_hand.SumUnfit.message))
        return found


class ByHand(View):
    """Paying out (`advance` False), or helping out from the fund."""

    advance = False

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request, self._permission())
        return self._page(request, ByHandForm(advance=self.advance))

    def post(self, request: HttpRequest) -> HttpResponse:
        require(request, self._permission())
        form = ByHandForm(request.POST, advance=self.advance)
        if not form.is_valid():
            return self._page(request, form, 422)
        given = form.cleaned_data
        sum_ = {"amount_minor": given["amount"].minor, "currency": given["amount"].currency}
        if self.advance:
            propose(
                request,
                by_hand.Advance(order_id=given["order_id"], merchant_id=given["merchant_id"], **sum_),
            )
        else:
            propose(
                request,
                by_hand.PayOut(merchant_id=given["merchant_id"], provider=given["provider"], **sum_),
            )
        return respond.redirect(request, "staff:joint")

    def _permission(self) -> str:
        return by_hand.Advance.permission if self.advance else by_hand.PayOut.permission

    def _page(self, request: HttpRequest, form: ByHandForm, status: int = 200) -> HttpResponse:
        words = by_hand.Advance.words if self.advance else by_hand.PayOut.words
        return workbench(request, "payments/by_hand.html", {"title": gettext(words), "form": form}, status)
