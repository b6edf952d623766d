"""The merchant's returns: answer, receive, inspect, refund or refuse."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.errors import N_, DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from orders import access, returns
from orders.models import Return
from orders.queries import ReturnQuerySet
from orders.states import OPEN_RETURN_STATES, ReturnState
from orders.web import order_page, portal_page, return_page
from orders.web.forms import RefusalForm
from web.http import Request
from web.idempotency import idempotent
from web.paging import paginate
from web.respond import page, redirect

TAB_WORDS = {"mine": N_("Waiting for you"), "open": N_("Open"), "all": N_("All")}


@never_cache
@require_safe
def listing(request: Request, slug: str) -> HttpResponse:
    membership = membership_for(request.actor, slug)
    paged = paginate(request, _found(membership, request.GET.get("tab", "mine")))
    clocks = order_page.next_clocks_of_returns(paged)
    context = {
        **portal_page.frame(membership),
        "tabs": portal_page.tabs(TAB_WORDS, request.GET.get("tab", "mine")),
        "paged": paged,
        "rows": [
            {"found": each, "state_word": return_page.state_word(each), "clock": clocks.get(each.pk)}
            for each in paged
        ],
        "now": clock.now(),
    }
    return page(request, "orders/portal_returns.html", context)


def _found(membership: Membership, tab: str) -> ReturnQuerySet:
    found = access.returns_of_merchant(membership).order_by("asked_at", "id")
    if tab == "mine":
        return found.waiting_for_merchant()
    return found.in_states(OPEN_RETURN_STATES) if tab == "open" else found


@never_cache
@require_safe
def show(request: Request, slug: str, number: str) -> HttpResponse:
    membership = membership_for(request.actor, slug)
    return _page(request, membership, access.return_for_merchant(membership, number), RefusalForm())


def _page(
    request: Request, membership: Membership, found: Return, form: RefusalForm, status: int = 200
) -> HttpResponse:
    may_act, now = membership.can(Capability.ORDERS), clock.now()
    context = {
        **return_page.context(found, at=now, seat="member"),
        "note": access.note_for_merchant(membership, found, at=now),
        **portal_page.frame(membership),
        "refusal_form": form,
        "may_answer": may_act and found.state == ReturnState.ASKED,
        "may_receive": may_act and found.state in (ReturnState.ACCEPTED, ReturnState.POSTED),
        "may_inspect": may_act and found.state == ReturnState.RECEIVED,
    }
    return page(request, "orders/portal_return.html", context, status=status)


def _opened(request: Request, slug: str, number: str) -> tuple[Membership, Return]:
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    return membership, access.return_for_merchant(membership, number)


def _done(request: Request, slug: str, number: str) -> HttpResponse:
    return redirect(request, "orders:merchant-return", slug, number)


@require_POST
@idempotent
def acceptance(request: Request, slug: str, number: str) -> HttpResponse:
    membership, found = _opened(request, slug, number)
    returns.accept(return_id=found.pk, actor=membership.actor, at=clock.now())
    return _done(request, slug, number)


@require_POST
@idempotent
def receipt(request: Request, slug: str, number: str) -> HttpResponse:
    membership, found = _opened(request, slug, number)
    returns.receive(return_id=found.pk, actor=membership.actor, at=clock.now())
    return _done(request, slug, number)


@require_POST
@idempotent
def refund(request: Request, slug: str, number: str) -> HttpResponse:
    membership, found = _opened(request, slug, number)
    returns.refund(return_id=found.pk, actor=membership.actor, at=clock.now())
    return _done(request, slug, number)


@require_POST
@idempotent
def refusal(request: Request, slug: str, number: str) -> HttpResponse:
    membership, found = _opened(request, slug, number)
    form = RefusalForm(request.POST)
    if form.is_valid():
        try:
            returns.refuse(
                return_id=found.pk,
                reason=form.cleaned_data["reason"],
                actor=membership.actor,
                at=clock.now(),
            )
            return _done(request, slug, number)
        except DomainError as refused:
            form.refuse(refused)
    return _page(request, membership, found, form, status=422)
