"""Forms of sending: one parcel, or many by lines and files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from orders import bulk_rows
from orders.bulk_rows import BulkRow
from orders.limits import TRACKING_LENGTH
from rulebook.wording import locale
from web.forms import Form

LARGEST_FILE = 1024 * 1024


class TrackingForm(Form):
    """A parcel's number, and how many of each line it holds; all that is left where nobody says."""

    tracking_number = forms.CharField(
        label=_("Tracking number"),
        max_length=TRACKING_LENGTH + 20,
        help_text=_("As it stands on the label. Spaces don't matter."),
        error_messages={"required": _("Enter the tracking number.")},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, *args: Any, lines: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [line for line in lines if line.to_send]
        if sum(line.to_send for line in self.lines) < 2:
            self.lines = []
        for line in self.lines:
            out_of_range = _("Only %(most)s of this item are left to send.") % {"most": line.to_send}
            self.fields[f"line_{line.pk.hex}"] = forms.IntegerField(
                label=line.title(locale()),
                help_text=_("%(n)s left to send") % {"n": line.to_send},
                required=False,
                min_value=0,
                max_value=line.to_send,
                initial=line.to_send,
                widget=forms.NumberInput({"class": "input", "inputmode": "numeric"}),
                error_messages={
                    "invalid": _("Enter a whole number."),
                    "min_value": out_of_range,
                    "max_value": out_of_range,
                },
            )

    @property
    def pieces(self) -> dict[UUID, int] | None:
        """None where the form was sent without its lines: then all that is left goes."""
        asked = {line.pk: f"line_{line.pk.hex}" for line in self.lines}
        if not any(name in self.data for name in asked.values()):
            return None
        return {line_id: self.cleaned_data.get(name) or 0 for line_id, name in asked.items()}


class BulkShippingForm(Form):
    rows = forms.CharField(
        label=_("Orders and tracking numbers"),
        max_length=60_000,
        required=False,
        help_text=_(
            "One line per parcel: order number, tracking number. For a part of an order add SKU and pieces,"
            " with commas or tabs between."
        ),
        widget=forms.Textarea({"rows": 10, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=_(
            "A table (.xlsx or CSV) with the columns order, tracking and, for a part, sku and pieces."
        ),
        widget=forms.FileInput({"accept": ".xlsx,.csv,.txt"}),
    )

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        if given and given.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 1 MB. Split it."))
        return given

    def read(self) -> list[BulkRow]:
        """What the file says, else what was pasted. :raises DomainError: with the field to change"""
        given = self.cleaned_data["file"]
        return bulk_rows.from_file(given.file) if given else bulk_rows.from_text(self.cleaned_data["rows"])
