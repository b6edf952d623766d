"""The invoice at the checkout: wanted or not, never ticked before; asked of each shop once it is paid."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from orders import access
from orders.checkout import Checkout
from orders.invoice_states import TAX_NUMBER_LENGTH, TITLE_LENGTH
from orders.invoices import asking, titles
from orders.invoices.titles import Title
from orders.models import InvoiceTitle
from orders.web.invoice_forms import TITLE_KINDS
from web.forms import Form
from web.http import Request

PREFIX = "invoice"


class InvoiceWishForm(Form):
    """Nothing is asked of who wants none. `kept` are the person's titles, the first choice is a new one."""

    want = forms.BooleanField(label=_("I want an invoice"), required=False)
    kept = forms.ChoiceField(label=_("Made out to"), required=False)
    kind = forms.ChoiceField(
        label=_("A new title"),
        choices=TITLE_KINDS,
        initial=TITLE_KINDS[0][0],
        required=False,
        widget=forms.RadioSelect({"class": "radio"}),
    )
    title = forms.CharField(label=_("Name on the invoice"), max_length=TITLE_LENGTH, required=False)
    tax_number = forms.CharField(
        label=_("Tax number"),
        max_length=TAX_NUMBER_LENGTH + 10,
        required=False,
        help_text=_("Only for a company: the 18 characters on its licence."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, kept: list[InvoiceTitle], **kwargs: Any) -> None:
        super().__init__(*args, prefix=PREFIX, **kwargs)
        self.rows = {str(each.pk): each for each in kept}
        self.wanted: Title | None = None
        if kept:
            choices = [("", _("a new title")), *((key, row.title) for key, row in self.rows.items())]
            self.fields["kept"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["kept"]

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if not told.get("want"):
            self.errors.clear()
            return told
        row = self.rows.get(told.get("kept") or "")
        try:
            self.wanted = (
                Title.written(row.kind, row.title, row.tax_number or "")
                if row
                else Title.written(told.get("kind", ""), told.get("title", ""), told.get("tax_number", ""))
            )
        except DomainError as refusal:
            self.refuse(refusal)
        return told


def form_of(request: Request) -> InvoiceWishForm:
    """What was sent, else empty; somebody who acts for another doesn't read their titles."""
    actor = access.shopper_or_nobody(request)
    kept = list(titles.titles_of(actor)) if actor and not request.acting else []
    return InvoiceWishForm(request.POST if request.method == "POST" else None, kept=kept)


def wish_of(request: Request) -> InvoiceWishForm:
    """What was sent; kept titles are read only for whoever wants an invoice."""
    wanted = f"{PREFIX}-want" in request.POST
    return form_of(request) if wanted else InvoiceWishForm(request.POST, kept=[])


def ask(form: InvoiceWishForm, done: Checkout, actor: Actor) -> None:
    """In the transaction of the order, so that no order is there without the invoice that went with it."""
    if form.wanted is not None:
        asking.want(orders=done.orders, title=form.wanted, actor=actor, at=clock.now())
