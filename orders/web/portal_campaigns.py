"""Campaigns in a shop's portal: which take goods, what they ask, and what became of the shop's entries."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import offers
from catalog.models import Listing
from kernel import clock
from kernel.errors import N_, DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from orders.campaigns import entering, seeing
from orders.campaigns.entering import ConditionsUnmet
from orders.entry_lifecycle import ENTRY_WORDS, EntryState
from orders.models import Campaign, CampaignEntry
from orders.web import campaign_words, portal_page
from orders.web.entry_form import EntryForm
from privacy.access_record import record_export
from rulebook import wording
from web.errors import sentence
from web.export import csv_response
from web.formats import money_text
from web.http import Request
from web.paging import paginate
from web.respond import page, redirect

TAB_WORDS = {"open": N_("Take goods now"), "mine": N_("Your entries")}
SORTS = {
    "newest": ("-applied_at", "-id"),
    "start": ("campaign__starts_at", "id"),
    "answer": ("answer_by", "id"),
}
SORT_WORDS = {
    "newest": N_("the newest first"),
    "start": N_("by the campaign's start"),
    "answer": N_("by our answer"),
}
HEADER = (
    N_("Campaign"),
    N_("State"),
    N_("Off, in per cent"),
    N_("Goods"),
    N_("Handed in"),
    N_("Answer by"),
    N_("Reasons"),
)
MOST_IN_FILE = 5000


@never_cache
@require_safe
def campaigns(request: Request, slug: str) -> HttpResponse:
    """Those that take goods, or the shop's own entries: filtered, sorted, page by page, as a file."""
    membership, at = membership_for(request.actor, slug), clock.now()
    tab = "mine" if request.GET.get("tab") == "mine" else "open"
    entries = _entries(membership, request)
    if request.GET.get("format") == "csv":
        return _file(membership, list(entries[:MOST_IN_FILE]))
    paged = paginate(request, entries if tab == "mine" else seeing.campaigns_taking_entries(at=at))
    names = campaign_words.category_names()
    context = {
        **portal_page.frame(membership),
        **_choices(request),
        "tabs": portal_page.tabs(TAB_WORDS, tab),
        "tab": tab,
        "paged": paged,
        "rows": [_mine(each) if tab == "mine" else _open(each, names) for each in paged],
        "now": at,
    }
    return page(request, "orders/portal_campaigns.html", context)


def _choices(request: Request) -> dict[str, Any]:
    """What an entry's list is filtered and sorted by."""
    return {
        "state": _asked(request, "state", [str(each) for each in EntryState]),
        "states": [(str(each), _(words)) for each, words in ENTRY_WORDS.items()],
        "sort": _asked(request, "sort", list(SORTS)) or "newest",
        "sorts": [(key, _(words)) for key, words in SORT_WORDS.items()],
    }


def _asked(request: Request, name: str, known: list[str]) -> str:
    value = request.GET.get(name, "")
    return value if value in known else ""


def _entries(membership: Membership, request: Request) -> Any:
    state = _asked(request, "state", [str(each) for each in EntryState])
    sort = _asked(request, "sort", list(SORTS)) or "newest"
    wanted = Q(state=state) if state else Q()
    return seeing.entries_of(membership).filter(wanted).order_by(*SORTS[sort])


def _file(membership: Membership, entries: list[CampaignEntry]) -> HttpResponse:
    """Exactly the rows that are shown."""
    at = clock.now()
    taken = record_export(
        actor=membership.actor, what="orders.entries", rows=len(entries), subject_ids=(), fields=(), at=at
    )
    header = [_(each) for each in HEADER]
    return csv_response("campaigns", header, (_cells(each) for each in entries), number=taken)


def _cells(each: CampaignEntry) -> list[str]:
    return [
        campaign_words.name_of(each.campaign),
        _(ENTRY_WORDS[EntryState(each.state)]),
        campaign_words.percent(each.off_permille),
        str(each.pieces),  # type: ignore[attr-defined]
        each.applied_at.isoformat(timespec="minutes"),
        each.answer_by.isoformat(timespec="minutes"),
        _(each.reasons) if each.reasons else "",
    ]


