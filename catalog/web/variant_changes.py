"""What changed between two versions in what can be chosen: options, and each variant by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from catalog.reduction_terms import FIELD
from catalog.variant_drafts import choice_key, label, words
from kernel.money import Money

Content = Mapping[str, Any]
Row = tuple[str, str, str]


def option_changes(old: Content, new: Content, locale: str) -> list[Row]:
    """The options with their values, a line each."""
    return [(_("Options"), _options(old, locale), _options(new, locale))]


def _options(content: Content, locale: str) -> str:
    between = "、" if locale.startswith("zh") else ", "
    return "\n".join(
        f"{label(each, locale)}: {between.join(label(value, locale) for value in each['values'])}"
        for each in content.get("options") or []
    )


def variant_changes(old: Content, new: Content, locale: str) -> list[Row]:
    """A row for every variant that either has; what only one has stands empty on the other side."""
    before, after = _variants(old), _variants(new)
    found = []
    for key in [*before, *(key for key in after if key not in before)]:
        content = new if key in after else old
        choice = words(content.get("options") or [], (after.get(key) or before[key])["choice"], locale)
        found.append((choice, _told(old, before.get(key)), _told(new, after.get(key))))
    return found


def _variants(content: Content) -> dict[str, Any]:
    """By what is chosen; without options there is nothing to tell apart."""
    rows = content.get("variants") or [] if content.get("options") else []
    return {choice_key(each["choice"]): each for each in rows}


def _told(content: Content, each: Mapping[str, Any] | None) -> str:
    if each is None:
        return ""
    minor = content.get("price_minor") if each.get("price_minor") is None else each["price_minor"]
    claim = each.get(FIELD)
    facts = [
        (_("SKU"), each.get("sku", "")),
        (_("Price"), "" if minor is None else Money(minor).decimal_text),
        (_("Crossed-out price"), Money(claim["was_minor"]).decimal_text if claim else ""),
        (_("Barcode"), each.get("barcode", "")),
        (_("Grams"), str(each.get("weight_grams") or "")),
        (_("Pictures"), ", ".join(str(place + 1) for place in each.get("images") or [])),
    ]
    return "\n".join(f"{name}: {text}" for name, text in facts if text)
