"""What in a message leads away from the platform: found by the rules that also read offers."""

from __future__ import annotations

from catalog.screening.engine import screen
from catalog.screening.finding import Kind, Text

# No category is meant: the rules about contacts hold for all of them.
FIELD, ANY = "message", ""


def found(words: str) -> list[str]:
    """The rules that these words meet: accounts, numbers, payment elsewhere. It is sent all the same."""
    findings = screen([Text(FIELD, words)], category=ANY)
    return sorted({each.rule_id for each in findings if each.kind is Kind.CONTACT})
