"""The form with which a shop chooses a promise: which, from which day, for which categories."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog import promises
from catalog.promising import Terms
from catalog.schema import in_language
from orders.web import goods_field
from rulebook import current, wording
from web.forms import Form


class PromiseForm(Form):
    key = forms.ChoiceField(
        label=_("Promise"),
        error_messages={"required": _("Choose a promise."), "invalid_choice": _("Choose a promise.")},
    )
    starts_on = forms.DateField(
        label=_("From which day"),
        required=False,
        help_text=_("Left open, it holds at once."),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Enter a day, like 2026-12-01.")},
    )
    categories = goods_field.goods_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        locale = wording.locale()
        made = [(each.key, in_language(each.texts, locale)) for each in promises.known().values()]
        self.fields["key"].choices = [("", _("Choose a promise.")), *made]  # type: ignore[attr-defined]
        self.fields["categories"].choices = goods_field.choices()  # type: ignore[attr-defined]

    def terms(self, *, at: datetime) -> Terms:
        """A day begins at midnight where the platform is; today means now."""
        day = self.cleaned_data["starts_on"]
        zone = ZoneInfo(current.pack(current.HOME, at).zone)
        begins = datetime.combine(day, time.min, tzinfo=zone) if day else None
        if begins is not None and day == at.astimezone(zone).date():
            begins = None
        return Terms(self.cleaned_data["key"], tuple(self.cleaned_data["categories"]), begins)
