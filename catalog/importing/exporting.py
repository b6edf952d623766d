"""Listings as the file that they can be read back from: untouched, it changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from catalog import pictures, stock
from catalog.contents import LANGUAGES
from catalog.importing.understanding import NO_TEMPLATE, PICTURES
from catalog.importing.variant_rows import NUMBERS
from catalog.models import Category, FreightTemplate, Listing
from catalog.schema import Schema, schema_of
from catalog.values import written
from kernel.money import Money

FIRST = (
    "code", "category", *(f"title_{locale}" for locale in LANGUAGES), "price", "freight",
    "freight_template", "weight",
    *(f"{part}{number}" for number in NUMBERS for part in ("option", "value")),
    "sku", "variant_price", "stock", "barcode", "variant_weight", "variant_pictures",
    "promises", "excludes_return", "confirm_hours",
)  # fmt: skip
Cells = dict[str, str]


def table(listings: Sequence[Listing], merchant_id: UUID) -> tuple[list[str], Iterator[list[str]]]:
    """The columns that any of the listings fills, and a row for each variant."""
    schemas = {row.pk: schema_of(row.schema) for row in Category.objects.all()}
    names = pictures.names_of(merchant_id, _sources(listings)) | _templates(merchant_id)
    header = [*FIRST, *_facts(listings, schemas), *_pictures_most(listings)]
    header += [f"description_{locale}" for locale in LANGUAGES]
    rows = (cells for each in listings for cells in _rows(each, schemas[each.category_id], names))
    return header, ([cells.get(name, "") for name in header] for cells in rows)


def _sources(listings: Iterable[Listing]) -> list[str]:
    return [each["src"] for listing in listings for each in listing.draft.get("images") or []]


def _templates(merchant_id: UUID) -> Cells:
    """What a file calls each freight template; by its id where the name would mean “none”."""
    rows = FreightTemplate.objects.of_merchant(merchant_id)
    return {str(row.pk): str(row.pk) if row.name == NO_TEMPLATE else row.name for row in rows}


def _facts(listings: Iterable[Listing], schemas: Mapping[str, Schema]) -> list[str]:
    shown = {each.category_id for each in listings}
    return list(dict.fromkeys(spec.key for slug in schemas if slug in shown for spec in schemas[slug].fields))


def _pictures_most(listings: Iterable[Listing]) -> list[str]:
    most = max((len(each.draft.get("images") or []) for each in listings), default=0)
    rest = ("", *(f"_alt_{locale}" for locale in LANGUAGES), "_mat")
    return [f"{name}{each}" for name in PICTURES[:most] for each in rest]


def _rows(listing: Listing, schema: Schema, names: Mapping[str, str]) -> Iterator[Cells]:
    """The listing's own cells in the first row only; its variants below each other."""
    whole, held = _whole(listing, schema, names), stock.pieces(listing)
    options, variants = listing.draft.get("options") or [], listing.draft.get("variants") or []
    if not variants:
        yield whole | {"stock": str(held[listing.pk].on_hand), "barcode": listing.barcode}
        return
    whole |= {f"option{n}": in_one_cell(each["labels"]) for n, each in zip(NUMBERS, options, strict=False)}
    for place, each in enumerate(variants):
        own = _variant(listing, each, options, names)
        own["stock"] = str(held[UUID(each["id"])].on_hand)
        yield (whole if place == 0 else {"code": listing.code}) | own


def _whole(listing: Listing, schema: Schema, names: Mapping[str, str]) -> Cells:
    draft = listing.draft
    attributes, terms = draft.get("attributes") or {}, draft.get("terms") or {}
    cells = {"code": listing.code, "category": listing.category_id}
    for kind in ("title", "description"):
        cells |= {f"{kind}_{locale}": text for locale, text in (draft.get(kind) or {}).items()}
    for name, key in (("price", "price_minor"), ("freight", "freight_minor")):
        cells[name] = "" if draft.get(key) is None else Money(draft[key]).decimal_text
    if sent := draft.get("freight"):
        cells |= {"freight": "", "freight_template": names.get(sent["template"], sent["template"])}
    cells["weight"] = str(draft.get("weight_grams") or "")
    cells |= {spec.key: written(spec, attributes.get(spec.key)) for spec in schema.fields}
    cells["promises"] = ";".join(terms.get("promises") or [])
    if "excludes_return" in terms:
        cells["excludes_return"] = terms["excludes_return"] or "none"
    cells["confirm_hours"] = str(terms.get("confirm_hours") or "")
    for name, shown in zip(PICTURES, draft.get("images") or [], strict=False):
        cells |= {name: names.get(shown["src"], shown["src"]), f"{name}_mat": shown["mat"]}
        cells |= {f"{name}_alt_{locale}": text for locale, text in shown["alt"].items()}
    return cells


def _variant(
    listing: Listing, each: Mapping[str, Any], options: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> Cells:
    values = {
        f"value{n}": in_one_cell(
            next(v["labels"] for v in option["values"] if v["key"] == each["choice"][option["key"]])
        )
        for n, option in zip(NUMBERS, options, strict=False)
    }
    price, images = each["price_minor"], listing.draft.get("images") or []
    sources = [images[place]["src"] for place in each["images"]]
    return values | {
        "sku": each["sku"],
        "variant_price": "" if price is None else Money(price).decimal_text,
        "barcode": each["barcode"],
        "variant_weight": str(each.get("weight_grams") or ""),
        "variant_pictures": ";".join(names.get(source, source) for source in sources),
    }


def in_one_cell(labels: Mapping[str, str]) -> str:
    """ "月白 | 月白 | Moon white": what `variant_rows.in_languages` reads back."""
    parts = [labels.get(locale, "") for locale in LANGUAGES]
    while parts and not parts[-1]:
        parts.pop()
    return " | ".join(parts)
