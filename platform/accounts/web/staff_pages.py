"""The way into the staff pages: role, reason, second factor; and the session while it runs."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import staff, staff_factors, staff_sessions
from accounts.models import StaffSession, User
from accounts.staff_roles import WORDS, Role
from accounts.web.staff_forms import StartForm
from accounts.web.staff_gate import SESSION_KEY
from kernel import clock
from kernel.errors import DomainError
from rulebook import policies
from web import respond, security_log

START = "accounts/staff/start.html"


def workbench(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of ours in the frame of the staff pages."""
    chrome = {**admin.site.each_context(request), **context}
    return render(request, template, chrome, status=status)


@method_decorator(never_cache, name="dispatch")
class Start(View):
    """Only for staff; without a second factor there is one thing to do here: get one."""

    user: User
    roles: list[Role]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return respond.redirect(request, f"{reverse('account_login')}?next={request.path}")
        self.user = request.user
        self.roles = staff.roles_of(self.user)
        if not self.roles:
            raise Http404
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, self._form(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request, request.POST)
        if not staff_factors.held_by(self.user) or not form.is_valid():
            return self._page(request, form, status=422)
        if "code" in form.fields and not staff_factors.check_code(
            request, self.user, form.cleaned_data["code"]
        ):
            form.add_error(
                "code", gettext("This code doesn't match, or was used before. Wait for the next one.")
            )
            return self._page(request, form, status=422)
        try:
            session = _begin(request, self.user, form)
        except DomainError as refused:
            form.refuse(refused)
            return self._page(request, form, status=422)
        request.session[SESSION_KEY] = str(session.pk)
        security_log.note("staff_session_opened", request, session=session.pk, role=session.role)
        return respond.redirect(request, _way_on(request))

    def _form(self, request: HttpRequest, data: Any = None) -> StartForm:
        return StartForm(data, roles=self.roles, needs_code=not _fresh(request))

    def _page(self, request: HttpRequest, form: StartForm, status: int = 200) -> HttpResponse:
        held = staff_factors.held_by(self.user)
        context = {
            "form": form,
            "held": held,
            "next": _way_on(request),
            "only_passkey": held == {"webauthn"} and not _fresh(request),
            "minutes": policies.number("staff.session_minutes", clock.now()),
        }
        return respond.page(request, START, context, status=status)


@never_cache
def session(request: HttpRequest) -> HttpResponse:
    """What runs, until when, and the stretches before it."""
    user = cast(User, request.user)
    running = cast(StaffSession, request.staff_session)  # type: ignore[attr-defined]
    before = [each for each in staff.sessions_of(user) if each.pk != running.pk]
    context = {
        "title": gettext("Your working session"),
        "running": running,
        "role_words": gettext(WORDS[Role(running.role)]),
        "past": [(each, gettext(WORDS[Role(each.role)])) for each in before],
        "now": timezone.now(),
    }
    return workbench(request, "accounts/staff/session.html", context)


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Done for now; signing in again is not needed for shopping."""
    kept = cast(StaffSession, request.staff_session)  # type: ignore[attr-defined]
    staff_sessions.end(session_id=kept.pk, user_id=cast(User, request.user).pk, now=timezone.now())
    request.session.pop(SESSION_KEY, None)
    security_log.note("staff_session_ended", request, session=kept.pk)
    return respond.redirect(request, "staff:start")


def _begin(request: HttpRequest, user: User, form: StartForm) -> StaffSession:
    return staff_sessions.begin(
        user=user,
        role=form.cleaned_data["role"],
        reason=form.cleaned_data["reason"],
        proof=_fresh(request),
        now=timezone.now(),
        at=clock.now(),
    )


def _fresh(request: HttpRequest) -> str:
    minutes = policies.number("staff.proof_minutes", clock.now())
    return staff_factors.fresh_proof(request, seconds=minutes * 60, now=timezone.now())


def _way_on(request: HttpRequest) -> str:
    """Back to the page that was asked for, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours and wanted.startswith(("/admin/", "/staff/")) else reverse("admin:index")
