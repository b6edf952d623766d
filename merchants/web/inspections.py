"""The portal's page of inspections: what was found, until when, the answer with its evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.errors import Invalid
from merchants import inspecting, inspection_moves
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.inspection_deadlines import clock_of
from merchants.inspection_lifecycle import INSPECTION_WORDS, InspectionState
from merchants.models import Inspection, Membership
from privacy.web import stored_files
from web import respond
from web.forms import Form
from web.http import Request


class AnswerForm(Form):
    """What the shop has put right."""

    text = forms.CharField(
        label=gettext_lazy("What did you put right?"),
        help_text=gettext_lazy("Finding by finding. Show it with photos or papers below."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=inspection_moves.TEXT_LIMIT,
    )


@never_cache
@require_safe
def inspections(request: Request, slug: str) -> HttpResponse:
    """Everybody who belongs reads it; the owner answers."""
    return _page(request, membership_for(request.actor, slug, needs=Capability.OWNER))


@require_POST
def answer(request: Request, slug: str, inspection_id: UUID) -> HttpResponse:
    owner = membership_for(request.actor, slug, needs=Capability.OWNER)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            inspecting.answer(
                inspection_id=inspection_id,
                merchant_id=owner.merchant_id,
                text=form.cleaned_data["text"],
                uploads=request.FILES.getlist("files"),
                actor=owner.actor,
                at=clock.now(),
            )
        except Invalid as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Your answer is in. The platform looks again, and tells you."))
            return respond.redirect(request, "merchants:inspections", slug)
    return _page(request, owner, form=form)


@require_safe
def evidence(request: Request, slug: str, file_id: UUID) -> HttpResponse:
    """A file of one of the shop's inspections, the inspector's or its own."""
    owner = membership_for(request.actor, slug, needs=Capability.OWNER)
    shown = inspecting.file_of_shop(merchant_id=owner.merchant_id, file_id=file_id)
    return stored_files.answer(
        shown.file, purpose=inspection_moves.PURPOSE, actor=owner.actor, at=clock.now()
    )


def _page(request: Request, owner: Membership, form: AnswerForm | None = None) -> HttpResponse:
    at = clock.now()
    context = {
        "merchant": owner.merchant,
        "rows": [row(each, at) for each in inspecting.of_shop(owner.merchant_id)],
        "form": form or AnswerForm(),
        "now": at,
    }
    return respond.page(request, "merchants/inspections.html", context, status=422 if form else 200)


def row(inspection: Inspection, at: datetime) -> dict[str, Any]:
    """An inspection as pages show it."""
    every = list(inspection.files.all())
    return {
        "inspection": inspection,
        "state_said": _(INSPECTION_WORDS[InspectionState(inspection.state)]),
        "clock": clock_of(inspection),
        "findings": sorted(inspection.findings.all(), key=lambda each: each.position),
        "platform_files": [each for each in every if not each.by_shop],
        "shop_files": [each for each in every if each.by_shop],
        "may_answer": inspection.state == InspectionState.OPEN,
        "waits_for_us": inspection.state in (InspectionState.ANSWERED, InspectionState.SILENT),
        "now": at,
    }
