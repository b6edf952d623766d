"""Members of a shop: who may do what, invitations, changes; and the invited person's side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BoundField
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import DomainError, Invalid
from merchants import access, members
from merchants.access import membership_for
from merchants.capabilities import CAPABILITY_WORDS, Capability
from merchants.membership import LastOwner
from merchants.models import Membership
from web import respond
from web.errors import sentence
from web.forms import Form
from web.http import Request
from web.step_up import proved_recently


class MayForm(Form):
    """What a member may do."""

    capabilities = forms.MultipleChoiceField(
        label=gettext_lazy("What may they do?"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [(str(code), _(said)) for code, said in CAPABILITY_WORDS.items()]
        self.fields["capabilities"].choices = words  # type: ignore[attr-defined]


class InviteForm(MayForm):
    """To whom, and what they may do."""

    contact = forms.CharField(
        label=gettext_lazy("E-mail address or phone number"),
        help_text=gettext_lazy("The link in the message works only for the account that has proved it."),
        max_length=120,
    )
    field_order = ("contact", "capabilities")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: Request, slug: str) -> HttpResponse:
    """The member's door first: who isn't the owner finds nothing, proof or not."""
    owner = membership_for(request.actor, slug, needs=Capability.OWNER)
    return _invited(request, owner=owner) if request.method == "POST" else _page(request, owner)


@proved_recently
def _invited(request: Request, *, owner: Membership) -> HttpResponse:
    form = InviteForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            members.invite(
                owner=owner, contact=given["contact"], capabilities=given["capabilities"], at=clock.now()
            )
        except Invalid as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Invited. The message is on its way."))
            return respond.redirect(request, "merchants:members", owner.merchant.slug)
    return _page(request, owner, form)


def _page(request: Request, owner: Membership, form: InviteForm | None = None) -> HttpResponse:
    at = clock.now()
    people, waiting = members.of_shop(owner.merchant_id, at=at)
    contacts = members.contacts_of(owner.merchant_id)
    context = {
        "merchant": owner.merchant,
        "people": [
            {
                "member": each,
                "own": each.pk == owner.pk,
                "contact": contacts.get(each.pk, ""),
                "may": _may(each),
            }
            for each in people
        ],
        "waiting": [{"invitation": each, "may": _said(each.capabilities)} for each in waiting],
        "form": form or InviteForm(),
    }
    return respond.page(request, "merchants/members.html", context, status=422 if form else 200)


def _may(member: Membership) -> BoundField:
    return MayForm(initial={"capabilities": member.capabilities}, auto_id=f"m-{member.pk}-%s")["capabilities"]


@require_POST
def change(request: Request, slug: str, membership_id: UUID) -> HttpResponse:
    owner = membership_for(request.actor, slug, needs=Capability.OWNER)
    return _changed(request, owner=owner, membership_id=membership_id)


@proved_recently
def _changed(request: Request, *, owner: Membership, membership_id: UUID) -> HttpResponse:
    """A refusal is said on the page, and nothing changed."""
    try:
        if "remove" in request.POST:
            members.remove(owner=owner, membership_id=membership_id, at=clock.now())
            if owner.pk == membership_id:
                return respond.redirect(request, "merchants:mine")
            messages.success(request, _("Removed. From their next click on they are nobody here."))
        else:
            may = request.POST.getlist("capabilities")
            members.change(owner=owner, membership_id=membership_id, capabilities=may, at=clock.now())
            messages.success(request, _("Changed. It counts from their next click on."))
    except (Invalid, LastOwner) as refused:
        messages.error(request, sentence(refused))
    still = owner.pk != membership_id or "remove" not in request.POST
    return respond.redirect(
        request, *(("merchants:members", owner.merchant.slug) if still else ("merchants:mine",))
    )


@require_POST
def withdraw(request: Request, slug: str, invitation_id: UUID) -> HttpResponse:
    """Without a fresh proof: to take an invitation back must always be quick."""
    owner = membership_for(request.actor, slug, needs=Capability.OWNER)
    members.withdraw(owner=owner, invitation_id=invitation_id, at=clock.now())
    messages.success(request, _("Withdrawn. The link opens nothing any more."))
    return respond.redirect(request, "merchants:members", slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: Request, token: str) -> HttpResponse:
    """What the link opens for the invited person: the shop, what they may do there, and a yes."""
    at = clock.now()
    invitation = members.waiting(token, at=at)
    refusal = ""
    if request.method == "POST":
        try:
            members.accept(secret=token, person_id=access.person_of(request.actor), at=at)
        except DomainError as refused:
            refusal = sentence(refused)
        else:
            return respond.redirect(request, "merchants:mine")
    context = {
        "shop": invitation.merchant,
        "may": _said(invitation.capabilities),
        "invitation": invitation,
        "refusal": refusal,
    }
    return respond.page(request, "merchants/join.html", context, status=409 if refusal else 200)


def _said(capabilities: list[str]) -> list[str]:
    return [_(CAPABILITY_WORDS[Capability(each)]) for each in capabilities]
