"""What an offer still owes before it may be sold, each gap with the duty behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catalog import freight
from catalog.schema import Field, Names, Schema, in_language
from kernel.errors import N_

# What every offer owes, whatever its category: (key, duty, labels).
COMMON: tuple[tuple[str, str, Names], ...] = (
    ("title", "cn.disclosure.online", {"zh-hans": "标题", "zh-hant": "標題", "en": "Title"}),
    ("price", "cn.price.display", {"zh-hans": "价格", "zh-hant": "價格", "en": "Price"}),
    ("freight", "cn.price.display", {"zh-hans": "运费", "zh-hant": "運費", "en": "Freight"}),
)
VARIANTS = (
    "variants",
    "cn.disclosure.online",
    {"zh-hans": "规格", "zh-hant": "規格", "en": "Variants"},
)
WEIGHT = ("weight", "cn.price.display", {"zh-hans": "重量", "zh-hant": "重量", "en": "Weight"})
RETURN_LABEL: Names = {"zh-hans": "无理由退货", "zh-hant": "無理由退貨", "en": "Return without reason"}
MISSING = N_("Not filled in yet.")
NOT_EXCLUDABLE = N_("The law doesn't let you exclude this from returns without reason.")
MUST_EXCLUDE = N_("Goods of this kind have to be marked as not returnable without reason.")


@dataclass(frozen=True, slots=True)
class Gap:
    """A field that keeps the offer from being published."""

    field: str
    label: str
    duty: str
    section: str = "basic"
    problem: str = MISSING
    labels: Names | None = None
    # What the problem's words need: sums, days.
    params: tuple[tuple[str, object], ...] = ()
    # The address at which it is put right, where that isn't the editor.
    where: str = ""

    def label_in(self, locale: str) -> str:
        return in_language(self.labels, locale) if self.labels else self.label

    @property
    def anchor(self) -> str:
        """The id of the field in the editor."""
        return f"f-{self.field}"


@dataclass(frozen=True, slots=True)
class Report:
    """`stated` of `owed` duties are met; `optional` could still be told."""

    gaps: tuple[Gap, ...]
    optional: tuple[Field, ...]
    owed: int

    @property
    def stated(self) -> int:
        return self.owed - len(self.gaps)

    @property
    def complete(self) -> bool:
        return not self.gaps


def assess(schema: Schema, draft: Mapping[str, Any]) -> Report:
    """Compare a draft with what its category owes; pure, so editor, import and publish agree."""
    attributes: Mapping[str, Any] = draft.get("attributes") or {}
    demanded = [each for each in schema.fields if each.demanded(attributes)]
    gaps = [*_common_gaps(draft)]
    gaps += [_gap(each) for each in demanded if _empty(attributes.get(each.key))]
    gaps += _return_gaps(schema, draft)
    optional = [each for each in schema.fields if not each.demanded(attributes) and not each.required_if]
    return Report(
        gaps=tuple(gaps),
        optional=tuple(each for each in optional if _empty(attributes.get(each.key))),
        owed=len(COMMON) + len(demanded) + 1 + bool(draft.get("options")) + freight.weight_missing(draft),
    )


def with_gaps(report: Report, more: Sequence[Gap], *, met: int = 0) -> Report:
    """The report with what other rules found; each of them is one more duty, as are those they found met."""
    return replace(report, gaps=(*report.gaps, *more), owed=report.owed + len(more) + met)


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _common_gaps(draft: Mapping[str, Any]) -> list[Gap]:
    title = draft.get("title") or {}
    price, flat = draft.get("price_minor"), draft.get("freight_minor")
    met = {
        "title": any(str(text).strip() for text in title.values()),
        "price": (isinstance(price, int) and price > 0) or _each_has_a_price(draft),
        "freight": bool(draft.get("freight")) or (isinstance(flat, int) and flat >= 0),
        # Options without a variant are nothing that anybody could buy.
        "variants": not draft.get("options") or bool(draft.get("variants")),
        "weight": not freight.weight_missing(draft),
    }
    return [
        Gap(key, in_language(labels, "zh-hans"), duty, labels=labels)
        for key, duty, labels in (*COMMON, VARIANTS, WEIGHT)
        if not met[key]
    ]


def _each_has_a_price(draft: Mapping[str, Any]) -> bool:
    prices = [each["price_minor"] for each in draft.get("variants") or []]
    return bool(prices) and all(prices)


def _gap(spec: Field) -> Gap:
    return Gap(
        spec.key, in_language(spec.labels, "zh-hans"), spec.duty, section=spec.section, labels=spec.labels
    )


def _return_gaps(schema: Schema, draft: Mapping[str, Any]) -> list[Gap]:
    """A listing may exclude returns only where the category (or its own answer) lets it."""
    terms = draft.get("terms") or {}
    default, _, forced = schema.returns.resolved(draft.get("attributes") or {})
    said = terms.get("excludes_return", default) if "excludes_return" in terms else default
    if forced and said != default:
        problem = MUST_EXCLUDE
    elif not forced and said not in schema.returns.allowed:
        problem = NOT_EXCLUDABLE
    else:
        return []
    label = in_language(RETURN_LABEL, "zh-hans")
    return [Gap("excludes_return", label, schema.returns.duty, "terms", problem, RETURN_LABEL)]
