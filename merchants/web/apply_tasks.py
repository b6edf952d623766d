"""One task of an application: shown with what was typed, saved whole or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import Invalid, NotFound
from kernel.money import Money
from merchants import access, applying, handing_in, training
from merchants.application_tasks import TASK_WORDS, Task, tasks_for
from merchants.document_kinds import KIND_WORDS, DocumentKind
from merchants.document_lifecycle import STATE_WORDS, DocumentState
from merchants.models import Application
from merchants.web import quizzes
from merchants.web.task_forms import FORMS, TaskForm
from rulebook import policies
from web.http import Request
from web.respond import page, redirect

PAGE = "merchants/application_task.html"


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: Request, application_id: UUID, task: str) -> HttpResponse:
    """:raises NotFound: no such task for this kind of seller"""
    found = access.application_of(request.actor, application_id)
    if task not in tasks_for(found.merchant.kind):
        raise NotFound
    if found.merchant.state != "preparing":
        return redirect(request, "merchants:application", found.pk)
    if task == Task.TRAINING:
        return _training(request, found)
    return _answers(request, found, Task(task))


def _answers(request: Request, found: Application, task: Task) -> HttpResponse:
    held = applying.answers_of(applying.task_row(found, task))
    if request.method != "POST":
        form = FORMS[task](initial={"kind": found.merchant.kind, "place": found.merchant.place, **held})
        if task in found.tasks.exclude(saved_at=None).values_list("name", flat=True):
            form = _shown(found, task, held)
        return page(request, PAGE, _context(found, task, form, held))
    form = FORMS[task](request.POST, request.FILES)
    form.is_valid()
    problems = _saved(request, found, task, form)
    if not problems and form.is_valid():
        messages.success(request, _("Saved. This task is complete."))
        again = task is Task.PERMITS and "file" in form.uploads()
        name = "merchants:application-task" if again else "merchants:application"
        return redirect(request, name, found.pk, *([str(task)] if again else []))
    held = applying.answers_of(applying.task_row(found, task))
    return page(request, PAGE, _context(found, task, form, held), status=422)


def _saved(request: Request, found: Application, task: Task, form: TaskForm) -> Mapping[str, str]:
    """Keep it; what is still missing stands at the fields afterwards. A bad file costs nothing typed."""
    try:
        saved = _keep(request, found, task, form, form.uploads())
    except Invalid as refused:
        _keep(request, found, task, form, {})
        form.refuse(refused)
        return {"file": str(refused)}
    form.show(saved.problems)
    return saved.problems


def _keep(
    request: Request, found: Application, task: Task, form: TaskForm, uploads: dict[str, Any]
) -> applying.Saved:
    return applying.save(
        application_id=found.pk,
        task=task,
        answers=form.answers(),
        uploads=uploads,
        actor=request.actor,
        at=clock.now(),
    )


def _shown(found: Application, task: Task, held: dict[str, str]) -> TaskForm:
    """What was saved before, with what is still missing at its fields."""
    form = FORMS[task](held)
    form.is_valid()
    form.show(applying.problems_of(found, task, held, at=clock.now()))
    return form


def _context(found: Application, task: Task, form: TaskForm, held: dict[str, str]) -> dict[str, Any]:
    form.name_kept(held)
    form.for_reading()
    row = applying.task_row(found, task)
    context: dict[str, Any] = {
        "application": found,
        "task": str(task),
        "title": _(TASK_WORDS[task]),
        "form": form,
        "reason": row.reason,
    }
    if task is Task.PERMITS:
        context["permits"] = [
            (_(KIND_WORDS[DocumentKind(each.kind)]), _(STATE_WORDS[DocumentState(each.state)]))
            for each in applying.permits_of(found.merchant)
        ]
    if task is Task.PAYOUT:
        amounts = policies.value(handing_in.DEPOSIT, clock.now())
        context["deposit"] = Money(int(amounts[found.merchant.kind]), "CNY")
    return context


def _training(request: Request, found: Application) -> HttpResponse:
    """The quiz; a pass completes the task."""
    applicant = access.person_of(request.actor)
    shown = quizzes.answer(request, subject_id=applicant, slug=training.SELLER)
    if shown.certificate is not None and (request.method == "POST" or not shown.attempt):
        applying.save(
            application_id=found.pk,
            task=Task.TRAINING,
            answers={"quiz": shown.certificate.version},
            actor=request.actor,
            at=clock.now(),
        )
    context = {"application": found, "task": "training", "title": _(TASK_WORDS[Task.TRAINING])}
    return page(request, PAGE, {**context, **shown.context()}, status=shown.status)
