"""For officers: people whose data went abroad against the law's figures, filings, figures on minors."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from privacy import minors_audit, transfers
from privacy.models import AgeBand, ExportRoute
from web import respond
from web.admin import ReadOnlyAdmin, require
from web.forms import Form

YEAR = timedelta(days=365)
ROUTES = (
    (ExportRoute.STANDARD_CONTRACT, gettext_lazy("Standard contract filed")),
    (ExportRoute.ASSESSMENT, gettext_lazy("Security assessment passed")),
)
FIGURES = {
    "free_below": N_("From here on a standard contract is needed"),
    "assessment_from": N_("From here on a security assessment is needed"),
    "sensitive_assessment_from": N_("Sensitive data: a security assessment is needed"),
}
BANDS = {
    AgeBand.UNDER_8: N_("Under 8"),
    AgeBand.FROM_8_TO_13: N_("8 to 13"),
    AgeBand.FROM_14_TO_17: N_("14 to 17"),
}


class FilingForm(Form):
    route = forms.ChoiceField(label=gettext_lazy("What was filed"), choices=ROUTES)
    number = forms.CharField(label=gettext_lazy("Number of the filing"), max_length=60)
    first_day = forms.DateField(
        label=gettext_lazy("Counts from"), widget=forms.DateInput(attrs={"type": "date"})
    )
    last_day = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}))


class ExportFilingAdmin(ReadOnlyAdmin):
    list_display = ("route", "number", "valid_from", "valid_until", "noted_by", "noted_at")
    list_filter = ("route",)
    ordering = ("-valid_until",)

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.desk))
        return [path("desk/", page, name="privacy_exports"), *super().get_urls()]

    def desk(self, request: HttpRequest) -> HttpResponse:
        """Counts and figures; a POST notes a filing."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = FilingForm(request.POST or None)
        if request.method == "POST":
            require(request, "privacy.note_filing")
            if form.is_valid() and self._note(request, form):
                messages.success(request, gettext("Noted."))
                return respond.redirect(request, "admin:privacy_exports")
        status = 422 if request.method == "POST" else 200
        return render(request, "admin/privacy/exports.html", self._context(request, form), status=status)

    def _note(self, request: HttpRequest, form: FilingForm) -> bool:
        told = form.cleaned_data
        try:
            transfers.note_filing(
                route=told["route"],
                number=told["number"],
                valid_from=datetime.combine(told["first_day"], time(), UTC),
                valid_until=datetime.combine(told["last_day"] + timedelta(days=1), time(), UTC),
                actor=Actor.staff(request.user.subject_id),  # type: ignore[union-attr]
                at=clock.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            return False
        return True

    def _context(self, request: HttpRequest, form: FilingForm) -> dict[str, Any]:
        at = clock.now()
        year = transfers.year_of(at)
        audit = minors_audit.figures(since=at - YEAR, until=at)
        return {
            **self.admin_site.each_context(request),
            "title": gettext("Data abroad and minors' data"),
            "opts": self.opts,
            "year": year,
            "people": transfers.counts(year),
            "thresholds": [(gettext(FIGURES[each.name]), each) for each in transfers.thresholds(year, at=at)],
            "filings": [(dict(ROUTES)[ExportRoute(each.route)], each) for each in transfers.filings(at=at)],
            "audit": audit,
            "bands": [(gettext(BANDS[AgeBand(band)]), n) for band, n in audit.bands],
            "form": form,
            "now": at,
        }
