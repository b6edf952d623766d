"""What was typed into the table: single rows, and the step for the chosen ones. Without script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from catalog.bulk.changes import Change, unchanged
from catalog.bulk.rows import TableRow
from catalog.bulk.steps import PriceStep, Rounding, Step, StockStep, amount_of
from catalog.drafts import AmountRefused
from catalog.importing.understanding import BAD_AMOUNT, BAD_STOCK
from catalog.stock import MOST
from kernel.errors import N_, DomainError
from kernel.money import InvalidAmount, Money
from web.errors import sentence
from web.forms import Form

PRICE_STEPS = {
    PriceStep.KEEP: N_("Leave the price"),
    PriceStep.SET: N_("Set the price to"),
    PriceStep.PLUS: N_("Add an amount"),
    PriceStep.MINUS: N_("Take an amount off"),
    PriceStep.RAISE: N_("Raise by percent"),
    PriceStep.LOWER: N_("Lower by percent"),
}
ROUNDINGS = {
    Rounding.FEN: N_("to 0.01"),
    Rounding.JIAO: N_("to 0.10"),
    Rounding.YUAN: N_("to whole yuan"),
}
STOCK_STEPS = {
    StockStep.KEEP: N_("Leave the stock"),
    StockStep.SET: N_("Set the stock to"),
    StockStep.ADD: N_("Add pieces"),
    StockStep.TAKE: N_("Take pieces off"),
}
SCOPES = {
    "ticked": N_("The rows I ticked"),
    "page": N_("All rows of this page"),
    "found": N_("All rows found, other pages too"),
}


class StepForm(Form):
    """One step for many rows; the rounding holds for percents."""

    scope = forms.ChoiceField(required=False)
    price_step = forms.ChoiceField(required=False)
    amount = forms.CharField(max_length=16, required=False)
    rounding = forms.ChoiceField(required=False)
    stock_step = forms.ChoiceField(required=False)
    pieces = forms.IntegerField(min_value=0, max_value=MOST, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="step-%s", **kwargs)
        told: dict[str, tuple[str, Mapping[Any, str]]] = {
            "scope": (_("For"), SCOPES),
            "price_step": (_("Price"), PRICE_STEPS),
            "rounding": (_("Round percents"), ROUNDINGS),
            "stock_step": (_("Stock"), STOCK_STEPS),
        }
        for name, (label, choices) in told.items():
            self.fields[name].label = label
            self.fields[name].choices = [(str(key), _(words)) for key, words in choices.items()]  # type: ignore[attr-defined]
        self.fields["amount"].label, self.fields["pieces"].label = _("Amount or percent"), _("Pieces")
        self.fields["amount"].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}
        self.fields["pieces"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        price = PriceStep(told.get("price_step") or "")
        self._amount = 0
        if price is not PriceStep.KEEP:
            try:
                self._amount = amount_of(price, told.get("amount") or "")
            except DomainError as refused:
                self.add_error("amount", sentence(refused))
        if told.get("stock_step") and told.get("pieces") is None and "pieces" not in self.errors:
            self.add_error("pieces", _("Say how many pieces."))
        return told

    def step(self) -> Step:
        told = self.cleaned_data
        return Step(
            price=PriceStep(told["price_step"] or ""),
            amount=self._amount,
            rounding=Rounding(told["rounding"] or Rounding.FEN),
            stock=StockStep(told["stock_step"] or ""),
            pieces=told["pieces"] or 0,
        )


@dataclass(slots=True)
class Typed:
    """`texts` is what stood in the inputs, `problems` what can't be read there, both by the input's name."""

    changes: list[Change] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    ticked: set[UUID] = field(default_factory=set)


def shown_rows(posted: QueryDict) -> list[UUID]:
    """The rows that the page held; what isn't an id is passed over."""
    return _ids(posted.getlist("row"))


def _ids(texts: Sequence[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def typed(posted: QueryDict, rows: Sequence[TableRow]) -> Typed:
    """Each row as it was typed; what it was is what its page showed, not what it is by now."""
    found = Typed(ticked=set(_ids(posted.getlist("pick"))))
    for row in rows:
        seen = _seen(posted.get(f"w-{row.variant_id.hex}", ""), row)
        found.changes.append(_typed(posted, seen, found))
    return found


def typed_anew(posted: QueryDict, changes: Sequence[Change]) -> Typed:
    """The plan with what was put right on the page that shows it, without the rows left out."""
    dropped = set(_ids(posted.getlist("drop")))
    found = Typed()
    found.changes = [_typed(posted, each, found) for each in changes if each.variant_id not in dropped]
    return found


def _seen(text: str, row: TableRow) -> Change:
    price, _space, on_hand = text.partition(" ")
    if not on_hand.isdigit() or not (price.isdigit() or price == "-"):
        return unchanged(row)
    return Change(row.variant_id, None if price == "-" else int(price[:14]), int(on_hand[:9]))


def _typed(posted: QueryDict, seen: Change, found: Typed) -> Change:
    key = seen.variant_id.hex
    for name, read in ((f"p-{key}", _with_price), (f"s-{key}", _with_stock)):
        text = posted.get(name)
        if text is None:
            continue
        found.texts[name] = text[:40]
        try:
            seen = read(seen, text.strip()[:40])
        except (InvalidAmount, AmountRefused):
            found.problems[name] = _(BAD_AMOUNT)
        except ValueError:
            found.problems[name] = _(BAD_STOCK)
    return seen


def _with_price(seen: Change, text: str) -> Change:
    """An emptied cell changes nothing: a price can't be taken away in a table."""
    return replace(seen, price=Money.parse(text.removeprefix("¥")).minor if text else None)


def _with_stock(seen: Change, text: str) -> Change:
    if not text:
        return replace(seen, on_hand=None, added=0)
    if not (text.isascii() and text.isdigit()) or int(text[:9]) > MOST:
        raise ValueError(text)
    on_hand = int(text)
    return replace(seen, on_hand=None if on_hand == seen.was_on_hand else on_hand, added=0)
