"""Handing in a document."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from merchants.document_kinds import KIND_WORDS, OF_A_BRAND, DocumentKind
from merchants.documents import Paper
from web.forms import Form

ACCEPT = ".jpg,.jpeg,.png,.webp,.pdf"


class Day(forms.DateInput):
    input_type = "date"


class PaperFields(Form):
    """What every document says of itself, and its pictures; `kind` is added by who lets one choose."""

    number = forms.CharField(label=_("Number on the document"), max_length=40)
    issuer = forms.CharField(label=_("Issued by"), max_length=120, required=False)
    valid_from = forms.DateField(label=_("Valid from"), required=False, widget=Day)
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, widget=Day, help_text=_("Leave empty if it has no end.")
    )
    file = forms.FileField(
        label=_("Picture or PDF of the document"),
        help_text=_(
            "JPG, PNG, WebP or PDF. Stored encrypted; only our merchant desk opens it,"
            " and each look is recorded."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPT, "class": "input"}),
    )
    back = forms.FileField(
        label=_("The back, if there is one"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT, "class": "input"}),
    )

    def paper(self, kind: DocumentKind) -> Paper:
        given = self.cleaned_data
        return Paper(
            kind=kind,
            number=given["number"],
            file=given["file"],
            issuer=given["issuer"],
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
            back=given["back"] or None,
        )


class DocumentForm(PaperFields):
    kind = forms.ChoiceField(label=_("What it is"))
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)

    field_order = ("kind",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What proves a brand is handed in with the link that it proves.
        kinds = [kind for kind in KIND_WORDS if kind not in OF_A_BRAND]
        choices = [(str(kind), gettext(KIND_WORDS[kind])) for kind in kinds]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
