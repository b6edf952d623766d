"""Forms in our own markup: label above, hint under it, message last, and a summary that takes focus."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, FileInput, HiddenInput, RadioSelect
from django.utils.translation import gettext_lazy as _

from kernel.days import FIRST, LAST, is_countable
from kernel.errors import DomainError
from web.errors import sentence

REQUIRED = forms.Field.default_error_messages["required"]
PLAIN = (CheckboxInput, RadioSelect, CheckboxSelectMultiple, FileInput, HiddenInput)


class Form(forms.Form):
    """Base of our forms: `components/form.html` renders one with its error summary."""

    required_css_class = ""
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            widget = field.widget
            if field.label and field.error_messages.get("required") == REQUIRED:
                field.error_messages["required"] = _("Still to answer: %(field)s") % {"field": field.label}
            if not isinstance(widget, PLAIN):
                widget.attrs["class"] = f"{widget.attrs.get('class', '')} input".strip()
            elif isinstance(widget, CheckboxInput):
                widget.attrs.setdefault("class", "tick")

    def _clean_fields(self) -> None:
        """A day that can be written and not counted from is refused wherever it is typed."""
        super()._clean_fields()  # type: ignore[misc]
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, date) and not is_countable(value):
                said = {"first": FIRST.year, "last": LAST.year}
                self.add_error(name, _("Enter a day from the years %(first)s to %(last)s.") % said)

    def refuse(self, error: DomainError) -> None:
        """Show a named refusal at its field (`error.params["field"]`), or above the form."""
        field = error.params.get("field")
        target = str(field) if field in self.fields else None
        self.add_error(target, sentence(error))

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(anchor, message) of everything to change, for the summary."""
        found = [("", str(message)) for message in self.non_field_errors()]
        for bound in self:
            found += [(anchor(bound), str(message)) for message in bound.errors]
        return found


def anchor(bound: BoundField) -> str:
    """The id to which the summary's link jumps; for radio groups the first choice."""
    if isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    return bound.auto_id
