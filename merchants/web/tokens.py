"""A shop's tokens, for its owner."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts import tokens as account_tokens
from accounts.token_scopes import OF_A_SHOP, Scope
from accounts.web.token_form import PAGE, TokenForm, shown
from kernel import clock
from kernel.errors import Invalid
from merchants import tokens
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from web import respond
from web.http import Request
from web.step_up import proved_recently


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def listing(request: Request, slug: str) -> HttpResponse:
    """The member's door first: who isn't the owner finds nothing, proof or not."""
    membership = membership_for(request.actor, slug, needs=Capability.OWNER)
    return _proved(request, membership=membership)


@proved_recently
@sensitive_variables("secret")
def _proved(request: Request, *, membership: Membership) -> HttpResponse:
    form, at, secret = TokenForm(OF_A_SHOP, request.POST or None), clock.now(), ""
    if request.method == "POST" and form.is_valid():
        scopes, days = [Scope(each) for each in form.cleaned_data["scopes"]], form.cleaned_data["days"]
        try:
            _made, secret = tokens.issue(membership=membership, scopes=scopes, days=days, at=at)
        except Invalid as refused:
            form.refuse(refused)
    return _page(request, membership, form, secret)


@sensitive_variables("secret")
def _page(request: Request, membership: Membership, form: TokenForm, secret: str) -> HttpResponse:
    slug = membership.merchant.slug
    context = {
        "merchant": membership.merchant,
        "form": form,
        "secret": secret,
        "rows": shown(account_tokens.of_shop(membership.merchant_id), clock.now()),
        "action": reverse("merchants:tokens", args=[slug]),
        "base": "base_portal.html",
        "title": _("Tokens of this shop"),
        "example": f"/api/v1/merchant/{slug}/orders/",
    }
    return respond.page(request, PAGE, context, status=422 if form.errors else 200)


@require_POST
def revoke(request: Request, slug: str, token_id: UUID) -> HttpResponse:
    """Without asking for a fresh proof: to take a program's key away must always be quick."""
    membership = membership_for(request.actor, slug, needs=Capability.OWNER)
    tokens.revoke(membership=membership, token_id=token_id, at=clock.now())
    messages.success(request, _("Revoked. It opens nothing any more."))
    return respond.redirect(request, "merchants:tokens", slug)
