"""Screening: every text of an offer against every rule that applies to it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache

from catalog.screening import contacts, names
from catalog.screening.finding import Finding, Severity, Text
from catalog.screening.folding import Folded, fold, hidden, squeezed
from catalog.screening.ruleset import Rule, by_id, rules

_ORDER = {Severity.REFUSE: 0, Severity.DOUBT: 1, Severity.HINT: 2}
HIDDEN = "contact.hidden_characters"
# Texts are read once by a process while they are among the last so many, and short: 10 MB at most.
MOST_REMEMBERED, LONGEST_REMEMBERED = 4_000, 400


def screen(texts: Iterable[Text], *, category: str, held: Container[str] = ()) -> tuple[Finding, ...]:
    """What is doubtful or banned in these texts, the gravest first, then as they stand.

    `held` are the kinds of documents that the shop has and that are in force: goods that need one of
    them are no finding then.
    """
    found: list[Finding] = []
    for text in texts:
        if text.words.strip():
            again = not held and len(text.words) <= LONGEST_REMEMBERED
            found += _remembered(text, category) if again else _of_text(text, category, held)
    return tuple(sorted(found, key=lambda each: (_ORDER[each.severity], each.field, each.start)))


@lru_cache(maxsize=MOST_REMEMBERED)
def _remembered(text: Text, category: str) -> tuple[Finding, ...]:
    """A shop's file says most things in every row, and what is handed in was read while it was drafted."""
    return tuple(_of_text(text, category, ()))


def _of_text(text: Text, category: str, held: Container[str]) -> list[Finding]:
    forms = [fold(text.words)]
    joined = squeezed(forms[0])
    if joined is not None:
        forms.append(joined)
    found: list[Finding] = []
    for rule in rules():
        if rule.applies(category, text.field) and not (rule.licence and rule.licence in held):
            for form in forms:
                found += [make(rule, text, *form.span(*span)) for span in _spans(rule, form)]
    found += [make(by_id()[rule], text, *span) for rule, span in _special(text, forms[0], category)]
    return _without_doubles(found)


def _spans(rule: Rule, form: Folded) -> Iterator[tuple[int, int]]:
    excused: list[tuple[int, int]] | None = None
    for match in rule.match.finditer(form.plain):
        if match.start() == match.end():
            continue
        if rule.unless is not None:
            if excused is None:
                excused = _all_spans(rule.unless, form.plain)
            if any(start <= match.start() and match.end() <= end for start, end in excused):
                continue
        yield match.span()


def _all_spans(pattern: re.Pattern[str], plain: str) -> list[tuple[int, int]]:
    """Overlapping ones too: a context may begin inside another."""
    found, position = [], 0
    while (match := pattern.search(plain, position)) is not None:
        found.append(match.span())
        position = match.start() + 1
    return found


def _special(text: Text, form: Folded, category: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """What patterns alone don't say: numbers in disguise, look-alike names, invisible characters."""
    if by_id()[contacts.PHONE].applies(category, text.field):
        for rule, start, end in contacts.numbers(form, text.words):
            yield rule, form.span(start, end)
    for start, end in hidden(text.words):
        yield HIDDEN, (start, min(end, len(text.words)))
    for rule, start, end in names.in_text(text.words):
        yield rule, (start, end)


def make(rule: Rule, text: Text, start: int, end: int) -> Finding:
    """A finding of this rule on this span."""
    return Finding(
        rule_id=rule.id,
        kind=rule.kind,
        severity=rule.severity,
        law=rule.law,
        field=text.field,
        start=start,
        end=end,
        words=text.words[start:end],
    )


def _without_doubles(found: list[Finding]) -> list[Finding]:
    """One finding for a place and kind: the gravest, else the longest."""
    kept: list[Finding] = []
    for each in sorted(found, key=lambda one: (_ORDER[one.severity], one.start - one.end, one.start)):
        overlaps = (old for old in kept if old.kind == each.kind)
        if not any(each.start < old.end and old.start < each.end for old in overlaps):
            kept.append(each)
    return kept


def alarms(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stop an offer or send it to a person; hints don't."""
    return [each for each in findings if each.severity is not Severity.HINT]


def verdict(findings: Iterable[Finding]) -> str:
    """The gravest severity, or clean."""
    return min((each.severity for each in findings), key=_ORDER.__getitem__, default="clean")
