"""Breaking the glass, and the review by somebody else."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views import View
from django.views.decorators.http import require_safe

from accounts import emergencies
from accounts.models import StaffSession
from accounts.staff_roles import WORDS, Role
from accounts.web.staff_forms import GlassForm, ReviewForm
from accounts.web.staff_pages import workbench
from kernel import clock
from kernel.errors import DomainError
from privacy import access_record
from rulebook import policies
from web import respond, security_log
from web.admin import require
from web.http import Request


class Glass(View):
    """What the role forbids, for a stated reason."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request, "accounts.break_glass")
        return self._page(request, GlassForm(roles=_openable(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        require(request, "accounts.break_glass")
        form = GlassForm(request.POST, roles=_openable(request))
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            emergencies.break_glass(
                session_id=_session(request).pk,
                actor=cast(Request, request).actor,
                now=timezone.now(),
                at=clock.now(),
                **form.cleaned_data,
            )
        except DomainError as refused:
            form.refuse(refused)
            return self._page(request, form, status=422)
        return _broken(request, form.cleaned_data["role"])

    def _page(self, request: HttpRequest, form: GlassForm, status: int = 200) -> HttpResponse:
        at = clock.now()
        context = {
            "title": gettext("Break the glass"),
            "form": form,
            "minutes": policies.number("staff.emergency_minutes", at),
            "days": policies.number("staff.emergency_review_days", at),
        }
        return workbench(request, "accounts/staff/glass.html", context, status)


def _broken(request: HttpRequest, role: str) -> HttpResponse:
    security_log.note("break_glass", request, session=_session(request).pk, role=role)
    messages.warning(request, gettext("The glass is broken. Security officers and auditors know."))
    return respond.redirect(request, "admin:index")


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Emergencies that nobody else has looked at yet."""
    require(request, "accounts.review_emergency")
    found = emergencies.to_review()
    for each in found:
        access_record.record(
            actor=cast(Request, request).actor,
            subject_id=each.subject_id,
            purpose="staff.emergency",
            fields=["accounts.Emergency.reason"],
            at=clock.now(),
        )
    rows = [(each, gettext(WORDS[Role(each.role)])) for each in found]
    context = {"title": gettext("Emergencies to review"), "rows": rows, "form": ReviewForm()}
    return workbench(request, "accounts/staff/emergencies.html", context)


class Review(View):
    """One emergency, and the finding that closes it."""

    def post(self, request: HttpRequest, emergency_id: UUID) -> HttpResponse:
        require(request, "accounts.review_emergency")
        form = ReviewForm(request.POST)
        if not form.is_valid():
            messages.error(request, gettext("Choose an answer and write down what you found."))
            return respond.redirect(request, "staff:emergencies")
        try:
            emergencies.review(
                emergency_id=emergency_id,
                justified=form.cleaned_data["justified"] == "yes",
                finding=form.cleaned_data["finding"],
                actor=cast(Request, request).actor,
                at=clock.now(),
            )
        except DomainError as refused:
            return _refused(request, refused)
        messages.success(request, gettext("The review is closed."))
        return respond.redirect(request, "staff:emergencies")


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    if error.status == 404:
        raise error
    form = ReviewForm()
    form.cleaned_data = {}
    form.refuse(error)
    messages.error(request, form.problems[0][1])
    return respond.redirect(request, "staff:emergencies")


def _openable(request: HttpRequest) -> list[Role]:
    own = _session(request).role
    return [role for role in Role if role not in emergencies.BEHIND_NO_GLASS and role.value != own]


def _session(request: HttpRequest) -> StaffSession:
    return cast(StaffSession, request.staff_session)  # type: ignore[attr-defined]
