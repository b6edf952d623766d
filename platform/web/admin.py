"""Staff pages read by default: acting goes through use cases, never through an edit form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.filters import AllValuesFieldListFilter
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import pgettext, pgettext_lazy

from kernel.money import Money
from web import security_log
from web.formats import money_text

# Columns that hold a code of ours; lists and filters show its word instead.
CODES = {
    "state",
    "kind",
    "category",
    "outcome",
    "component",
    "proof_state",
    "from_state",
    "to_state",
    "channel",
    "wish",
    "result",
    "hold",
    "about",
    "step",
    "what",
}

# How the links of a list's filters ask.
LOOKUPS = {"exact", "isnull", "in", "gte", "lt"}


def require(request: HttpRequest, permission: str) -> None:
    """Every button of the staff pages asks for its own "app.verb_thing" first.

    :raises PermissionDenied: the running session's role does not hold it
    """
    if not request.user.has_perm(permission):
        security_log.note("permission_refused", request, permission=permission)
        raise PermissionDenied


def code_word(code: object) -> str:
    """The word for a stored code, or the code where there is none."""
    return pgettext("code", str(code)) if code else ""


class CodeFilter(AllValuesFieldListFilter):
    """All values that occur, in words."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": code_word(choice["display"])}


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shows everything, changes nothing."""

    actions = None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """What this list's filters ask, nothing else: no address probes a column or runs a pattern."""
        name, _mark, how = lookup.rpartition("__")
        filters = {getattr(each, "parameter_name", None) or str(each) for each in self.list_filter}
        if how not in LOOKUPS:
            return lookup in filters
        return any(name == each or name.startswith(f"{each}__") for each in filters)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django looks for the row first; here absent and forbidden look the same."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [self._in_words(name) for name in super().get_list_display(request)]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Codes of the record itself in words, too."""
        return [
            (title, {**told, "fields": [self._row_in_words(row) for row in told["fields"]]})
            for title, told in super().get_fieldsets(request, obj)
        ]

    def _row_in_words(self, row: Any) -> Any:
        if isinstance(row, list | tuple):
            return tuple(self._code_in_words(name) for name in row)
        return self._code_in_words(row)

    def _code_in_words(self, name: Any) -> Any:
        return self._in_words(name) if self._is_code(name) else name

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [
            (name, CodeFilter) if self._is_code(name) else name for name in super().get_list_filter(request)
        ]

    def _is_code(self, name: object) -> bool:
        if not isinstance(name, str) or name not in CODES or hasattr(self, name):
            return False
        try:
            return isinstance(self.model._meta.get_field(name), models.CharField)
        except FieldDoesNotExist:
            return False

    def _in_words(self, name: Any) -> Any:
        """Codes and sums as a person reads them; everything else as Django shows it."""
        if self._is_code(name):
            return _column(name, self.model._meta.get_field(name).verbose_name, code_word, ordering=name)
        of_model = isinstance(name, str) and not hasattr(self, name)
        if of_model and isinstance(getattr(self.model, name, None), property):
            return _column(name, pgettext_lazy("column", name.replace("_", " ")), _said)
        return name


def _said(value: object) -> object:
    return money_text(value) if isinstance(value, Money) else value


def _column(name: str, words: Any, say: Callable[[object], object], *, ordering: str | None = None) -> Any:
    @admin.display(description=words, ordering=ordering)
    def column(row: Any) -> object:
        return say(getattr(row, name))

    # Django names the cell's class after the function.
    column.__name__ = name
    return column
