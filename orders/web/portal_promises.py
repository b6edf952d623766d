"""What the shop promises on all its goods: chosen with a look at what it would have cost, withdrawn."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from catalog import promises as catalogue
from catalog import promising
from catalog.models import ShopPromise
from catalog.schema import in_language
from kernel import clock
from kernel.errors import Invalid
from kernel.money import Money
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from orders import promise_costs
from orders.web import portal_page
from orders.web.promise_form import PromiseForm
from rulebook import wording
from web.formats import moment_text
from web.http import Request
from web.respond import page, redirect


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def promises(request: Request, slug: str) -> HttpResponse:
    """Everybody who belongs may read; only the owner promises in the shop's name."""
    membership = membership_for(request.actor, slug)
    if request.method != "POST":
        asked = PromiseForm(request.GET) if "key" in request.GET else None
        return _page(request, membership, form=asked, look=bool(asked))
    membership.require(Capability.OWNER)
    form = PromiseForm(request.POST)
    if not form.is_valid() or "look" in request.POST:
        return _page(request, membership, form=form, look=True)
    return _chosen(request, membership, form)


def _chosen(request: Request, membership: Membership, form: PromiseForm) -> HttpResponse:
    """A refusal stands at its field, and nothing is promised."""
    try:
        promising.choose(
            merchant_id=membership.merchant_id,
            terms=form.terms(at=clock.now()),
            actor=membership.actor,
            at=clock.now(),
        )
    except Invalid as refused:
        form.refuse(refused)
        return _page(request, membership, form=form)
    messages.success(request, _("Promised. Whoever orders from its first day on has it in the contract."))
    return redirect(request, "orders:merchant-promises", membership.merchant.slug)


@require_POST
def withdrawal(request: Request, slug: str, promise_id: UUID) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.OWNER)
    row = promising.withdraw(
        promise_id=promise_id, merchant_id=membership.merchant_id, actor=membership.actor, at=clock.now()
    )
    assert row.ends_at is not None, "what was withdrawn has its end"
    said = _("Withdrawn. New orders have it until %(moment)s; orders that were placed keep it.")
    messages.success(request, said % {"moment": moment_text(row.ends_at)})
    return redirect(request, "orders:merchant-promises", slug)


def _page(
    request: Request, membership: Membership, *, form: PromiseForm | None = None, look: bool = False
) -> HttpResponse:
    at, form = clock.now(), form or PromiseForm()
    names = dict(form.fields["categories"].choices)  # type: ignore[attr-defined]
    known = form.is_bound and form.is_valid()
    context = {
        **portal_page.frame(membership),
        "rows": [_row(each, names) for each in promising.of_shop(membership.merchant_id)],
        "form": form,
        "cost": _cost(membership, form) if look and known else None,
        "ends": promising.notice(at=at).due_at,
        "is_owner": membership.can(Capability.OWNER),
        "now": at,
    }
    wrong = form.is_bound and bool(form.errors)
    return page(request, "orders/portal_promises.html", context, status=422 if wrong else 200)


def _row(row: ShopPromise, names: dict[str, str]) -> dict[str, Any]:
    made = catalogue.promise(row.key)
    return {
        "row": row,
        "said": in_language(made.texts, wording.locale()) if made else row.key,
        "watch": _(catalogue.WATCH_WORDS[made.watch]) if made else "",
        "categories": [names.get(each, each) for each in row.categories],
    }


def _cost(membership: Membership, form: PromiseForm) -> dict[str, Any] | None:
    made = catalogue.promise(form.cleaned_data["key"])
    if made is None:
        return None
    found = promise_costs.preview(
        membership.merchant_id, made, categories=form.cleaned_data["categories"], at=clock.now()
    )
    return {
        "said": in_language(made.texts, wording.locale()),
        "watch": _(catalogue.WATCH_WORDS[made.watch]),
        "cost": found,
        "sum": Money(found.minor),
    }
