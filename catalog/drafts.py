"""Merging what was written into a draft; pure, so editor, import and dry run agree."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.contrib.staticfiles import finders

from catalog import confirm_terms, freight, promises, reduction_terms
from catalog.contents import LANGUAGES
from catalog.schema import Schema
from catalog.values import CONTROL, TOO_LONG, ValueRefused, parse
from catalog.variant_drafts import options_from, variants_from
from kernel.errors import N_, Invalid
from kernel.money import LIMIT_MINOR

TITLE_LENGTH, DESCRIPTION_LENGTH, MOST_IMAGES = 120, 5000, 9
_PICTURE = re.compile(r"pictures/[A-Za-z0-9._-]{1,120}", re.ASCII)
# Of the shop's own collection; whose it is, `pictures.require_own` asks when the draft is saved.
_OWN = re.compile(r"u/[0-9a-f]{32}", re.ASCII)
# The null character, and half of a surrogate pair: JSON may hold them, the database takes neither.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
# Written down only where there is one.
_SPARE = ("reduction", "freight", "weight_grams")
MATS = frozenset({"sand", "moss", "mist", "clay", "wheat"})


class AmountRefused(Invalid):
    code = "amount_refused"
    message = N_("The price has to be above zero, and freight can't be negative.")


class PictureRefused(Invalid):
    code = "picture_refused"
    message = N_("Use at most nine pictures, each with a description for people who can't see it.")


class PictureUnknown(Invalid):
    code = "picture_unknown"
    message = N_("There is no picture “%(value)s”. Use one from your own collection or from the platform's.")


@cache
def _in_collection(source: str) -> bool:
    """A page must never stand on a picture that isn't there."""
    if _OWN.fullmatch(source):
        return True
    return bool(_PICTURE.fullmatch(source)) and ".." not in source and finders.find(source) is not None


def merged(schema: Schema, draft: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The draft after `changes` of the same shape; inside texts, attributes and terms a None removes.

    :raises ValueRefused: :raises AmountRefused: :raises PictureRefused: :raises UnknownPromise:
    """
    new: dict[str, Any] = dict(draft)
    for key, limit in (("title", TITLE_LENGTH), ("description", DESCRIPTION_LENGTH)):
        if key in changes:
            new[key] = _texts(key, limit, draft.get(key) or {}, changes[key] or {})
    if "attributes" in changes:
        new["attributes"] = _attributes(schema, draft.get("attributes") or {}, changes["attributes"] or {})
    for key, lowest in (("price_minor", 1), ("freight_minor", 0)):
        if key in changes:
            new[key] = _amount(changes[key], lowest)
    if "weight_grams" in changes:
        new["weight_grams"] = freight.checked_weight(changes["weight_grams"])
    if "images" in changes:
        new["images"] = _images(changes["images"] or [])
        new |= _moved_pictures(draft, new["images"])
    if "options" in changes or "variants" in changes:
        new |= _variants(new, changes)
    if "terms" in changes:
        new["terms"] = _terms(draft.get("terms") or {}, changes["terms"] or {})
    if "reduction" in changes:
        new["reduction"] = reduction_terms.checked(changes["reduction"])
    if "freight" in changes:
        new["freight"] = changes["freight"]
        if draft.get("freight") and not new["freight"]:
            new["freight_minor"] = changes.get("freight_minor")
    _require_writable({key: new.get(key) for key in changes})
    return with_freight({key: value for key, value in new.items() if key not in _SPARE or value})


def _require_writable(changed: Mapping[str, Any]) -> None:
    """:raises ValueRefused: for what the database can't keep, wherever in a field it stands"""
    for key, value in changed.items():
        if not _is_writable(value):
            raise ValueRefused(key, {"zh-hans": key}, CONTROL)


def _is_writable(value: Any) -> bool:
    if isinstance(value, str):
        return not _UNWRITABLE.search(value)
    if isinstance(value, Mapping):
        return all(_is_writable(key) and _is_writable(each) for key, each in value.items())
    return not isinstance(value, list | tuple) or all(_is_writable(each) for each in value)


def with_freight(draft: dict[str, Any]) -> dict[str, Any]:
    """With a template, the sum that stands beside the price follows from it."""
    return {**draft, "freight_minor": freight.shown(draft)} if draft.get("freight") else draft


def _moved_pictures(draft: Mapping[str, Any], images: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Variants keep their own pictures when the listing's are put in another order."""
    if not draft.get("variants"):
        return {}
    before = [each["src"] for each in draft.get("images") or []]
    places = {each["src"]: place for place, each in enumerate(images)}
    return {
        "variants": [
            {**each, "images": [places[before[n]] for n in each["images"] if before[n] in places]}
            for each in draft["variants"]
        ]
    }


def _variants(draft: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Both lists as a whole; without options there is nothing to choose between."""
    options = options_from(changes["options"] or []) if "options" in changes else draft.get("options") or []
    raw = changes["variants"] if "variants" in changes else draft.get("variants")
    if not options:
        return {"options": [], "variants": []}
    pictures = len(draft.get("images") or [])
    found = variants_from(raw or [], options=options, pictures=pictures)
    # A price is crossed out of one variant; where nothing is, the key isn't there.
    for each, told in zip(found, raw or [], strict=True):
        if claim := reduction_terms.checked(told.get(reduction_terms.FIELD)):
            each[reduction_terms.FIELD] = claim
    return {"options": options, "variants": found}


def _texts(key: str, limit: int, old: Mapping[str, str], new: Mapping[str, Any]) -> dict[str, str]:
    merged = {
        **old,
        **{locale: str(text or "").strip() for locale, text in new.items() if locale in LANGUAGES},
    }
    for text in merged.values():
        if len(text) > limit:
            raise ValueRefused(key, {"zh-hans": key}, TOO_LONG, limit=limit)
        if any(ord(each) < 32 and each not in "\n\r\t" for each in text):
            raise ValueRefused(key, {"zh-hans": key}, CONTROL)
    return {locale: text for locale, text in merged.items() if text}


def _attributes(schema: Schema, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for key, raw in new.items():
        if (spec := schema.by_key.get(key)) is not None:
            merged[key] = parse(spec, raw)
    return {key: value for key, value in merged.items() if value is not None}


def _amount(value: Any, lowest: int) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not lowest <= value <= LIMIT_MINOR:
        raise AmountRefused
    return value


def _images(images: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    if len(images) > MOST_IMAGES:
        raise PictureRefused
    kept = []
    for each in images:
        alt = {
            locale: str(text)[:200] for locale, text in (each.get("alt") or {}).items() if locale in LANGUAGES
        }
        source, mat = str(each.get("src", "")), str(each.get("mat") or "sand")
        if mat not in MATS:
            raise PictureRefused
        if not _in_collection(source):
            raise PictureUnknown(value=source[:60])
        kept.append({"src": source, "alt": alt, "mat": mat})
    return kept


def _terms(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    if "promises" in new:
        merged["promises"] = promises.checked(new["promises"] or [])
    for key in ("excludes_return", "exclusion"):
        if key in new:
            merged[key] = new[key] or (None if key == "excludes_return" else "")
    if confirm_terms.KEY in new:
        merged[confirm_terms.KEY] = new[confirm_terms.KEY]
    # Written down only where there is one.
    return {key: value for key, value in merged.items() if value or key != confirm_terms.KEY}
