"""How findings are shown: the words marked where they stand, the rule behind them, what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from catalog.completeness import COMMON
from catalog.rewording import can_be_left_out
from catalog.schema import Schema, in_language
from catalog.screening.finding import Finding, Severity
from catalog.screening.ruleset import by_id
from catalog.screening.texts import texts_of
from catalog.web.forms import TONGUES
from catalog.web.offer_page import law

Part = dict[str, Any]
# How much of a long text stands around the words.
AROUND = 24


def flags(
    findings: Iterable[Finding], draft: Mapping[str, Any], schema: Schema, locale: str, at: datetime
) -> list[Part]:
    """Each finding with its field, its passage, its rule in words and in law."""
    said = {text.field: text.words for text in texts_of(draft)}
    return [_flag(each, said.get(each.field, each.words), schema, locale, at) for each in findings]


def _flag(finding: Finding, words: str, schema: Schema, locale: str, at: datetime) -> Part:
    rule, fits = by_id()[finding.rule_id], words[finding.start : finding.end] == finding.words
    span = (finding.start, finding.end) if fits else (0, 0)
    return {
        "field": finding.field,
        "anchor": f"#f-{finding.field}",
        "label": field_label(finding.field, schema, locale),
        "grave": finding.severity is Severity.REFUSE,
        "words": finding.words,
        "passage": passage(words if fits else finding.words, [span] if fits else []),
        "says": in_language(rule.says, locale),
        "instead": in_language(rule.instead, locale),
        "rule": finding.rule_id,
        "start": finding.start,
        "leave_out": fits and can_be_left_out(finding),
        "law": law(finding.law, locale=locale, at=at) or {"name": finding.law},
    }


def field_label(field: str, schema: Schema, locale: str) -> str:
    """The field as the editor names it."""
    if spec := schema.by_key.get(field):
        return in_language(spec.labels, locale)
    kind, _rest, tongue = field.partition("_")
    names = {"title": in_language(COMMON[0][2], locale), "description": _("Description")}
    if kind in names:
        return f"{names[kind]} ({_(TONGUES.get(tongue, tongue))})"
    return _("Picture") if kind == "alt" else _("Options")


def passage(words: str, spans: Iterable[tuple[int, int]]) -> SafeString:
    """The words with each span marked; a long text is cut around them."""
    marked = sorted(spans)
    if not marked or len(words) <= 4 * AROUND:
        return _marked(words, marked, 0, len(words))
    start, end = max(0, marked[0][0] - AROUND), min(len(words), marked[-1][1] + AROUND)
    body = _marked(words, marked, start, end)
    return format_html("{}{}{}", "…" if start else "", body, "…" if end < len(words) else "")


def whole(words: str, spans: Iterable[tuple[int, int]]) -> SafeString:
    """The whole text with every span marked, for whoever decides."""
    return _marked(words, sorted(spans), 0, len(words))


def _marked(words: str, spans: Iterable[tuple[int, int]], start: int, end: int) -> SafeString:
    parts: list[tuple[str, str]] = []
    position = start
    for since, to in spans:
        if since >= position:
            parts += [("{}", words[position:since]), ("<mark>{}</mark>", words[since:to])]
            position = to
    parts.append(("{}", words[position:end]))
    return format_html_join("", "{}", ((format_html(form, text),) for form, text in parts))
