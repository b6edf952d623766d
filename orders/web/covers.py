"""A buyer's covers: one list, a claim on one, what became of it; and the terms for everybody."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.mandate_scopes import Scope
from kernel import clock
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from orders import access, cover_deadlines
from orders.aftercare import photos
from orders.cover import claiming, facts, products, reckoning, seeing
from orders.cover_states import CAUSES, CoverClaimState, CoverKind
from orders.models import CoverClaim, OrderCover
from orders.web import cover_words
from orders.web.cover_forms import CoverClaimForm
from orders.web.presenting import View
from privacy.web import stored_files
from rulebook import promises
from web.http import Request
from web.idempotency import idempotent
from web.paging import paginate
from web.respond import page, redirect

TAB_WORDS = {"all": N_("All"), "running": N_("Running"), "claimed": N_("With a claim"), "over": N_("Over")}
PER_PAGE = 20


@never_cache
@require_safe
def listing(request: Request) -> HttpResponse:
    """Every cover of the person, the newest first, by state."""
    actor = access.buyer_or_nobody(request)
    if actor is None:
        return redirect_to_login(request.get_full_path())
    tab = request.GET.get("tab", "all")
    tab = tab if tab in TAB_WORDS else "all"
    now = clock.now()
    paged = paginate(request, seeing.covers_of_person(actor).in_tab(tab), per_page=PER_PAGE)
    context = {
        "tabs": [
            {"url": f"?tab={name}", "label": _(word), "count": None, "current": name == tab}
            for name, word in TAB_WORDS.items()
        ],
        "rows": [cover_words.cover_row(each, each.order, at=now) for each in paged],
        "paged": paged,
    }
    return page(request, "orders/covers.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: Request, cover_number: str) -> HttpResponse:
    """What the platform knows already, and the claim; POST makes it."""
    actor = access.buyer_of(request, scope=Scope.RETURNS)
    cover = seeing.cover_for_buyer(actor, cover_number)
    if request.method == "POST":
        return _ask(request, actor, cover)
    return page(request, "orders/cover_claim_new.html", _offer(cover))


@idempotent
def _ask(request: Request, actor: Actor, cover: OrderCover) -> HttpResponse:
    offer = _offer(cover, request.POST)
    form: CoverClaimForm = offer["form"]
    if form.is_valid():
        try:
            made = _claimed(request, actor, cover, form)
            return redirect(request, "orders:cover-claim", made.number)
        except DomainError as refusal:
            form.refuse(refusal)
    return page(request, "orders/cover_claim_new.html", offer, status=422)


def _claimed(request: Request, actor: Actor, cover: OrderCover, form: CoverClaimForm) -> CoverClaim:
    at = clock.now()
    given = request.FILES.getlist("files")
    shown = photos.receive(given, subject_id=cover.subject_id, actor=actor, at=at)
    return claiming.ask(cover_id=cover.pk, said=form.said, shown=shown, actor=actor, at=at)


def _offer(cover: OrderCover, data: QueryDict | None = None) -> View:
    now, kind = clock.now(), CoverKind(cover.kind)
    found = facts.of(cover, CAUSES[kind][0])
    return {
        **cover_words.cover_row(cover, cover.order, at=now),
        "order": cover.order,
        "thing": cover_words.thing_of(cover),
        "facts": cover_words.facts_said(found),
        "most": reckoning.most(cover),
        "answer_by": promises.due(cover_deadlines.POLICY, start=now, at=now).due_at,
        "form": CoverClaimForm(data, causes=cover_words.causes(cover), most=cover.line.quantity),
        "now": now,
    }


@never_cache
@require_safe
def claim_page(request: Request, claim_number: str) -> HttpResponse:
    _actor, found = _own(request, claim_number)
    order = found.cover.order
    context = {
        **cover_words.claim_row(found),
        "order": order,
        "title": cover_words.title(found.cover),
        "thing": cover_words.thing_of(found.cover),
        "cause": cover_words.cause_word(found.cause),
        "reason": cover_words.reason_word(found),
        "facts": cover_words.facts_said(found.facts),
        "photos": seeing.photos_of(found),
        "answer_by": cover_deadlines.answer_by(found),
        "may_withdraw": found.state == CoverClaimState.ASKED,
        "now": clock.now(),
    }
    return page(request, "orders/cover_claim.html", context)


def _own(request: Request, claim_number: str) -> tuple[Actor, CoverClaim]:
    actor = access.buyer_of(request, scope=Scope.RETURNS)
    return actor, seeing.claim_for_buyer(actor, claim_number)


@never_cache
@require_safe
def photo(request: Request, claim_number: str, photo_id: UUID) -> HttpResponse:
    actor, found = _own(request, claim_number)
    held = seeing.photo_of(found, photo_id)
    return stored_files.answer(held.file, purpose=photos.PURPOSE, actor=actor, at=clock.now())


@require_POST
@idempotent
def withdrawal(request: Request, claim_number: str) -> HttpResponse:
    actor, found = _own(request, claim_number)
    claiming.withdraw(claim_id=found.pk, actor=actor, at=clock.now())
    return redirect(request, "orders:cover-claim", claim_number)


@require_safe
def terms(request: Request) -> HttpResponse:
    """The terms of every product that is on offer now, for everybody."""
    locale = get_language() or "zh-hans"
    rows = [{"product": each, **each.said(locale)} for each in products.on_offer(clock.now())]
    return page(request, "orders/cover_terms.html", {"rows": rows})
