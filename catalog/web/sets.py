"""A shop's sets in the portal: what there is, one put together or changed, one withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import set_access, sets
from catalog.models import ShopSet
from catalog.set_offers import standing
from catalog.web import set_words
from catalog.web.set_form import SetForm
from kernel import clock
from kernel.errors import DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from rulebook import policies
from web.errors import sentence
from web.http import Request
from web.respond import page, redirect

Part = dict[str, Any]


@require_safe
def index(request: Request, slug: str) -> HttpResponse:
    """Every set with what is in it, what it costs against its members, and why it can't be bought."""
    membership = membership_for(request.actor, slug)
    found, locale = set_access.sets_of(membership), get_language() or "zh-hans"
    listings = set_access.members_of(found)
    context = {
        "merchant": membership.merchant,
        "rows": [set_words.card(standing(each, listings), locale=locale) for each in found],
        "may_edit": membership.can(Capability.LISTINGS),
    }
    return page(request, "catalog/sets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, slug: str) -> HttpResponse:
    """Put one together."""
    return _edited(request, membership_for(request.actor, slug, needs=Capability.LISTINGS), None)


@require_http_methods(["GET", "HEAD", "POST"])
def shop_set(request: Request, slug: str, set_id: UUID) -> HttpResponse:
    """Change one: a new revision, on sale at once; what was ordered keeps its own."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    return _edited(request, membership, set_access.set_for(membership, set_id))


def _edited(request: Request, membership: Membership, there: ShopSet | None) -> HttpResponse:
    now, data = clock.now(), request.POST if request.method == "POST" else None
    most = policies.value(sets.POLICY, now)["members"]
    form = SetForm(there, set_access.on_sale_for_sets(membership), data=data, most=most)
    if data is not None and form.is_valid():
        try:
            _write(membership, there, form, now)
            messages.success(request, _("The set is on sale."))
            return redirect(request, "catalog:sets", membership.merchant.slug)
        except DomainError as refused:
            form.refuse(refused)
    context = {"merchant": membership.merchant, "shop_set": there, "form": form}
    return page(request, "catalog/set_form.html", context, status=422 if form.errors else 200)


def _write(membership: Membership, there: ShopSet | None, form: SetForm, at: datetime) -> None:
    actor, written = membership.actor, form.written()
    if there is None:
        sets.put_together(merchant_id=membership.merchant_id, written=written, actor=actor, at=at)
    else:
        sets.change(set_id=there.pk, written=written, actor=actor, at=at)


@require_POST
def withdrawal(request: Request, slug: str, set_id: UUID) -> HttpResponse:
    """Take one off sale; what is in it stays on sale one by one."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    there = set_access.set_for(membership, set_id)
    try:
        sets.withdraw(set_id=there.pk, actor=membership.actor, at=clock.now())
        messages.success(request, _("The set is off sale. What is in it is still sold one by one."))
    except DomainError as refused:
        messages.error(request, sentence(refused))
    return redirect(request, "catalog:sets", slug)
