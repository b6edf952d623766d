"""The editor's sections: what is open stands there, what is filled in folds away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from catalog import confirm_terms, promises
from catalog.schema import in_language
from catalog.web.forms import EditorForm

Part = dict[str, Any]


def of_schema(
    form: EditorForm, duties: Mapping[str, str], flags: Sequence[Part], *, locale: str
) -> list[Part]:
    """Each section of the schema that has fields, those to be looked at apart from those that are done."""
    flagged = {each["field"] for each in flags}
    found = []
    for section in form.schema.sections:
        fields = form.section(section.value, duties)
        filled = [each for each in fields if _is_done(each["field"], flagged)]
        more = [each for each in fields if _can_wait(each["field"], each["note"], flagged)]
        open_ones = [each for each in fields if each not in filled and each not in more]
        if fields:
            found.append(
                {
                    "key": section.value,
                    "label": in_language(section.labels, locale),
                    "fields": fields,
                    "open": open_ones,
                    "more": more,
                    "filled": filled,
                    "missing": sum(bool(each["note"]) and not each["field"].value() for each in fields),
                }
            )
    return found


def _is_done(field: Any, flagged: set[str]) -> bool:
    return bool(field.value()) and not field.errors and field.name not in flagged


def _can_wait(field: Any, duty: str, flagged: set[str]) -> bool:
    """Nobody demands it, and nothing stands there."""
    return not duty and not field.value() and not field.errors and field.name not in flagged


def terms(form: EditorForm, *, locale: str) -> Part:
    """What the folded section of returns and promises says of itself."""
    made = promises.made(form.listing.draft.get("terms") or {})
    said = " · ".join(in_language(each.texts, locale) for each in made[:3])
    asked = [name for name in ("excludes_return", "promises", confirm_terms.KEY) if name in form.fields]
    wrong = any(form[name].errors for name in asked)
    return {"terms_said": said or _("nothing beyond the law"), "terms_open": bool(wrong)}
