"""Before a call: digits that the called person can see; and the desk for those who pretend to be us."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from accounts import calls
from accounts.models import CallCode
from accounts.web.staff_finding import account_field, account_named
from accounts.web.staff_pages import workbench
from kernel import clock
from privacy import access_record
from web import respond
from web.admin import require
from web.forms import Form
from web.http import Request


class CallForm(Form):
    email = account_field()


class Call(View):
    """Make the code, say it in the call's first sentence."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request, "accounts.call_person")
        return self._page(request, CallForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        require(request, "accounts.call_person")
        form = CallForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        user = account_named(request, form, purpose="accounts.call_person")
        if user is None:
            return self._page(request, form, status=422)
        session = request.staff_session  # type: ignore[attr-defined]
        made = calls.make_code(session=session, subject_id=user.subject_id, at=clock.now())
        return self._page(request, CallForm(), made=made)

    def _page(
        self, request: HttpRequest, form: CallForm, *, made: CallCode | None = None, status: int = 200
    ) -> HttpResponse:
        context = {"title": gettext("Call somebody"), "form": form, "made": made}
        return workbench(request, "accounts/staff/call.html", context, status)


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """What people have met; each look at their words stands in their record."""
    require(request, "accounts.handle_report")
    rows = calls.to_handle()
    for row in rows:
        access_record.record(
            actor=cast(Request, request).actor,
            subject_id=row.subject_id,
            purpose="security.report",
            fields=["accounts.LookalikeReport.words"],
            at=clock.now(),
        )
    context = {"title": gettext("They pretend to be us"), "rows": rows}
    return workbench(request, "accounts/staff/reports.html", context)


@require_POST
def handled(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Dealt with."""
    require(request, "accounts.handle_report")
    calls.handle(report_id=report_id, actor=cast(Request, request).actor, at=clock.now())
    return respond.redirect(request, "staff:reports")
