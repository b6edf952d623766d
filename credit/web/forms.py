"""The forms of reviewing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from web import forms as web_forms

SCORES: list[tuple[int, Any]] = [
    (5, _("5, very good")),
    (4, _("4, good")),
    (3, _("3, all right")),
    (2, _("2, not good")),
    (1, _("1, bad")),
]
QUESTIONS = {
    "goods": _("How good are the goods?"),
    "description": _("Are they as the page described them?"),
    "delivery": _("How was the delivery?"),
    "aftersales": _("How did the shop treat you?"),
}


def score(name: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=QUESTIONS[name], choices=SCORES, coerce=int, widget=forms.RadioSelect,
        error_messages={
            "required": _("Give 1 to 5 points."),
            "invalid_choice": _("Give 1 to 5 points."),
        },
    )  # fmt: skip


class ReviewForm(web_forms.Form):
    """Four scores apart, none chosen on load, and words if one wants."""

    goods = score("goods")
    description = score("description")
    delivery = score("delivery")
    aftersales = score("aftersales")
    text = forms.CharField(
        label=_("What should others know?"),
        help_text=_(
            "Up to 2,000 characters. Everybody can read it; you can't change it later, only add to it once."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )


class NoteForm(web_forms.Form):
    """A follow-up or a reply."""

    text = forms.CharField(
        label=_("Your words"),
        help_text=_("Up to 2,000 characters, once; it can't be changed later."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write a sentence first.")},
    )
