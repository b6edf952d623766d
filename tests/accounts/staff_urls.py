"""Every address of the staff pages, made from the URLconf, with something real where a page needs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.urls import URLPattern, URLResolver, reverse

from accounts.web import staff_urls

NOTHING = UUID(int=7)


def addresses(things: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(name, address) of every named page; `things` gives the key for names that begin with its own."""
    for name, arguments in _named(admin.site.get_urls()):
        yield f"admin:{name}", _reverse(f"admin:{name}", name, arguments, things)
    for name, arguments in _named(staff_urls.urlpatterns):
        yield f"staff:{name}", _reverse(f"staff:{name}", name, arguments, things)


def _named(patterns: list[Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _named(each.url_patterns)
        elif isinstance(each, URLPattern) and each.name:
            groups = getattr(each.pattern, "converters", {}) or each.pattern.regex.groupindex
            yield each.name, tuple(groups)


def _reverse(full: str, name: str, arguments: tuple[str, ...], things: dict[str, Any]) -> str:
    known = [things[prefix] for prefix in sorted(things, key=len) if name.startswith(prefix)]
    key = known[-1] if known else NOTHING
    special = {"app_label": "orders", "content_type_id": 1}
    return reverse(full, kwargs={each: special.get(each, key) for each in arguments})
