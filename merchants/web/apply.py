"""Applying to sell, and seeing where the application stands."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from merchants import access, onboarding
from merchants.lifecycle import STATE_WORDS, MerchantState
from merchants.web.forms import ApplicationForm
from web.http import Request
from web.respond import page, redirect


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: Request) -> HttpResponse:
    """The application; the person signed in becomes the shop's owner."""
    form = ApplicationForm(request.POST or None)
    applicant = access.person_of(request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            onboarding.apply(
                applicant_id=applicant,
                identity=form.identity(),
                accepted=form.accepted(),
                actor=Actor.buyer(applicant),
                at=clock.now(),
            )
        except DomainError as refused:
            form.refuse(refused)
        else:
            return redirect(request, "merchants:mine")
    return page(request, "merchants/apply.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def mine(request: Request) -> HttpResponse:
    """The shops one acts for, each with its state; a single open one opens at once."""
    memberships = access.memberships_of(request.actor)
    if not memberships:
        return redirect(request, "merchants:apply")
    shops = [
        {
            "merchant": each.merchant,
            "capabilities": each.capabilities,
            "state_said": _(STATE_WORDS[MerchantState(each.merchant.state)]),
            "decision": access.last_decision(each.merchant),
        }
        for each in memberships
    ]
    return page(request, "merchants/mine.html", {"shops": shops})
