"""The readable form of a copy: one HTML file in each language that opens anywhere, without the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext

from kernel.errors import N_
from privacy import columns
from privacy.classification import PURPOSE_WORDS, AtErasure, Basis, PersonalField, SeenBy
from privacy.copy_parts import CHUNK, Part, rows
from privacy.models import Request
from rulebook import current

LANGUAGES = ("zh-hans", "zh-hant", "en")

SEEN_BY_WORDS: dict[SeenBy, str] = {
    SeenBy.MERCHANT: N_("the shop that sold it"),
    SeenBy.CARRIER: N_("the carrier"),
    SeenBy.REVIEWER: N_("our reviewers, in a case"),
    SeenBy.OFFICER: N_("our officers, for a purpose that is written down"),
    SeenBy.EVERYONE: N_("everybody"),
}
BASIS_WORDS: dict[Basis, str] = {
    Basis.CONTRACT: N_("needed for what you ordered"),
    Basis.CONSENT: N_("your consent"),
    Basis.LEGAL_DUTY: N_("a law demands it"),
    Basis.LEGITIMATE_INTEREST: N_("to keep the platform safe"),
}
ERASURE_WORDS: dict[AtErasure, str] = {
    AtErasure.DELETE_ROW: N_("deleted with the account"),
    AtErasure.BLANK: N_("emptied with the account"),
    AtErasure.SHRED: N_("unreadable for ever once the account is erased"),
    AtErasure.STAYS: N_("stays without a name"),
    AtErasure.KEEP: N_("kept after erasure as long as a law demands it"),
}


def page(
    *, request: Request, everybody: Sequence[UUID], parts: list[Part], language: str, at: datetime
) -> Iterator[bytes]:
    """The file, piece by piece; a table without rows is left out."""
    yield _said(
        "head", language, lambda: {"request": request, "now": at, "language": language, "look": _look()}
    )
    before = ""
    for part in parts:
        for number, chunk in enumerate(_chunks(part, everybody, language)):
            new = part.entries[0].purpose != before
            before = part.entries[0].purpose
            yield _said("part", language, partial(_shown, part, chunk, at, first=number == 0, new=new))
    yield _said("foot", language, dict)


def _look() -> SafeString:
    """The page's own style: it has to stand in the file, which nothing else goes along with."""
    return format_html("<style>{}</style>", mark_safe(render_to_string("privacy/copy/look.css")))


def _said(name: str, language: str, context: Callable[[], dict[str, Any]]) -> bytes:
    with translation.override(language):
        return render_to_string(f"privacy/copy/{name}.html", context()).encode()


def _shown(part: Part, chunk: list[Any], at: datetime, *, first: bool, new: bool) -> dict[str, Any]:
    purpose = gettext(PURPOSE_WORDS[part.entries[0].purpose]) if new else ""
    return {"rows": chunk, "part": _facts(part, at) if first else None, "first": first, "purpose": purpose}


def _chunks(part: Part, everybody: Sequence[UUID], language: str) -> Iterator[list[list[tuple[str, Any]]]]:
    labels = _labels(part, language)
    chunk: list[list[tuple[str, Any]]] = []
    for values in rows(part, everybody):
        chunk.append([pair for pair in zip(labels, values, strict=True) if pair[1] not in (None, "", [], {})])
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _labels(part: Part, language: str) -> list[str]:
    """Said once for a table: a lazy one would be looked up for every cell."""
    with translation.override(language):
        return [capfirst(str(columns.field_of(f"{part.label}.{name}").verbose_name)) for name in part.names]


def _facts(part: Part, at: datetime) -> dict[str, Any]:
    return {
        "title": part.model._meta.verbose_name_plural,
        "columns": [
            {
                "name": columns.field_of(one.column).verbose_name,
                "source": gettext(N_("you")) if columns.is_sealed(one.column) else gettext(N_("made by us")),
                "basis": gettext(BASIS_WORDS[one.basis]),
                "seen_by": [gettext(SEEN_BY_WORDS[each]) for each in one.seen_by],
                "kept": gettext(ERASURE_WORDS[one.erasure]),
                "rule": _rule(one, at),
            }
            for one in part.entries
        ],
    }


def _rule(entry: PersonalField, at: datetime) -> str:
    """The keeping rule's own sentence, in the language that is on."""
    found = current.rules_by_id(entry.keeping.rule_id, at) if entry.keeping else None
    return str(found[1][-1].sentence.get(translation.get_language() or "", "")) if found else ""
