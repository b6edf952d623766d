"""The editor's form, built from the category's schema: one control for each fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog import promises
from catalog.contents import LANGUAGES
from catalog.drafts import DESCRIPTION_LENGTH, TITLE_LENGTH, AmountRefused
from catalog.models import Category, Listing
from catalog.schema import Field, Schema, in_language
from catalog.stock import MOST
from catalog.values import ValueRefused, parse, written
from catalog.web import confirm_field, freight_fields, reduction_form
from kernel.errors import N_
from kernel.money import InvalidAmount, Money
from web.errors import sentence
from web.forms import Form

TONGUES = {"zh-hans": N_("Simplified Chinese"), "zh-hant": N_("Traditional Chinese"), "en": N_("English")}


FORM_ID = "draft"


class EditorForm(Form):
    """A draft as a form. Values that can't be read get a message; the others are `changes()` all the same."""

    def __init__(self, listing: Listing, schema: Schema, *args: Any, **kwargs: Any) -> None:
        self.listing, self.schema = listing, schema
        self.locale = get_language() or "zh-hans"
        kwargs.setdefault("auto_id", "f-%s")
        super().__init__(*args, initial=_initial(listing, schema), **kwargs)
        self.fields.update(_basic_fields())
        self.fields.update(freight_fields.fields(listing))
        self.fields.update(reduction_form.fields())
        self.fields.update({spec.key: _control(spec, self.locale) for spec in schema.fields})
        self.fields.update(_terms_fields(schema, self.locale) | confirm_field.fields(listing))
        for field in self.fields.values():
            # Pictures and variants stand between its sections with forms of their own.
            field.widget.attrs["form"] = FORM_ID
            if not isinstance(field.widget, forms.CheckboxSelectMultiple):
                field.widget.attrs["class"] = "input"

    def section(self, key: str, duties: Mapping[str, str]) -> list[dict[str, Any]]:
        """The bound fields of one section, each with the duty that demands it (empty for optional ones)."""
        attributes = self.listing.draft.get("attributes") or {}
        return [
            {"field": self[spec.key], "note": duties.get(spec.duty, "") if spec.demanded(attributes) else ""}
            for spec in self.schema.in_section(key)
        ]

    def clean(self) -> dict[str, Any]:
        self._changes: dict[str, Any] = {"attributes": {}, "title": {}, "description": {}}
        cleaned = dict(self.cleaned_data)
        for locale in LANGUAGES:
            for kind in ("title", "description"):
                if f"{kind}_{locale}" in cleaned:
                    self._changes[kind][locale] = cleaned[f"{kind}_{locale}"]
        for spec in self.schema.fields:
            self._read(spec, cleaned.get(spec.key))
        self._read_amount("price", cleaned.get("price", ""))
        self._read_amount("freight", cleaned.get("freight", ""))
        freight_fields.read(self, self._changes)
        reduction_form.read(self, self._changes)
        excludes = cleaned.get("excludes_return") or None
        self._changes["terms"] = {"promises": cleaned.get("promises", []), "excludes_return": excludes}
        confirm_field.read(self, self._changes)
        return cleaned

    def _read(self, spec: Field, raw: Any) -> None:
        if spec.key in self.errors:
            return
        try:
            self._changes["attributes"][spec.key] = parse(spec, raw)
        except ValueRefused as refused:
            self.add_error(spec.key, _(refused.problem) % refused.params)

    def _read_amount(self, name: str, text: str) -> None:
        try:
            amount = Money.parse(text).minor if text else None
            if name == "price" and amount == 0:
                raise AmountRefused
        except (InvalidAmount, AmountRefused) as refused:
            self.add_error(name, sentence(refused))
        else:
            self._changes[f"{name}_minor"] = amount

    def changes(self) -> dict[str, Any]:
        """Everything that could be read, in the draft's shape."""
        return self._changes


def _initial(listing: Listing, schema: Schema) -> dict[str, Any]:
    draft = listing.draft
    found: dict[str, Any] = {"barcode": listing.barcode, **reduction_form.initial(draft)}
    found |= freight_fields.initial(draft)
    for kind in ("title", "description"):
        found.update({f"{kind}_{locale}": text for locale, text in (draft.get(kind) or {}).items()})
    for name in ("price", "freight"):
        minor = draft.get(f"{name}_minor")
        found[name] = "" if minor is None else Money(minor).decimal_text
    attributes, terms = draft.get("attributes") or {}, draft.get("terms") or {}
    found.update({spec.key: written(spec, attributes.get(spec.key)) for spec in schema.fields})
    default, _reason, _forced = schema.returns.resolved(attributes)
    found["excludes_return"] = terms.get("excludes_return", default) or ""
    found["promises"] = terms.get("promises") or []
    return found | confirm_field.initial(terms)


