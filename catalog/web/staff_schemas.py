"""Staff change what a category demands: field by field, seen beforehand, put in force by a second person."""

from __future__ import annotations

import json
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog import access, schema_changes, shortfalls
from catalog.models import Category, SchemaChange
from catalog.schema import in_language
from catalog.web.schema_form import FieldForm, initial_of
from kernel import clock
from kernel.errors import DomainError
from rulebook import current
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request


@admin.register(Category)
class CategoryAdmin(ReadOnlyAdmin):
    """Every kind of goods, its version in force, its export, and the way to a new version."""

    change_form_template = "catalog/admin_category.html"
    list_display = ("slug", "department", "schema_version", "position")
    list_select_related = ("department",)
    ordering = ("department__position", "position")
    fields = ("slug", "department", "schema_version", "position")

    def get_urls(self) -> list[URLPattern]:
        begin = self.admin_site.admin_view(require_POST(self.begin))
        export = self.admin_site.admin_view(require_safe(self.export))
        return [
            path("<slug:slug>/begin", begin, name="catalog_schema_begin"),
            path("<slug:slug>/schema.json", export, name="catalog_schema_export"),
            *super().get_urls(),
        ]

    def begin(self, request: HttpRequest, slug: str) -> HttpResponse:
        """A draft of the next version."""
        require(request, "catalog.change_schema")
        actor, at = cast(Request, request).actor, clock.now()
        try:
            change = schema_changes.begin(category=slug, actor=actor, at=at)
        except DomainError as refused:
            messages.error(request, sentence(refused))
            return HttpResponseRedirect(reverse("admin:catalog_category_change", args=[slug]))
        return HttpResponseRedirect(reverse("admin:catalog_schemachange_change", args=[change.pk]))

    def export(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The version in force as a file."""
        require(request, "catalog.view_category")
        row = self.get_object(request, slug)
        if row is None:
            raise Http404
        text = json.dumps(row.schema, ensure_ascii=False, indent=1)
        named = f'attachment; filename="{slug}-v{row.schema_version}.json"'
        return HttpResponse(text, content_type="application/json", headers={"Content-Disposition": named})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        locale = get_language() or "zh-hans"
        context = {
            **(extra_context or {}),
            "rows": [_row(each, locale) for each in row.schema["fields"]] if row else [],
            "may_change": request.user.has_perm("catalog.change_schema"),
            "changes": access.schema_changes_of(object_id),
        }
        return super().change_view(request, object_id, form_url, context)


@admin.register(SchemaChange)
class SchemaChangeAdmin(ReadOnlyAdmin):
    """New versions: what they change, whom they would catch out, and who decides."""

    change_form_template = "catalog/admin_schema_change.html"
    list_display = ("category", "state", "version", "grace_days", "begun_at", "decided_at")
    list_filter = ("state",)
    list_select_related = ("category",)
    ordering = ("-begun_at", "-id")
    fields = (("category", "state"), ("from_version", "version"), "reason", ("grace_days", "decided_at"))

    def get_urls(self) -> list[URLPattern]:
        step = self.admin_site.admin_view(require_POST(self.step))
        decide = self.admin_site.admin_view(require_POST(self.decide))
        return [
            path("<uuid:pk>/step", step, name="catalog_schema_step"),
            path("<uuid:pk>/decide", decide, name="catalog_schema_decide"),
            *super().get_urls(),
        ]

    def step(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Add, change or take out a field, or hand the whole to a second person."""
        require(request, "catalog.change_schema")
        form = None
        try:
            form = self._do(request, pk)
        except DomainError as refused:
            messages.error(request, sentence(refused))
        if form is not None and form.errors:
            # The page reads only; Django refuses to show it in answer to a POST.
            request.method = "GET"
            return self.change_view(request, str(pk), extra_context={"form": form})
        return _to_change(pk)

    def _do(self, request: HttpRequest, pk: UUID) -> FieldForm | None:
        actor, at, sent = cast(Request, request).actor, clock.now(), request.POST
        match sent.get("step"):
            case "drop":
                schema_changes.drop_field(change_id=pk, key=sent.get("key", ""), actor=actor, at=at)
            case "propose":
                days = sent.get("grace_days", "")
                grace = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0
                reason = sent.get("reason", "")[:2000]
                schema_changes.propose(change_id=pk, reason=reason, grace_days=grace, actor=actor, at=at)
            case _:
                change = self.get_object(request, str(pk))
                if change is None:
                    raise Http404
                form = FieldForm(change.schema, _duties(), sent)
                if not form.is_valid():
                    return form
                schema_changes.put_field(change_id=pk, field=form.to_data(), actor=actor, at=at)
        return None

    def decide(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Another person puts it in force, or refuses it."""
        require(request, "catalog.decide_schema")
        decide = schema_changes.confirm if request.POST.get("decision") == "accept" else schema_changes.refuse
        try:
            decide(change_id=pk, actor=cast(Request, request).actor, at=clock.now())
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Done. Shops whose goods fall short are told now."))
        return _to_change(pk)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        change = self.get_object(request, object_id)
        context = {**self._context(request, change), **(extra_context or {})} if change else extra_context
        return super().change_view(request, object_id, form_url, context)

    def _context(self, request: HttpRequest, change: SchemaChange) -> dict[str, Any]:
        locale, key = get_language() or "zh-hans", request.GET.get("field", "")
        chosen = next((each for each in change.schema["fields"] if each["key"] == key), None)
        actor = cast(Request, request).actor
        return {
            "rows": _compared(change, locale),
            "form": FieldForm(change.schema, _duties(), initial=initial_of(chosen)),
            "chosen": key if chosen else "",
            "preview": shortfalls.preview(change) if change.state in ("draft", "proposed") else None,
            "notices": change.notices.select_related("merchant").order_by("due_at"),
            "may_change": change.state == "draft" and request.user.has_perm("catalog.change_schema"),
            "may_decide": change.state == "proposed" and request.user.has_perm("catalog.decide_schema"),
            "mine": change.begun_by == actor.subject_id,
        }


def _to_change(pk: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:catalog_schemachange_change", args=[pk]))


def _duties() -> list[str]:
    return sorted(current.pack(schema_changes.SOLD_IN, clock.now()).by_id)


def _row(field: dict[str, Any], locale: str, change: str = "") -> dict[str, Any]:
    return {**field, "name": in_language(field["label"], locale), "change": change}


def _compared(change: SchemaChange, locale: str) -> list[dict[str, Any]]:
    """Every field of both versions, each with what happens to it."""
    old = {each["key"]: each for each in change.category.schema["fields"]}
    if change.state == "in_force":
        return [_row(each, locale) for each in change.schema["fields"]]
    rows = []
    for field in change.schema["fields"]:
        before = old.pop(field["key"], None)
        rows.append(_row(field, locale, "added" if before is None else "" if before == field else "changed"))
    return rows + [_row(each, locale, "dropped") for each in old.values()]
