"""The forms of filing, answering and ruling."""

from __future__ import annotations

import unicodedata
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from complaints.grounds import GROUNDS, WISHES, Wish
from complaints.limits import TEXT_LIMIT
from complaints.models import Outcome
from complaints.web import frozen
from kernel.errors import DomainError
from kernel.money import Money
from orders.models import Order
from web import forms as web_forms
from web.errors import sentence


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class MoneyField(forms.CharField):
    """A sum as people type it; empty gives None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Money.parse(unicodedata.normalize("NFKC", text))
        except DomainError as error:
            raise forms.ValidationError(sentence(error)) from error


class StoryForm(web_forms.Form):
    """The first page: what happened, to which item, and what the buyer wants."""

    category = forms.ChoiceField(label=_("What happened?"), widget=forms.RadioSelect)
    line_id = forms.ChoiceField(label=_("Which item?"), widget=forms.RadioSelect, required=False)
    text = forms.CharField(
        label=_("Tell it in your own words"),
        help_text=_("Two or three sentences are enough: what you expected, what came, since when."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=TEXT_LIMIT,
    )
    wish = forms.ChoiceField(label=_("What do you want?"), widget=forms.RadioSelect)
    asked = MoneyField(
        label=_("How much back, if only a part"),
        help_text=_("Only for “part of my money back”."),
        required=False,
    )
    field = forms.ChoiceField(
        label=_("Which line of the page is wrong?"),
        help_text=_(
            "The page as you bought it is frozen; point at the line and the case starts with the proof."
        ),
        required=False,
    )

    def __init__(self, order: Order, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("category", [(str(one.category), one.label) for one in GROUNDS.values()])
        self._choose("wish", [(str(wish), label) for wish, label in WISHES.items()])
        lines = list(order.lines.select_related("revision").order_by("position"))
        titles = [(str(line.pk), line.title(get_language() or "zh-hans")) for line in lines]
        self._choose("line_id", [*titles, ("", _("The whole order"))] if len(titles) > 1 else titles)
        self._choose("field", [("", _("None in particular")), *_frozen_fields(lines)])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (
            cleaned.get("wish") == Wish.PART_REFUND
            and not cleaned.get("asked")
            and "asked" not in self.errors
        ):
            self.add_error("asked", _("Enter how much you want back."))
        return cleaned

    def told(self) -> dict[str, str]:
        """The answers as the draft keeps them."""
        given = self.cleaned_data
        asked = given.get("asked")
        return {
            "category": given["category"],
            "wish": given["wish"],
            "text": given["text"],
            "line_id": given.get("line_id", ""),
            "field": given.get("field", ""),
            "asked_minor": str(asked.minor) if asked else "",
        }


def _frozen_fields(lines: list[Any]) -> list[tuple[str, str]]:
    """The attribute keys of what was bought, by their labels."""
    found: dict[str, str] = {}
    for line in lines:
        for key, label in frozen.fields_of(line.revision, get_language() or "zh-hans"):
            found.setdefault(key, label)
    return list(found.items())


class EvidenceForm(web_forms.Form):
    files = forms.FileField(  # type: ignore[assignment]
        label=_("Photos, videos or documents"), required=False, widget=ManyFiles
    )


class SayForm(web_forms.Form):
    text = forms.CharField(
        label=_("What is new"), widget=forms.Textarea(attrs={"rows": 3}), max_length=TEXT_LIMIT
    )


class RulingForm(web_forms.Form):
    """The reviewer's ruling."""

    outcome = forms.ChoiceField(
        label=_("Ruling"),
        choices=[
            (Outcome.UPHELD, _("Upheld: the buyer gets all of it")),
            (Outcome.PARTLY, _("Partly upheld: a part, named below")),
            (Outcome.REFUSED, _("Not upheld: nothing is paid")),
        ],
        widget=forms.RadioSelect,
    )
    amount = MoneyField(label=_("Sum for the buyer"), help_text=_("Only if partly upheld."), required=False)
    ground = forms.ChoiceField(
        label=_("On top of the price, by law"),
        help_text=_("The law sets the sum, from the price of the disputed goods. You find only the ground."),
        widget=forms.RadioSelect,
        required=False,
    )
    loss = MoneyField(
        label=_("Loss that the goods caused"),
        help_text=_("Only where the law counts it, and only as far as it was shown."),
        required=False,
    )
    loss_shown = forms.CharField(
        label=_("What shows the loss"),
        help_text=_("Such as the receipts of a hospital in the case. It becomes part of what we found."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        required=False,
    )
    # The sum on top as it was shown before the signature.
    seen = MoneyField(widget=forms.HiddenInput, required=False)
    facts = forms.CharField(
        label=_("What we found"), widget=forms.Textarea(attrs={"rows": 4}), max_length=TEXT_LIMIT
    )
    reasons = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 5}), max_length=TEXT_LIMIT)
    rule_ids = forms.MultipleChoiceField(
        label=_("Rules it rests on"), widget=forms.CheckboxSelectMultiple, required=False
    )
    other_rules = forms.CharField(
        label=_("Further rules by their ids"),
        help_text=_("As in the rules library, such as cn.return.window; separate several by commas."),
        required=False,
        max_length=500,
    )

    def __init__(
        self, rules: list[tuple[str, str]], grounds: list[tuple[str, str]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice, ground = self.fields["rule_ids"], self.fields["ground"]
        assert isinstance(choice, forms.MultipleChoiceField) and isinstance(ground, forms.ChoiceField)
        choice.choices = rules
        ground.choices = [("", _("Nothing on top")), *grounds]
        if not grounds:
            for name in ("ground", "loss", "loss_shown", "seen"):
                del self.fields[name]

    def show_sum(self, amount: Money, reckoning: str) -> None:
        """Put the sum and how it is reckoned before the person who signs next."""
        typed = cast(QueryDict, self.data).copy()
        typed["seen"] = amount.decimal_text
        self.data = typed
        self["ground"].help_text = reckoning

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (
            cleaned.get("outcome") == Outcome.PARTLY
            and not cleaned.get("amount")
            and "amount" not in self.errors
        ):
            self.add_error("amount", _("Enter the sum."))
        return cleaned
