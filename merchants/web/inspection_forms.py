"""Forms of the staff's inspections: what was seen, and the second look."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.inspecting import Seen
from merchants.inspection_moves import TEXT_LIMIT
from merchants.models import Inspection
from web.forms import Form

ROOM = 3


def _text(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=TEXT_LIMIT,
        required=False,
        **more,
    )


class RecordForm(Form):
    """Rows of findings that are left empty are none; without any the shop is clean."""

    scope = forms.CharField(
        label=_("What was looked at"),
        help_text=_("Pages, listings, papers. The shop reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=TEXT_LIMIT,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(1, ROOM + 1):
            self.fields[f"rule_{place}"] = forms.CharField(
                label=_("Rule it rests on"), max_length=100, required=False
            )
            self.fields[f"facts_{place}"] = _text(_("What was found"))
            self.fields[f"remedy_{place}"] = _text(_("What puts it right"))

    def findings(self) -> list[Seen]:
        """Every row in which something was written."""
        found = []
        for place in range(1, ROOM + 1):
            said = [self.cleaned_data[f"{name}_{place}"] for name in ("rule", "facts", "remedy")]
            if any(said):
                found.append(Seen(*said))
        return found


class SecondLookForm(Form):
    """A verdict on each finding, and what follows."""

    outcome = forms.CharField(
        label=_("What came of it"),
        help_text=_("The shop reads it; with a penalty the public does, too: no names of persons."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=TEXT_LIMIT,
    )
    points = forms.IntegerField(label=_("Points, if a penalty follows"), min_value=1, required=False)

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ids: list[UUID] = []
        for each in inspection.findings.order_by("position"):
            self.ids.append(each.pk)
            self.fields[f"right_{each.pk.hex}"] = forms.ChoiceField(
                label=each.facts[:120],
                choices=[("", "–"), ("yes", _("Put right")), ("no", _("Not put right"))],
                error_messages={"required": _("Say of each finding whether it is put right.")},
            )

    def verdicts(self) -> dict[UUID, bool]:
        return {each: self.cleaned_data[f"right_{each.hex}"] == "yes" for each in self.ids}
