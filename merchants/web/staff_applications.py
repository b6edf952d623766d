"""Applications in the staff pages: claims beside what registers said, task by task, and the decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from merchants import access, checking, reviewing
from merchants.application_tasks import DECLARATIONS, OWNER_ROLES, STATE_WORDS, TASK_WORDS, Task, TaskState
from merchants.applying import answers_of
from merchants.models import Application, Check
from merchants.web.staff_documents import READ, WHY, purpose_of
from merchants.web.task_forms import FORMS
from privacy import access_record
from privacy.access_words import PURPOSES
from web.admin import ReadOnlyAdmin, code_word, require
from web.errors import sentence
from web.http import Request

DECIDE = "merchants.decide_application"
FIELDS = ("merchants.ApplicationTask.answers", "merchants.Check.masked")
# Which answers of registers belong beside which task.
BESIDE = {"register": Task.IDENTITY, "licence": Task.PERMITS, "account": Task.PAYOUT}
CODES = {**DECLARATIONS, **OWNER_ROLES}


class ApplicationAdmin(ReadOnlyAdmin):
    change_form_template = "merchants/admin_application.html"
    list_display = ("merchant", "started_at", "handed_in_at", "overdue_at", "decided_at")
    list_filter = ("merchant__state", "merchant__kind")
    list_select_related = ("merchant",)
    search_fields = ("merchant__display_name", "merchant__legal_name", "merchant__licence_number")
    fields = ("merchant", ("started_at", "handed_in_at"), ("overdue_at", "decided_at"), "deposit_minor")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """What waits too long first, then what waits, then the rest."""
        return (
            super()
            .get_queryset(request)
            .order_by(
                F("overdue_at").asc(nulls_last=True),
                F("decided_at").desc(nulls_first=True),
                F("handed_in_at").asc(nulls_last=True),
                "id",
            )
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<uuid:pk>/review", view(require_POST(self.review)), name="merchants_application_review"),
            path("<uuid:pk>/decision", view(require_POST(self.decide)), name="merchants_application_decide"),
            path("<uuid:pk>/name", view(require_POST(self.clear_name)), name="merchants_application_name"),
            path("<uuid:pk>/checks", view(require_POST(self.ask)), name="merchants_application_ask"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        found = cast("Application | None", self.get_object(request, object_id))
        context = {**(extra_context or {}), **(_shown(request, found) if found else {})}
        return super().change_view(request, object_id, form_url, context)

    def review(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Accept the ticked tasks; those with a reason go back, and the application with them."""
        require(request, DECIDE)
        reasons = {
            task: request.POST.get(f"reason-{task}", "")
            for task in Task
            if request.POST.get(f"reason-{task}", "").strip()
        }
        accepted = [task for task in Task if request.POST.get(f"accept-{task}") and task not in reasons]

        def step(actor: Actor) -> None:
            if accepted:
                reviewing.accept(application_id=pk, tasks=accepted, actor=actor, at=clock.now())
            if reasons:
                reviewing.send_back(application_id=pk, reasons=reasons, actor=actor, at=clock.now())

        return self._done(request, pk, step)

    def decide(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Admit or turn down; a refusal of the use case is shown, and nothing changed."""
        require(request, DECIDE)
        step = reviewing.refuse if request.POST.get("decision") == "refuse" else reviewing.approve
        reason = request.POST.get("reason", "")
        return self._done(
            request,
            pk,
            lambda actor: step(application_id=pk, reason=reason, actor=actor, at=clock.now()),
        )

    def clear_name(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The name may stay although it can be taken for another's: why."""
        require(request, DECIDE)
        reason = request.POST.get("reason", "")
        return self._done(
            request,
            pk,
            lambda actor: reviewing.clear_name(application_id=pk, reason=reason, actor=actor, at=clock.now()),
        )

    def ask(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Put the questions to the registers again, when one was away."""
        require(request, DECIDE)
        found = access.application_for_staff(cast(Request, request).actor, pk)
        return self._done(
            request,
            pk,
            lambda actor: checking.ask_about(merchant_id=found.merchant_id, at=clock.now()),
        )

    def _done(self, request: HttpRequest, pk: UUID, step: Callable[[Actor], object]) -> HttpResponse:
        try:
            step(cast(Request, request).actor)
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Done. The applicant gets a letter when it is decided or sent back."))
        return HttpResponseRedirect(reverse("admin:merchants_application_change", args=[pk]))


def _shown(request: HttpRequest, found: Application) -> dict[str, Any]:
    decides = request.user.has_perm(DECIDE) and found.merchant.state == "applied"
    context: dict[str, Any] = {
        "decides": decides,
        "moves": list(found.merchant.moves.order_by("-at", "-id")),
        "state_said": code_word(found.merchant.state),
    }
    if not request.user.has_perm(READ):
        return context
    context["why"] = [{"code": code, "words": _(PURPOSES[code])} for code in WHY]
    context["purpose"] = purpose = purpose_of(request)
    if purpose:
        _record(request, found, purpose)
        context["tasks"] = _tasks(found)
        context["papers"] = access.papers_of(found)
    return context


def _record(request: HttpRequest, found: Application, purpose: str) -> None:
    access_record.record(
        actor=cast(Request, request).actor,
        subject_id=found.merchant.subject_id,
        purpose=purpose,
        fields=FIELDS,
        at=clock.now(),
    )


def _tasks(found: Application) -> list[dict[str, Any]]:
    said = checking.latest(found.merchant_id)
    return [
        {
            "name": row.name,
            "title": _(TASK_WORDS[Task(row.name)]),
            "state": _(STATE_WORDS[TaskState(row.state)]),
            "accepted": row.state == TaskState.ACCEPTED,
            "reason": row.reason,
            "claims": _claims(Task(row.name), answers_of(row)),
            "checks": [each for each in said if _beside(each) == row.name],
        }
        for row in sorted(found.tasks.all(), key=lambda row: list(Task).index(Task(row.name)))
        if row.saved_at is not None
    ]


def _beside(check: Check) -> str:
    if check.what == "person":
        return Task.OWNER if check.kind == "owner" else Task.IDENTITY
    return BESIDE[check.what]


def _claims(task: Task, answers: dict[str, str]) -> list[tuple[str, str]]:
    """The label of each field with what was typed; pictures stand among the documents."""
    form = FORMS.get(task)
    if form is None:
        return []
    fields = form().fields
    return [
        (str(fields[name].label), _(CODES[value]) if value in CODES else value)
        for name, value in answers.items()
        if name in fields and value and name not in form.pictures
    ]
