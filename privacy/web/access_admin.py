"""Who looked, who searched, who took files away: read by officers and auditors, changed by nobody."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from kernel import clock
from privacy import access_record
from privacy.models import AccessAlarm, AccessRecord, Export, LookUp
from web.admin import ReadOnlyAdmin, require
from web.export import csv_response
from web.http import Request

MOST_IN_FILE = 5000


@admin.register(AccessRecord)
class AccessRecordAdmin(ReadOnlyAdmin):
    """Pseudonyms of both sides: whose the data is stays sealed here too."""

    change_list_template = "privacy/admin_access_list.html"
    list_display = ("at", "actor", "purpose", "fields_seen", "expected", "merchant_id", "subject_id")
    list_filter = ("expected", "purpose", "at")
    search_fields = ("=subject_id", "actor")
    ordering = ("-at", "-id")
    fields = ("at", "actor", "merchant_id", "purpose", "fields_seen", "expected", "subject_id")
    readonly_fields = ("fields_seen",)

    @admin.display(description=_lazy("Columns"))
    def fields_seen(self, row: AccessRecord) -> str:
        return ", ".join(row.fields)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.take_away))
        return [path("file/", view, name="privacy_accessrecord_file"), *super().get_urls()]

    def take_away(self, request: HttpRequest) -> HttpResponse:
        """The newest looks as a file that carries its number; taking it is on record itself."""
        require(request, "privacy.export_access")
        rows = access_record.newest(MOST_IN_FILE)
        number = access_record.record_export(
            actor=cast(Request, request).actor,
            what="access_record",
            rows=len(rows),
            subject_ids=[row.subject_id for row in rows],
            fields=(),
            at=clock.now(),
        )
        header = [_("When"), _("Reader"), _("Purpose"), _("Columns"), _("Expected"), _("Person")]
        lines = [
            [row.at.isoformat(), row.actor, row.purpose, " ".join(row.fields), row.expected, row.subject_id]
            for row in rows
        ]
        return csv_response("looks", header, lines, number=number)


@admin.register(LookUp)
class LookUpAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "purpose", "reference", "by", "subject_id")
    list_filter = ("purpose", "by")
    search_fields = ("reference", "actor")
    ordering = ("-at", "-id")


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    list_display = ("at", "number", "actor", "what", "rows", "people")
    list_filter = ("what",)
    search_fields = ("number", "actor")
    ordering = ("-at", "-id")


@admin.register(AccessAlarm)
class AccessAlarmAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "cause", "people", "since")
    list_filter = ("cause",)
    search_fields = ("actor",)
    ordering = ("-at", "-id")


SHOWN = (AccessRecord, LookUp, Export, AccessAlarm)
