"""The shop's side: what it was asked, its answer, and what was decided; never who reported."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from oversight import access, hearing
from oversight.models import Matter
from oversight.states import MatterState
from oversight.web import words
from web import respond
from web.forms import Form
from web.http import Request
from web.paging import paginate


class AnswerForm(Form):
    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy("What happened from your side, and what you have put right."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=hearing.TEXT_LIMIT,
        error_messages={"required": hearing.AnswerMissing.message},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].error_messages["required"] = _(hearing.AnswerMissing.message)


@require_safe
def matters(request: Request, slug: str) -> HttpResponse:
    """All that the shop was told of, the newest first."""
    membership = membership_for(request.actor, slug)
    page = paginate(request, access.matters_of_merchant(membership))
    context = {
        "membership": membership,
        "merchant": membership.merchant,
        "page": page,
        "rows": [words.of_matter(each) for each in page.items],
        "now": clock.now(),
    }
    return respond.page(request, "oversight/shop_matters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def matter(request: Request, slug: str, number: str) -> HttpResponse:
    """One matter, and the answer to it."""
    membership = membership_for(request.actor, slug, needs=Capability.OWNER)
    held = access.matter_for_merchant(membership, number)
    if request.method != "POST":
        return _page(request, membership, held, AnswerForm())
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            _answer(held, membership, form.cleaned_data["text"])
        except DomainError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Your answer is in. We decide with it."))
            return respond.redirect(request, "oversight:shop-matter", slug, number)
    return _page(request, membership, held, form, status=422)


def _answer(held: Matter, membership: Membership, text: str) -> None:
    merchant_id, actor = membership.merchant_id, membership.actor
    hearing.answer(matter_id=held.pk, merchant_id=merchant_id, text=text, actor=actor, at=clock.now())


def _page(
    request: Request, membership: Membership, held: Matter, form: AnswerForm, status: int = 200
) -> HttpResponse:
    told = words.of_matter(held)
    context = {
        **told,
        "membership": membership,
        "merchant": membership.merchant,
        "form": form if held.state == MatterState.ASKED else None,
        "answer": held.answer if held.answered_at else "",
        "appeal": _appeal(held),
        "now": clock.now(),
    }
    return respond.page(request, "oversight/shop_matter.html", context, status=status)


def _appeal(held: Matter) -> tuple[str, object] | None:
    """What can be contested: the suspension or the penalty that came of it."""
    if held.state == MatterState.SUSPENDED and held.listing_id and held.decided_at:
        found = access.suspension_of(held)
        return ("listing", found) if found else None
    return None
