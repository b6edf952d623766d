"""Forms of invoices: to whom, by the buyer; number, sum, rates and file, by the shop."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.money import Money
from orders.invoice_states import (
    NUMBER_LENGTH,
    TAX_NUMBER_LENGTH,
    TITLE_LENGTH,
    RefusalReason,
    TitleKind,
)
from orders.invoices.issuing import Issued
from orders.invoices.titles import Title
from orders.models import InvoicePaper
from web.forms import Form

TITLE_KINDS = [
    (str(TitleKind.PERSON), _("A person")),
    (str(TitleKind.COMPANY), _("A company or other organisation")),
]
REASONS = [
    (str(RefusalReason.TITLE_UNKNOWN), _("The tax office's form doesn't take this name")),
    (str(RefusalReason.NUMBER_OF_ANOTHER), _("The tax number belongs to another name")),
]
_RATE_WRONG = _("Enter a rate from 0 to less than 100, such as 13.")


class TitleForm(Form):
    """To whom it is made out; `keeps` offers to keep it."""

    kind = forms.ChoiceField(
        label=_("Made out to"),
        choices=TITLE_KINDS,
        initial=str(TitleKind.PERSON),
        widget=forms.RadioSelect({"class": "radio"}),
    )
    title = forms.CharField(
        label=_("Name on the invoice"),
        max_length=TITLE_LENGTH,
        error_messages={"required": _("Enter the name that the invoice is made out to.")},
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    tax_number = forms.CharField(
        label=_("Tax number"),
        max_length=TAX_NUMBER_LENGTH + 10,
        required=False,
        help_text=_("Only for a company: the 18 characters on its licence."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    keep = forms.BooleanField(label=_("Keep it for the next invoice"), required=False)

    def __init__(self, *args: Any, keeps: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not keeps:
            del self.fields["keep"]

    @property
    def written(self) -> Title:
        """:raises TitleMissing, TaxNumberWrong: with the field to change"""
        told = self.cleaned_data
        return Title.written(told["kind"], told["title"], told["tax_number"])


class IssueForm(Form):
    """One rate for each line; `shown` is what of each line the paper says."""

    number = forms.CharField(
        label=_("Number of the e-invoice"),
        max_length=NUMBER_LENGTH,
        help_text=_("The 20 digits at the top of the file."),
        error_messages={"required": _("Enter the number of the e-invoice.")},
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
    )
    amount = forms.DecimalField(
        label=_("Sum with tax, as the file says"),
        max_digits=12,
        decimal_places=2,
        error_messages={
            "required": _("Enter the sum of the e-invoice."),
            "invalid": _("Enter a sum such as 129.00."),
        },
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "decimal"}),
    )
    file = forms.FileField(
        label=_("File of the e-invoice"),
        help_text=_("PDF, OFD or XML, at most 50 MB."),
        error_messages={"required": _("Choose the file of the e-invoice.")},
    )

    def __init__(
        self, *args: Any, paper: InvoicePaper, lines: Mapping[UUID, str], rates: Mapping[UUID, int],
        asks_rates: bool, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.paper = paper
        self.lines = list(lines) if asks_rates else []
        for line_id in self.lines:
            known = rates.get(line_id)
            self.fields[f"rate_{line_id.hex}"] = forms.DecimalField(
                label=_("Tax rate in %%: %(what)s") % {"what": lines[line_id]},
                max_digits=4,
                decimal_places=2,
                min_value=0,
                max_value=Decimal("99.99"),
                initial=None if known is None else f"{known / 100:g}",
                error_messages=dict.fromkeys(
                    ("required", "invalid", "min_value", "max_value", "max_digits"), _RATE_WRONG
                ),
                widget=forms.TextInput({"class": "input", "inputmode": "decimal", "autocomplete": "off"}),
            )

    @property
    def issued(self) -> Issued:
        told = self.cleaned_data
        return Issued(
            number=told["number"],
            amount=Money(int(told["amount"] * 100), self.paper.currency),
            rates={line_id: int(told[f"rate_{line_id.hex}"] * 100) for line_id in self.lines},
            upload=told["file"],
        )


class RefuseForm(Form):
    reason = forms.ChoiceField(
        label=_("Why it can't be issued"),
        choices=REASONS,
        widget=forms.RadioSelect({"class": "radio"}),
        error_messages={"required": _("Choose the reason: only these are lawful.")},
    )


class FileForm(Form):
    file = forms.FileField(
        label=_("File of the e-invoice"),
        help_text=_("PDF, OFD or XML, at most 50 MB."),
        error_messages={"required": _("Choose the file of the e-invoice.")},
    )
