"""The forms of a negotiation: the shop's answer, what the buyer asks for instead, what was done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.answering import Answer
from complaints.limits import TEXT_LIMIT
from complaints.models import Complaint
from complaints.offer_models import MOST_DAYS
from complaints.proposing import Proposal
from complaints.remedy_kinds import DONE_BY_SHOP, LABELS, Remedy
from complaints.states import ComplaintState
from complaints.web.forms import MoneyField
from web import forms as web_forms

NOTHING = "nothing"


def _choose(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _days() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Within how many days"),
        help_text=_("Only for what the shop does. Left empty it is the usual time."),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
    )


class AnswerForm(web_forms.Form):
    """The merchant's answer, each choice with what it leads to."""

    kind = forms.ChoiceField(label=_("Your answer"), widget=forms.RadioSelect)
    remedy = forms.ChoiceField(
        label=_("What you offer"), help_text=_("Only for an offer."), widget=forms.RadioSelect, required=False
    )
    offered = MoneyField(label=_("How much you offer"), help_text=_("Only for money back."), required=False)
    days = _days()
    text = forms.CharField(
        label=_("What you say to it"),
        help_text=_("The buyer and, if it comes to that, our reviewer read it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=TEXT_LIMIT,
    )

    def __init__(self, complaint: Complaint, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accept = _("Accept: the buyer gets what is asked, the case ends")
        if complaint.state == ComplaintState.COUNTERED:
            accept = _("Accept what the buyer asks for now")
        kinds = [
            (str(Answer.ACCEPT), accept),
            (str(Answer.OFFER), _("Offer something else: the buyer has time to think")),
            (str(Answer.CONTEST), _("Contest: say why; the buyer may ask for our ruling")),
        ]
        if complaint.state == ComplaintState.COUNTERED and complaint.offer_id is None:
            # The buyer said no and asked for nothing new: there is nothing to accept but the whole claim.
            kinds[0] = (str(Answer.ACCEPT), _("Accept the complaint in full"))
        _choose(self, "kind", kinds)
        _choose(self, "remedy", [(str(each), label) for each, label in LABELS.items()])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == Answer.OFFER:
            remedy = cleaned.get("remedy") or Remedy.REFUND
            if remedy == Remedy.REFUND and not cleaned.get("offered") and "offered" not in self.errors:
                self.add_error("offered", _("Enter what you offer."))
        return cleaned

    def proposal(self) -> Proposal | None:
        given = self.cleaned_data
        if given["kind"] != Answer.OFFER:
            return None
        return _proposal(given["remedy"] or Remedy.REFUND, given)


class CounterForm(web_forms.Form):
    """What the buyer asks for instead of what is offered, or a plain no."""

    remedy = forms.ChoiceField(label=_("What would settle it?"), widget=forms.RadioSelect)
    offered = MoneyField(label=_("How much back"), help_text=_("Only for money back."), required=False)
    days = _days()
    text = forms.CharField(
        label=_("What you say to it"),
        help_text=_("The shop and, if it comes to that, our reviewer read it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=TEXT_LIMIT,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(each), label) for each, label in LABELS.items()]
        _choose(self, "remedy", [*named, (NOTHING, _("Only a no: the shop may offer something better"))])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (
            cleaned.get("remedy") == Remedy.REFUND
            and not cleaned.get("offered")
            and "offered" not in self.errors
        ):
            self.add_error("offered", _("Enter how much you want back."))
        return cleaned

    def proposal(self) -> Proposal | None:
        given = self.cleaned_data
        return None if given["remedy"] == NOTHING else _proposal(given["remedy"], given)


class DoneForm(web_forms.Form):
    """The shop says what it has done."""

    text = forms.CharField(
        label=_("What you have done"),
        help_text=_("With the parcel's number, the day or the new wording; the buyer looks at it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=TEXT_LIMIT,
    )


class ObjectionForm(web_forms.Form):
    """The buyer says what is still wrong."""

    text = forms.CharField(
        label=_("What is still wrong?"),
        help_text=_("We read both sides and decide."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=TEXT_LIMIT,
    )


def _proposal(remedy: str, given: dict[str, Any]) -> Proposal:
    chosen = Remedy(remedy)
    if chosen in DONE_BY_SHOP:
        return Proposal(chosen, days=given.get("days"))
    return Proposal(chosen, amount=given.get("offered"))
