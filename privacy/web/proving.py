"""A guardian hands in what shows that they are one, reads the decision, and may try again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache

from deadlines import booking
from kernel import clock
from kernel.errors import DomainError, NotFound
from privacy import ages, guardian_proofs
from privacy.deadlines import PROOF_DECISION
from privacy.models import FileState, GuardianLink
from privacy.states import ProofState
from privacy.web.doorkeeping import own_actor, own_subject
from rulebook import policies
from web import respond
from web.forms import Form
from web.http import Request
from web.idempotency import idempotent
from web.step_up import proved_recently


class ProofForm(Form):
    file = forms.FileField(
        label=gettext_lazy("Picture or PDF of it"),
        help_text=gettext_lazy(
            "A page of the household register, a birth certificate or a court's paper that names you both."
            " JPG, PNG, WebP or PDF. Stored encrypted; only a privacy officer opens it, and each look is"
            " recorded."
        ),
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp,.pdf", "class": "input"}),
        error_messages={
            "required": gettext_lazy("Choose a picture or a PDF."),
            "empty": gettext_lazy("The file is empty. Choose it again."),
        },
    )


@method_decorator([never_cache, login_required], name="dispatch")
class Proof(View):
    """What became of it, and the form where another one can be handed in."""

    def get(self, request: Request, link_id: UUID) -> HttpResponse:
        return _page(request, _own(request, link_id), ProofForm())

    @method_decorator([proved_recently, idempotent])
    def post(self, request: Request, link_id: UUID) -> HttpResponse:
        link, form = _own(request, link_id), ProofForm(request.POST, request.FILES)
        if not form.is_valid():
            return _page(request, link, form, 422)
        actor, upload = own_actor(request), form.cleaned_data["file"]
        try:
            guardian_proofs.hand_in(link_id=link.pk, upload=upload, actor=actor, at=clock.now())
        except DomainError as refusal:
            form.refuse(refusal)
            return _page(request, link, form, refusal.status)
        messages.success(request, gettext("Handed in. We compare it and write to you."))
        return respond.redirect(request, "privacy:proof", link.pk)


def _page(request: Request, link: GuardianLink, form: Form, status: int = 200) -> HttpResponse:
    at, state = clock.now(), link.proof_state
    locked = bool(link.proof and link.proof.state == FileState.REFUSED)
    context: dict[str, Any] = {
        "link": link,
        "form": form,
        "locked": state == ProofState.HANDED_IN and locked,
        "may_hand_in": state in (ProofState.MISSING, ProofState.REFUSED) or locked,
        "clock": booking.find(kind=PROOF_DECISION, reference=link.pk),
        "days": policies.value(guardian_proofs.KEPT, at)["days"],
        "now": at,
    }
    return respond.page(request, "privacy/proof.html", context, status=status)


def _own(request: Request, link_id: UUID) -> GuardianLink:
    """:raises NotFound: unless this person watches over that child"""
    found = (
        ages.standing().filter(pk=link_id, guardian_id=own_subject(request)).select_related("proof").first()
    )
    if found is None:
        raise NotFound
    return found
