"""Steps that take two people: what waits, and the second person's yes or no."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from accounts import joint_acts, staff
from accounts.joint_acts import Step
from accounts.web.staff_finding import account_named
from accounts.web.staff_forms import AppointForm
from accounts.web.staff_pages import workbench
from kernel import clock
from kernel.errors import DomainError
from web import respond
from web.admin import require
from web.errors import sentence
from web.http import Request


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """The steps that this session may decide, and those that it has proposed itself."""
    actor, at = cast(Request, request).actor, clock.now()
    mine = {each.permission for each in joint_acts.steps() if request.user.has_perm(each.permission)}
    if not mine:
        raise PermissionDenied
    rows = [
        {"act": act, "words": gettext(kind.words), "own": act.proposed_by == actor.subject_id}
        for act in joint_acts.waiting(at=at)
        if (kind := joint_acts.kind_of(act)).permission in mine
    ]
    context = {"title": gettext("Steps that take two people"), "rows": rows, "now": at}
    return workbench(request, "accounts/staff/joint.html", context)


@require_POST
def decide(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """Confirm what somebody else has proposed, and it is done; or refuse it."""
    found = next((act for act in joint_acts.waiting(at=clock.now()) if act.pk == act_id), None)
    require(request, joint_acts.kind_of(found).permission if found else "accounts.none")
    step = joint_acts.confirm if request.POST.get("decision") == "confirm" else joint_acts.refuse
    try:
        step(act_id=act_id, actor=cast(Request, request).actor, at=clock.now())
    except DomainError as refused:
        messages.error(request, sentence(refused))
    else:
        messages.success(request, gettext("Decided."))
    return respond.redirect(request, "staff:joint")


def propose(request: HttpRequest, step: Step) -> None:
    """For every page that proposes: the permission, the row, and a sentence either way."""
    require(request, step.permission)
    try:
        joint_acts.propose(step=step, actor=cast(Request, request).actor, at=clock.now())
    except DomainError as refused:
        messages.error(request, sentence(refused))
    else:
        messages.success(request, gettext("Proposed. It is done when a colleague confirms it."))


class Appointing(View):
    """Who works here: proposed by one officer, confirmed by another."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request, "accounts.appoint_staff")
        return self._page(request, AppointForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        require(request, "accounts.appoint_staff")
        form = AppointForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, 422)
        user = account_named(request, form, purpose="accounts.appoint_staff")
        if user is None:
            return self._page(request, form, 422)
        kind = staff.Appoint if form.cleaned_data["step"] == "appoint" else staff.Dismiss
        propose(request, kind(user_id=user.pk, role=form.cleaned_data["role"]))
        return respond.redirect(request, "staff:joint")

    def _page(self, request: HttpRequest, form: AppointForm, status: int = 200) -> HttpResponse:
        context = {"title": gettext("Staff roles"), "form": form}
        return workbench(request, "accounts/staff/appointing.html", context, status)
