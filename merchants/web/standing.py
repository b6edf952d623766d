"""How the shop stands: points and what follows, penalties with their clocks, decisions with their reasons."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.errors import Invalid
from merchants import appeals, ladder, limits, penalties, publication
from merchants.access import membership_for
from merchants.appeal_lifecycle import ABOUT_WORDS, APPEAL_WORDS, About, AppealState
from merchants.capabilities import Capability
from merchants.contested import AGAINST_THE_SHOP
from merchants.lifecycle import STATE_WORDS, MerchantState
from merchants.models import Membership, Penalty
from merchants.penalty_deadlines import penalty_clock
from merchants.penalty_lifecycle import PENALTY_WORDS, STEP_WORDS, PenaltyState, Step
from web import respond
from web.forms import Form
from web.http import Request


class AnswerForm(Form):
    """The shop's own side, before anything takes effect."""

    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy("What happened from your side, and what you have put right."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=penalties.TEXT_LIMIT,
    )


@require_safe
def standing(request: Request, slug: str) -> HttpResponse:
    return _page(request, membership_for(request.actor, slug))


@require_POST
def answer(request: Request, slug: str, penalty_id: UUID) -> HttpResponse:
    """What the shop says to an announced penalty."""
    membership = membership_for(request.actor, slug, needs=Capability.OWNER)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            penalties.answer(
                penalty_id=penalty_id,
                merchant_id=membership.merchant_id,
                text=form.cleaned_data["text"],
                actor=membership.actor,
                at=clock.now(),
            )
        except Invalid as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Your answer is in. We weigh it before anything takes effect."))
            return respond.redirect(request, "merchants:standing", slug)
    return _page(request, membership, form=form)


def _page(request: Request, membership: Membership, form: AnswerForm | None = None) -> HttpResponse:
    merchant, at = membership.merchant, clock.now()
    rungs, points = ladder.ladder(at), ladder.points(membership.merchant_id, at=at)
    context = {
        "merchant": merchant,
        "state_said": _(STATE_WORDS[MerchantState(merchant.state)]),
        "points": points,
        "next": _tier(rungs.next_tier(points)),
        "tiers": [_tier(tier) for tier in rungs.tiers],
        "ladder": rungs,
        "most_live": limits.most_live(merchant, at=at),
        "penalties": [row(each, at) for each in penalties.of_shop(merchant.pk)],
        "decisions": _decisions(merchant.pk),
        "appeals": _appeals(merchant.pk),
        "is_owner": membership.can(Capability.OWNER),
        "form": form or AnswerForm(),
        "now": at,
    }
    return respond.page(request, "merchants/standing.html", context, status=422 if form else 200)


def row(penalty: Penalty, at: datetime) -> dict[str, Any]:
    """A penalty as pages show it."""
    return {
        "penalty": penalty,
        "step_said": _(STEP_WORDS[Step(penalty.step)]),
        "state_said": _(PENALTY_WORDS[PenaltyState(penalty.state)]),
        "why_ended": _(penalty.why_ended) if penalty.why_ended else "",
        "clock": penalty_clock(penalty),
        "may_answer": penalty.state == PenaltyState.NOTICED,
        "may_appeal": penalty.in_force_at is not None and penalty.state != PenaltyState.OVERTURNED,
        "now": at,
    }


def _tier(tier: tuple[int, Step] | None) -> dict[str, Any] | None:
    return {"points": tier[0], "said": _(STEP_WORDS[tier[1]])} if tier else None


def _decisions(merchant_id: UUID) -> list[dict[str, Any]]:
    return [
        {
            "move": move,
            "to_said": _(STATE_WORDS[MerchantState(move.to_state)]),
            # What the house itself wrote has a translation; what a person wrote stays as it is.
            "reason": _(move.reason) if move.reason else "",
            "may_appeal": move.name in AGAINST_THE_SHOP,
        }
        for move in publication.decisions_of(merchant_id)
    ]


def _appeals(merchant_id: UUID) -> list[dict[str, Any]]:
    return [
        {
            "appeal": each,
            "about_said": _(ABOUT_WORDS[About(each.about)]),
            "state_said": _(APPEAL_WORDS[AppealState(each.state)]),
        }
        for each in appeals.of_shop(merchant_id)
    ]
