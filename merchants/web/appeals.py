"""A decision about the shop, and the shop's appeal against it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import Invalid
from merchants import appeals, contested
from merchants.access import membership_for
from merchants.appeal_lifecycle import ABOUT_WORDS, APPEAL_WORDS, About, AppealState
from merchants.capabilities import Capability
from merchants.contested import Contested
from merchants.deadlines import appeal_clock, appeal_ends
from merchants.models import Appeal, Membership
from privacy.web import stored_files
from web import respond
from web.forms import Form
from web.http import Request


class AppealForm(Form):
    """What is new, in the shop's own words."""

    text = forms.CharField(
        label=gettext_lazy("What is new?"),
        help_text=gettext_lazy(
            "Facts or papers that weren't known when it was decided. Somebody else reads them."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=appeals.TEXT_LIMIT,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: Request, slug: str, about: str, reference: UUID) -> HttpResponse:
    """The decision and what came of the appeal; a POST files one."""
    membership = membership_for(request.actor, slug, needs=Capability.OWNER, admitted=False)
    decision = contested.find(about=about, reference=reference, merchant_id=membership.merchant_id)
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _filed(request, membership, about, reference, form):
        messages.success(request, _("Your appeal is filed. Somebody who didn't decide reads it."))
        return respond.redirect(request, request.path)
    context = _shown(about, reference, decision) | {"merchant": membership.merchant, "form": form}
    return respond.page(request, "merchants/appeal.html", context, status=422 if form.errors else 200)


def _shown(about: str, reference: UUID, decision: Contested) -> dict[str, Any]:
    found, at = appeals.about(about=about, reference=reference), clock.now()
    ends = appeal_ends(decision.decided_at)
    return {
        "decision": decision,
        "about_said": _(ABOUT_WORDS[About(about)]),
        "title_said": _(decision.title),
        "appeal": found,
        "state_said": _(APPEAL_WORDS[AppealState(found.state)]) if found else "",
        "clock": appeal_clock(found) if found else None,
        "ends": ends,
        "open": found is None and at < ends.due_at,
        "now": at,
    }


@require_safe
def appeal_file(request: Request, slug: str, file_id: UUID) -> HttpResponse:
    """A file the shop showed with one of its appeals."""
    membership = membership_for(request.actor, slug, needs=Capability.OWNER, admitted=False)
    shown = appeals.shown_file(merchant_id=membership.merchant_id, file_id=file_id)
    return stored_files.answer(shown.file, purpose=appeals.PURPOSE, actor=membership.actor, at=clock.now())


def _filed(
    request: Request, membership: Membership, about: str, reference: UUID, form: AppealForm
) -> Appeal | None:
    try:
        return appeals.file(
            merchant_id=membership.merchant_id,
            about=about,
            reference=reference,
            text=form.cleaned_data["text"],
            uploads=request.FILES.getlist("files"),
            actor=membership.actor,
            at=clock.now(),
        )
    except Invalid as refused:
        form.refuse(refused)
        return None