def _open(campaign: Campaign, names: Any) -> dict[str, Any]:
    return {
        "campaign": campaign,
        "name": campaign_words.name_of(campaign),
        "says": campaign_words.says(campaign),
        "payer": campaign_words.payer(campaign),
        "categories": campaign_words.categories(campaign, names),
    }


def _mine(entry: CampaignEntry) -> dict[str, Any]:
    return {
        "entry": entry,
        "name": campaign_words.name_of(entry.campaign),
        "state_word": _(ENTRY_WORDS[EntryState(entry.state)]),
        "percent": campaign_words.percent(entry.off_permille),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: Request, slug: str, campaign_id: UUID) -> HttpResponse:
    """One campaign: what it asks; POST checks the goods, and with `go` hands them in."""
    needs = Capability.LISTINGS if request.method == "POST" else Capability.READ
    membership, at = membership_for(request.actor, slug, needs=needs), clock.now()
    found = seeing.campaign_for_shops(campaign_id)
    form = EntryForm(request.POST or None, goods=_goods(membership))
    if request.method != "POST" or not form.is_valid():
        return _page(request, membership, found, form, at)
    try:
        if "go" in request.POST:
            return _handed_in(request, membership, found, form, at)
        failed = entering.check(campaign=found, shop=membership.merchant, offer=form.offer, at=at)
        return _page(request, membership, found, form, at, checked=True, failed=failed)
    except ConditionsUnmet as refused:
        return _page(request, membership, found, form, at, checked=True, failed=refused.failed)
    except DomainError as refused:
        form.refuse(refused)
        return _page(request, membership, found, form, at)


def _handed_in(
    request: Request, membership: Membership, found: Campaign, form: EntryForm, at: datetime
) -> HttpResponse:
    entering.enter(
        campaign_id=found.pk,
        merchant_id=membership.merchant_id,
        offer=form.offer,
        actor=membership.actor,
        at=at,
    )
    messages.success(request, _("Handed in. We write to you as soon as it is answered."))
    return redirect(request, "orders:merchant-campaign", membership.merchant.slug, found.pk)


def _goods(membership: Membership) -> list[tuple[str, str]]:
    """The shop's goods on sale, with their price."""
    locale = wording.locale()
    rows = seeing.goods_of(membership)
    return [(str(each.pk), f"{offers.title(each.content, locale)} · {_price(each)}") for each in rows]


def _price(listing: Listing) -> str:
    return money_text(listing.live_revision.all_in) if listing.live_revision else ""


def _page(
    request: Request, membership: Membership, found: Campaign, form: EntryForm, at: datetime,
    *, checked: bool = False, failed: Any = (),
) -> HttpResponse:  # fmt: skip
    names, mine = campaign_words.category_names(), seeing.entries_to(membership, found)
    standing = next((each for each in mine if each.state in ("applied", "accepted")), None)
    context = {
        **portal_page.frame(membership),
        **_open(found, names),
        "form": form,
        "checked": checked,
        "failures": campaign_words.failures(failed, names),
        "entries": [_shown(each, at) for each in mine],
        "may_enter": standing is None and found.takes_entries(at) and membership.can(Capability.LISTINGS),
        "may_leave": membership.can(Capability.LISTINGS),
        "now": at,
    }
    return page(request, "orders/portal_campaign.html", context, status=422 if form.errors or failed else 200)


def _shown(entry: CampaignEntry, at: datetime) -> dict[str, Any]:
    locale = wording.locale()
    return {
        **_mine(entry),
        "goods": [offers.title(each.listing.content, locale) for each in entry.goods.all()],
        "reasons": _(entry.reasons) if entry.reasons else "",
        "leave": entry.may_leave(at),
    }


@require_POST
def withdrawal(request: Request, slug: str, entry_id: UUID) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    entry = seeing.entry_of(membership, entry_id)
    try:
        entering.withdraw(
            entry_id=entry_id, merchant_id=membership.merchant_id, actor=membership.actor, at=clock.now()
        )
        messages.success(request, _("Withdrawn. Your goods keep their own price."))
    except DomainError as refused:
        messages.error(request, sentence(refused))
    return redirect(request, "orders:merchant-campaign", slug, entry.campaign_id)
