"""The form of a service point."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.limits import ADDRESS_LENGTH, OPENING_LENGTH, POINT_NAME_LENGTH
from orders.models import PointOffer, ServicePoint
from orders.pickup import access
from orders.pickup.points import Written
from web.forms import Form


class PointForm(Form):
    name = forms.CharField(
        label=_("Name"), max_length=POINT_NAME_LENGTH, error_messages={"required": _("Give it a name.")}
    )
    address = forms.CharField(
        label=_("Full address"),
        max_length=ADDRESS_LENGTH,
        error_messages={"required": _("Enter the full address.")},
    )
    hours = forms.CharField(
        label=_("Opening hours"),
        max_length=OPENING_LENGTH,
        help_text=_("As on the door, such as: daily 10:00 to 20:00."),
        error_messages={"required": _("Say when it is open.")},
    )
    offers = forms.MultipleChoiceField(
        label=_("What people can do there"),
        choices=PointOffer.choices,
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"required": _("Choose at least one thing that people can do there.")},
    )
    codes = forms.CharField(
        label=_("Only these products"),
        help_text=_("Their codes, one a line. Left empty, everything you sell is there."),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, point: ServicePoint | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial=_initial(point), auto_id="sp-%s", **kwargs)

    @property
    def written(self) -> Written:
        told = self.cleaned_data
        return Written(
            told["name"], told["address"], told["hours"], told["offers"], told["codes"].splitlines()
        )


def _initial(point: ServicePoint | None) -> dict[str, Any]:
    if point is None:
        return {"offers": [PointOffer.PICKUP, PointOffer.RETURN]}
    told = {name: getattr(point, name) for name in ("name", "address", "hours", "offers")}
    return {**told, "codes": "\n".join(access.codes_of(point))}


class CodeForm(Form):
    code = forms.CharField(
        label=_("The buyer's code"),
        help_text=_("Eight figures. Type them, or scan the picture on the buyer's phone."),
        max_length=40,
        error_messages={"required": _("Enter the code that the buyer shows.")},
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric", "class": "input"}),
    )
    # Where a return is handed in; asked only where the shop has several points for it.
    point = forms.UUIDField(
        required=False,
        error_messages={"invalid": _("Say at which service point the goods were handed in.")},
    )