def _basic_fields() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for locale in LANGUAGES:
        label = _("Title, %(language)s") % {"language": _(TONGUES[locale])}
        fields[f"title_{locale}"] = forms.CharField(label=label, max_length=TITLE_LENGTH, required=False)
    for locale in LANGUAGES:
        label = _("Description, %(language)s") % {"language": _(TONGUES[locale])}
        area = forms.Textarea(attrs={"rows": 3})
        fields[f"description_{locale}"] = forms.CharField(
            label=label, max_length=DESCRIPTION_LENGTH, required=False, widget=area
        )
    amount = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    price_hint, freight_hint = (
        _("Yuan, tax included, such as 39.00."),
        _("Yuan, however many pieces; 0 is free."),
    )
    fields["price"] = forms.CharField(label=_("Price"), help_text=price_hint, required=False, widget=amount)
    fields["freight"] = forms.CharField(
        label=_("Freight"), help_text=freight_hint, required=False, widget=amount
    )
    fields["barcode"] = forms.CharField(label=_("Barcode"), max_length=20, required=False)
    return fields


def _control(spec: Field, locale: str) -> forms.Field:
    label, hint = in_language(spec.labels, locale), in_language(spec.help, locale)
    if spec.type == "choice":
        choices = [("", "—"), *((each.value, in_language(each.labels, locale)) for each in spec.choices)]
        return forms.ChoiceField(label=label, help_text=hint, required=False, choices=choices)
    return forms.CharField(label=label, help_text=hint, required=False, widget=_widget(spec))


def _widget(spec: Field) -> forms.Widget:
    match spec.type:
        case "longtext":
            return forms.Textarea(attrs={"rows": 3})
        case "list":
            return forms.Textarea(attrs={"rows": 2})
        case "date":
            return forms.DateInput(attrs={"type": "date"})
        case "duration_days":
            return forms.TextInput(attrs={"inputmode": "numeric"})
        case "quantity":
            return forms.TextInput(attrs={"placeholder": f"500 {spec.units[0].value}" if spec.units else ""})
    return forms.TextInput()


def _terms_fields(schema: Schema, locale: str) -> dict[str, forms.Field]:
    words = {
        "": _("Can be returned without reason"),
        "confirm": _("Not once opened, if the buyer confirms that at checkout"),
        "never": _("Never without reason, as the law allows for these goods"),
    }
    allowed = {each or "" for each in schema.returns.allowed}
    allowed |= {excludes or "" for _key, _values, excludes, _reason in schema.returns.by_field}
    known = [(each.key, in_language(each.texts, locale)) for each in promises.known().values()]
    return {
        "excludes_return": forms.ChoiceField(
            label=_("Return without reason"),
            help_text=in_language(schema.returns.note, locale),
            required=False,
            choices=[(key, text) for key, text in words.items() if key in allowed],
        ),
        "promises": forms.MultipleChoiceField(
            label=_("Promises"),
            help_text=_(
                "Each is shown, frozen in every order, and watched. Promise only what you will keep."
            ),
            required=False,
            choices=known,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "tick"}),
        ),
    }


class StockForm(Form):
    on_hand = forms.IntegerField(label=N_("Pieces on hand"), min_value=0, max_value=MOST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on_hand"].label = _("Pieces on hand")
        self.fields["on_hand"].widget.attrs |= {"inputmode": "numeric"}


class NewListingForm(Form):
    category = forms.ChoiceField()
    title = forms.CharField(max_length=TITLE_LENGTH)
    code = forms.CharField(max_length=64, required=False)

    def __init__(self, categories: list[Category], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        locale = get_language() or "zh-hans"
        kind, title, code = self.fields["category"], self.fields["title"], self.fields["code"]
        kind.choices = _by_department(categories, locale)  # type: ignore[attr-defined]
        kind.label, kind.help_text = _("Category"), _("It decides which facts have to be disclosed.")
        title.label, code.label = _("Title"), _("Your code for it")
        code.help_text = _("Letters and figures, unique in your shop. Left empty, we make one.")


def _by_department(categories: list[Category], locale: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The categories under the name of their department, in the order of the tree."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in categories:
        name = in_language(row.department.names, locale) if row.department else ""
        found.setdefault(name, []).append((row.pk, in_language(row.names, locale)))
    return list(found.items())


class ImportForm(Form):
    file = forms.FileField()
    pack = forms.FileField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("The file")
        self.fields["file"].help_text = _(
            ".xlsx or CSV (UTF-8, UTF-16, GB18030, Big5), at most 50 MB and 100,000 rows."
        )
        self.fields["pack"].label = _("Its pictures as ZIP")
        self.fields["pack"].help_text = _(
            "Named as in the file, which can name pictures sent before, too; at most 50 MB, 1,000 pictures."
        )
