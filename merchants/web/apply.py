"""Applying to sell: a list of tasks that can be left and taken up again, and where it stands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from merchants import access, applying, handing_in
from merchants.application_tasks import DONE, STATE_WORDS, TASK_WORDS, Task, TaskState, tasks_for
from merchants.lifecycle import STATE_WORDS as SHOP_WORDS
from merchants.lifecycle import MerchantState
from merchants.models import Application, Merchant
from merchants.web.task_forms import KINDS
from web.errors import sentence
from web.http import Request
from web.respond import page, redirect

CHIPS = {
    TaskState.TODO: "",
    TaskState.SAVED: "chip--soon",
    TaskState.COMPLETE: "chip--right",
    TaskState.SENT_BACK: "chip--late",
    TaskState.ACCEPTED: "chip--right",
}
GIVEN_UP = "The applicant took the application back."


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: Request) -> HttpResponse:
    """What one needs for it; a POST begins, or goes on with what was begun."""
    applicant = access.person_of(request.actor)
    if request.method == "POST":
        application = applying.start(
            applicant_id=applicant,
            kind=request.POST.get("kind", ""),
            actor=Actor.buyer(applicant),
            at=clock.now(),
        )
        return redirect(request, "merchants:application", application.pk)
    running = [each for each in access.applications_of(request.actor) if each.merchant.state == "preparing"]
    return page(request, "merchants/apply.html", {"kinds": list(KINDS.items()), "running": running})


@login_required
@never_cache
@require_safe
def application(request: Request, application_id: UUID) -> HttpResponse:
    """The task list."""
    found = access.application_of(request.actor, application_id)
    return page(request, "merchants/application.html", _context(found))


@login_required
@require_POST
def submit(request: Request, application_id: UUID) -> HttpResponse:
    """Hand it in; what is open is said above the list, and nothing changed."""
    found = access.application_of(request.actor, application_id)
    try:
        handing_in.hand_in(application_id=found.pk, actor=request.actor, at=clock.now())
    except DomainError as refused:
        context = {**_context(found), "refusal": sentence(refused)}
        return page(request, "merchants/application.html", context, status=422)
    messages.success(request, _("Handed in. A person decides within two working days and writes to you."))
    return redirect(request, "merchants:mine")


@login_required
@require_POST
def give_up(request: Request, application_id: UUID) -> HttpResponse:
    found = access.application_of(request.actor, application_id)
    applying.give_up(application_id=found.pk, reason=GIVEN_UP, actor=request.actor, at=clock.now())
    messages.success(request, _("The application is closed. You can begin a new one at any time."))
    return redirect(request, "merchants:mine")


@login_required
@require_safe
def mine(request: Request) -> HttpResponse:
    """The shops one acts for, each with its state."""
    memberships = access.memberships_of(request.actor)
    if not memberships:
        return redirect(request, "merchants:apply")
    applications = {each.merchant_id: each for each in access.applications_of(request.actor)}
    shops = [
        {
            "merchant": each.merchant,
            "capabilities": each.capabilities,
            "state_said": _(SHOP_WORDS[MerchantState(each.merchant.state)]),
            "decision": _decision(each.merchant),
            "application": applications.get(each.merchant_id),
        }
        for each in memberships
    ]
    return page(request, "merchants/mine.html", {"shops": shops})


def _decision(merchant: Merchant) -> dict[str, Any] | None:
    """What was last decided by somebody, with its reason; handing in is no decision."""
    found = access.last_decision(merchant)
    if found is None or found.name == "hand_in":
        return None
    return {"pk": found.pk, "at": found.at, "name": found.name, "reason": _(found.reason)}


def _context(found: Application) -> dict[str, Any]:
    rows = {row.name: row for row in found.tasks.all()}
    tasks = [_row(rows[task], task) for task in tasks_for(found.merchant.kind)]
    done = sum(each["done"] for each in tasks)
    return {
        "application": found,
        "merchant": found.merchant,
        "kind": KINDS[Merchant.Kind(found.merchant.kind)],
        "state_said": _(SHOP_WORDS[MerchantState(found.merchant.state)]),
        "open": found.merchant.state == "preparing",
        "tasks": tasks,
        "done": done,
        "all_done": done == len(tasks),
    }


def _row(row: Any, task: Task) -> dict[str, Any]:
    state = TaskState(row.state)
    return {
        "name": str(task),
        "title": _(TASK_WORDS[task]),
        "state": _(STATE_WORDS[state]),
        "chip": CHIPS[state],
        "reason": row.reason,
        "done": state in DONE,
    }
