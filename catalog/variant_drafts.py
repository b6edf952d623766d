"""Options and variants of a draft: one fixed shape, whoever wrote them; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from catalog import freight
from catalog.barcodes import BarcodeRefused, check_digit_right
from kernel.errors import N_, Invalid
from kernel.money import LIMIT_MINOR

LANGUAGES = ("zh-hans", "zh-hant", "en")
LABEL_LENGTH, SKU_LENGTH = 40, 64
_KEY = re.compile(r"[a-z0-9_-]{1,24}", re.ASCII)
_SKU = re.compile(r"[\w.\-]{1,64}")
Part = dict[str, Any]


class OptionRefused(Invalid):
    code = "option_refused"
    message = N_("Every option and every value needs a name of at most %(limit)s characters.")


class OptionTwice(Invalid):
    code = "option_twice"
    message = N_("“%(value)s” is there twice. Give each option and each value its own name.")


class ChoiceIncomplete(Invalid):
    code = "choice_incomplete"
    message = N_("Each variant needs one value of every option.")


class ChoiceTwice(Invalid):
    code = "choice_twice"
    message = N_("Two variants have the same choice: %(choice)s. Remove one of them.")


class SkuRefused(Invalid):
    code = "sku_refused"
    message = N_("Write a SKU of at most 64 letters, figures, dots, dashes or underscores.")


class VariantPriceRefused(Invalid):
    code = "variant_price_refused"
    message = N_("A variant's price has to be above zero; left empty, the listing's price holds.")


class VariantPictureRefused(Invalid):
    code = "variant_picture_refused"
    message = N_("Name a variant's pictures by their numbers, such as 1, 3: only those of this listing.")


def choice_key(choice: Mapping[str, str]) -> str:
    """ "colour=red&size=m": the same for the same choice, in whatever order it was made."""
    return "&".join(f"{option}={choice[option]}" for option in sorted(choice))


def options_from(raw: Sequence[Mapping[str, Any]]) -> list[Part]:
    """:raises OptionRefused: :raises OptionTwice:"""
    options = [
        {**_named(each), "values": [_named(value) for value in each.get("values") or []]} for each in raw
    ]
    _once(options)
    for each in options:
        if not each["values"]:
            raise OptionRefused(limit=LABEL_LENGTH, field="options")
        _once(each["values"])
    return options


def _named(raw: Mapping[str, Any]) -> Part:
    labels = {
        locale: text
        for locale in LANGUAGES
        if (text := " ".join(str((raw.get("labels") or {}).get(locale) or "").split()))
    }
    key = str(raw.get("key", ""))
    if not labels or not _KEY.fullmatch(key) or any(len(text) > LABEL_LENGTH for text in labels.values()):
        raise OptionRefused(limit=LABEL_LENGTH, field="options")
    if any(ord(each) < 32 for text in labels.values() for each in text):
        raise OptionRefused(limit=LABEL_LENGTH, field="options")
    return {"key": key, "labels": labels}


def _once(named: Sequence[Part]) -> None:
    """No key twice, and in no language a name twice: a buyer must be able to tell them apart."""
    seen: set[tuple[str, str]] = set()
    for each in named:
        for name in (("", each["key"]), *each["labels"].items()):
            if name in seen:
                raise OptionTwice(value=name[1], field="options")
            seen.add(name)


def variants_from(raw: Sequence[Mapping[str, Any]], *, options: Sequence[Part], pictures: int) -> list[Part]:
    """Every variant with a full choice, none twice.

    :raises ChoiceIncomplete: :raises ChoiceTwice: :raises SkuRefused: :raises BarcodeRefused:
    :raises VariantPriceRefused: :raises VariantPictureRefused:
    """
    found = [_variant(each, options, pictures, row) for row, each in enumerate(raw)]
    seen: set[str] = set()
    for row, each in enumerate(found):
        key = choice_key(each["choice"])
        if key in seen:
            raise ChoiceTwice(choice=words(options, each["choice"]), field=f"v{row}-sku")
        seen.add(key)
    return found


def _variant(raw: Mapping[str, Any], options: Sequence[Part], pictures: int, row: int) -> Part:
    choice = {str(key): str(value) for key, value in (raw.get("choice") or {}).items()}
    known = {each["key"]: {value["key"] for value in each["values"]} for each in options}
    if choice.keys() != known.keys() or any(value not in known[key] for key, value in choice.items()):
        raise ChoiceIncomplete(field=f"v{row}-sku")
    sku = str(raw.get("sku") or "").strip()
    if sku and not _SKU.fullmatch(sku):
        raise SkuRefused(field=f"v{row}-sku")
    price = raw.get("price_minor")
    if price is not None and (type(price) is not int or not 0 < price <= LIMIT_MINOR):
        raise VariantPriceRefused(field=f"v{row}-price")
    barcode = str(raw.get("barcode") or "").replace(" ", "")
    if barcode and not check_digit_right(barcode):
        raise BarcodeRefused(value=barcode[:20], field=f"v{row}-barcode")
    images = list(dict.fromkeys(raw.get("images") or []))
    if any(type(each) is not int or not 0 <= each < pictures for each in images):
        raise VariantPictureRefused(field=f"v{row}-images")
    weight = freight.checked_weight(raw.get("weight_grams"))
    return {
        "id": str(raw.get("id") or ""),
        "sku": sku,
        "choice": choice,
        "price_minor": price,
        "barcode": barcode,
        "images": images,
        **({"weight_grams": weight} if weight else {}),
    }


def combinations(options: Sequence[Part]) -> list[dict[str, str]]:
    """Every choice there can be, in the order of the options and their values."""
    keys = [each["key"] for each in options]
    rows = product(*([value["key"] for value in each["values"]] for each in options))
    return [dict(zip(keys, row, strict=True)) for row in rows] if keys else []


def words(options: Sequence[Mapping[str, Any]], choice: Mapping[str, str], locale: str = "zh-hans") -> str:
    """ "颜色：红；尺寸：大", in the reader's language where the seller gave it."""
    said = []
    for option in options:
        value = next((each for each in option["values"] if each["key"] == choice.get(option["key"])), None)
        if value is not None:
            said.append((label(option, locale), label(value, locale)))
    if locale.startswith("zh"):
        return "；".join(f"{name}：{value}" for name, value in said)
    return "; ".join(f"{name}: {value}" for name, value in said)


def label(named: Mapping[str, Any], locale: str) -> str:
    labels: Mapping[str, str] = named.get("labels") or {}
    return labels.get(locale) or next((labels[each] for each in LANGUAGES if each in labels), "")
