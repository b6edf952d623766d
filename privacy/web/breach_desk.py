"""The incident desk inside the admin: open, scope, decide with a second person, tell, close."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from privacy import breach_reports, breaches
from privacy.models import Breach
from privacy.states import BREACH
from privacy.web.breach_forms import DecisionForm, OpenForm, ScopeForm
from web.admin import require
from web.http import Request

MAY = "privacy.manage_breach"
CONTACT = "security@anxin.example"
# Moves that are a button and nothing else.
BUTTONS: dict[str, Callable[..., Breach]] = {
    "confirm": breaches.confirm,
    "reject": breaches.reject,
    "notify": breaches.notify,
    "close": breaches.close,
}


def open_new(request: HttpRequest, chrome: dict[str, Any]) -> HttpResponse:
    """The first form; a POST opens the incident."""
    require(request, MAY)
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = breaches.open_breach(report=form.report(), actor=_actor(request), at=clock.now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(_page(made.pk), status=303)
    context = {**chrome, "title": _("Open a data incident"), "form": form}
    return TemplateResponse(
        request, "admin/privacy/breach_open.html", context, status=422 if form.errors else 200
    )


def show(request: HttpRequest, breach_id: UUID, chrome: dict[str, Any]) -> HttpResponse:
    """The incident with its clocks and trail; a POST with `move` takes the next step."""
    require(request, "privacy.view_breach")
    breach = _found(breach_id)
    forms = {"scope": ScopeForm(prefix="scope"), "propose": DecisionForm(prefix="propose")}
    if request.method == "POST":
        require(request, MAY)
        done = _moved(request, breach, forms)
        if done is not None:
            return done
    context = {**chrome, "title": breach.number, "breach": breach, **forms, **_state(request, breach)}
    bad = any(form.is_bound and form.errors for form in forms.values())
    return TemplateResponse(request, "admin/privacy/breach.html", context, status=422 if bad else 200)


def report(request: HttpRequest, breach_id: UUID, place: str) -> HttpResponse:
    """The text for one authority, to carry away."""
    require(request, MAY)
    breach = _found(breach_id)
    text = breach_reports.authority_report(breach, place=place[:2].upper(), contact=CONTACT)
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{breach.number}-{place[:2].upper()}.txt"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _state(request: HttpRequest, breach: Breach) -> dict[str, Any]:
    return {
        "clocks": breach.clocks.order_by("due_at", "place", "audience"),
        "trail": breach.moves.order_by("id"),
        "places": sorted(set(breach.clocks.values_list("place", flat=True))),
        "possible": [name for name in BREACH.names if BREACH.allows(breach.state, name)],
        "may": request.user.has_perm(MAY),
        "own": breach.proposed_by == str(_actor(request)),
        "now": clock.now(),
    }


def _moved(request: HttpRequest, breach: Breach, forms: dict[str, Any]) -> HttpResponse | None:
    """None when a form has to be filled in again; a refusal of the use case changes nothing."""
    name = request.POST.get("move", "")
    said: dict[str, Any] = {"breach_id": breach.pk, "actor": _actor(request), "at": clock.now()}
    try:
        if name in forms:
            form = forms[name] = type(forms[name])(request.POST, prefix=name)
            if not form.is_valid():
                return None
            _take(name, form, said)
        elif name in BUTTONS:
            BUTTONS[name](**said)
        else:
            raise Http404
    except DomainError as refusal:
        if name in forms:
            forms[name].refuse(refusal)
            return None
        messages.error(request, str(_(refusal.message)))
    return HttpResponseRedirect(_page(breach.pk), status=303)


def _take(name: str, form: Any, said: dict[str, Any]) -> None:
    if name == "scope":
        breaches.scope(query=form.query(), **said)
    else:
        breaches.propose(decision=form.decision(), **said)


def _found(breach_id: UUID) -> Breach:
    return breaches.one(breach_id)


def _page(breach_id: UUID) -> str:
    return reverse("admin:privacy_breach_change", args=[breach_id])


def _actor(request: HttpRequest) -> Actor:
    return cast(Request, request).actor
