"""The reviewer's page inside the admin: the case as both sides see it, and the ruling."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints import access, awarding, decisions
from complaints.awarding import GROUND_WORDS, Ground, OnTop, SumNotSeen
from complaints.decisions import Ruling
from complaints.lifecycle import ComplaintState, Seat
from complaints.models import Complaint, Outcome
from complaints.web import exhibits, presenting, thread
from complaints.web.forms import RulingForm
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from kernel.money import Money
from law.counting import local_day
from payments.awards import shown
from rulebook import current
from rulebook.queries import rule_citation
from web.admin import require
from web.http import Request

# Chapters of the rules library that complaints are about.
USUAL = ("quality", "remedy")


def show(request: HttpRequest, complaint_id: UUID, chrome: dict[str, Any]) -> HttpResponse:
    """The workbench; a POST is a ruling."""
    complaint = access.complaint_for_staff(_actor(request), complaint_id)
    mine = request.user.has_perm(permission_to_decide(complaint))
    if request.method == "POST" and not mine:
        raise PermissionDenied
    form = RulingForm(_rules(complaint), _grounds(complaint), request.POST or None)
    if request.method == "POST" and _ruled(request, complaint, form):
        return HttpResponseRedirect(request.path, status=303)
    access.record_reading(complaint, actor=_actor(request), at=clock.now())
    context = presenting.case(complaint, viewer=Seat.PLATFORM, now=clock.now())
    context |= thread.of(complaint, viewer=Seat.PLATFORM, reader=_actor(request), at=clock.now())
    context |= chrome | {"form": form, "deciding": mine and complaint.state == ComplaintState.DECIDING}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/complaints/complaint/workbench.html", context, status=status)


def permission_to_decide(complaint: Complaint) -> str:
    """A case whose limit has passed is a senior's."""
    return "complaints.decide_overdue" if complaint.with_senior else "complaints.decide_complaint"


def exhibit(request: HttpRequest, complaint_id: UUID, exhibit_id: UUID) -> HttpResponse:
    actor = _actor(request)
    complaint = access.complaint_for_staff(actor, complaint_id)
    return exhibits.answer(complaint, exhibit_id, actor=actor, at=clock.now())


def _actor(request: HttpRequest) -> Actor:
    require(request, "complaints.read_complaint")
    return cast(Request, request).actor


def _rules(complaint: Complaint) -> list[tuple[str, str]]:
    """The rules that cases usually rest on, those of this case's ground first; others are typed in."""
    at, locale = complaint.order.placed_at, get_language() or "zh-hans"
    pack = current.pack(complaint.order.place, at)
    cited = [rule_citation(rule, locale) for rule in pack.in_force(local_day(at, pack.zone))]
    usual = [one for one in cited if one.rule_id in complaint.rule_ids or one.subject in USUAL]
    usual.sort(key=lambda one: (one.rule_id not in complaint.rule_ids, one.rule_id))
    return [(one.rule_id, f"{one.law} · {one.sentence}") for one in usual]


def _grounds(complaint: Complaint) -> list[tuple[str, str]]:
    """What may be owed on top by this order's law, each with its sum as it is reckoned without a loss."""
    return [
        (str(one), f"{_(GROUND_WORDS[one])}: {shown.reckoned(awarding.reckon(complaint, one))}")
        for one in awarding.grounds(complaint)
    ]


def _ruled(request: HttpRequest, complaint: Complaint, form: RulingForm) -> bool:
    if not form.is_valid():
        return False
    try:
        decisions.decide(
            complaint_id=complaint.pk, ruling=_ruling(complaint, form), actor=_actor(request), at=clock.now()
        )
    except SumNotSeen as refusal:
        found = awarding.reckon(complaint, Ground(form.cleaned_data["ground"]), form.cleaned_data["loss"])
        form.refuse(refusal)
        form.show_sum(found.extra, shown.reckoned(found))
        return False
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("The ruling is made and carried out."))
    return True


def _ruling(complaint: Complaint, form: RulingForm) -> Ruling:
    given = form.cleaned_data
    outcome = Outcome(given["outcome"])
    amount = {Outcome.UPHELD: complaint.claimed, Outcome.REFUSED: Money.zero(complaint.currency)}
    return Ruling(
        outcome=outcome,
        amount=amount.get(outcome) or given["amount"] or Money.zero(complaint.currency),
        facts=given["facts"],
        reasons=given["reasons"],
        rule_ids=[*given["rule_ids"], *given["other_rules"].replace("，", ",").replace(",", " ").split()],
        on_top=_on_top(complaint, form) if given.get("ground") else None,
    )


def _on_top(complaint: Complaint, form: RulingForm) -> OnTop:
    given = form.cleaned_data
    return OnTop(
        ground=Ground(given["ground"]),
        seen=given["seen"] or Money.zero(complaint.currency),
        loss=given["loss"],
        loss_shown=given["loss_shown"],
    )
