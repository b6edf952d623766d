"""Reading a frozen content: title in a language, terms for the law, the picture of a card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog import promises
from catalog.schema import Schema, in_language
from law.returns import ListingFacts

Content = Mapping[str, Any]


def title(content: Content, locale: str) -> str:
    return in_language(content.get("title") or {}, locale)


def description(content: Content, locale: str) -> str:
    return in_language(content.get("description") or {}, locale)


def title_language(content: Content, locale: str) -> str:
    """The language the shown title is in, for `lang` on the element."""
    titles = content.get("title") or {}
    return (
        locale
        if titles.get(locale)
        else next(iter([each for each in ("zh-hans", "zh-hant", "en") if each in titles]), "")
    )


def picture(content: Content) -> Mapping[str, Any] | None:
    images = content.get("images") or []
    return images[0] if images else None


def terms_of(schema: Schema, draft: Content) -> dict[str, Any]:
    """The terms as they are frozen: the category's default where the merchant said nothing."""
    said = draft.get("terms") or {}
    default, reason, forced = schema.returns.resolved(draft.get("attributes") or {})
    excludes = default if forced or "excludes_return" not in said else said["excludes_return"]
    return {
        "promises": promises.checked(said.get("promises") or []),
        "excludes_return": excludes,
        "exclusion": str(said.get("exclusion") or reason) if excludes else "",
    }


def legal_facts(content: Content, *, confirmed: bool = False) -> ListingFacts:
    """What the law needs to know about the offer; use it for every right and window."""
    terms = content.get("terms") or {}
    category = str(content.get("category", ""))
    return ListingFacts(
        category=category,
        excludes_return=terms.get("excludes_return"),
        exclusion=terms.get("exclusion") or "",
        confirmed=confirmed,
        promised_return_days=promises.return_days(terms),
        made_to_order=category == "custom-made",
    )
