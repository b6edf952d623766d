"""System checks: an unclassified column, or a keeping rule that no law pack knows, stops the start."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from django.core.checks import Error, register

from privacy import columns, inventory
from rulebook.loading import LAW

_RULE = re.compile(r'^id = "([^"]+)"$', re.MULTILINE)


@cache
def bundled_rules() -> frozenset[str]:
    """The ids of every rule in the law packs that come with the code."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((LAW / "packs").glob("*.toml")))
    return frozenset(rule for text in texts for rule in _RULE.findall(text))


@register()
def every_column_is_classified(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A column that can hold words about a person must say what erasure does to it."""
    missing = [
        Error(
            f"{column} can hold words, and no personal_data.py says whether they are about a person",
            hint="Add a PersonalField to the app's FIELDS, or a line to its NOT_PERSONAL.",
            id="config.E003",
        )
        for column in columns.unclassified()
    ]
    return missing + [
        Error(f"{column} in a personal_data.py names no column, or leads to no person", id="config.E004")
        for column in columns.unfounded()
    ]


@register()
def every_keeping_rule_is_law(app_configs: Any, **kwargs: Any) -> list[Error]:
    """What is kept after erasure is kept by a rule of a law pack, never by a wish."""
    asked = {entry.keeping.rule_id for entry in inventory.fields() if entry.keeping}
    return [
        Error(f"no law pack has the keeping rule {rule_id}", id="config.E005")
        for rule_id in sorted(asked - bundled_rules())
    ]
