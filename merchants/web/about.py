"""The portal's page about the shop itself: who it is, what it holds, who acts for it, each with its state."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel import clock
from merchants import access, recheck_deadlines
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.document_lifecycle import DocumentState
from merchants.models import Membership
from web.formats import until_text
from web.http import Request
from web.respond import page

Row = dict[str, Any]


@never_cache
@require_safe
def about(request: Request, slug: str) -> HttpResponse:
    """What only owners may open is named to nobody else."""
    membership = membership_for(request.actor, slug)
    owner = membership.can(Capability.OWNER)
    rows = [*(_of_owners(membership, clock.now()) if owner else []), *_of_everybody(membership)]
    return page(request, "merchants/about.html", {"merchant": membership.merchant, "rows": rows})


def _row(icon: str, title: str, text: str, url: str, *, chip: str = "", late: bool = False) -> Row:
    return {"icon": icon, "title": title, "text": text, "url": url, "chip": chip, "late": late}


def _of_owners(membership: Membership, at: datetime) -> list[Row]:
    slug = membership.merchant.slug
    return [
        _documents(membership, reverse("merchants:documents", args=[slug])),
        _identity(membership, reverse("merchants:identity", args=[slug]), at),
        _row(
            "check",
            _("Brands"),
            _("Proofs that you sell a brand for its owner, link by link."),
            reverse("catalog:brands", args=[slug]),
        ),
        _row("user", _("Members"), _("Who acts for the shop, and what each may do."), _to("members", slug)),
        _row("link", _("Programs"), _("Keys with which your own programs work here."), _to("tokens", slug)),
        _row(
            "mail",
            _("Your servers"),
            _("Addresses of yours that are told what happens, as it happens."),
            _to("webhooks", slug),
        ),
    ]


def _to(name: str, slug: str) -> str:
    return reverse(f"merchants:{name}", args=[slug])


def _documents(membership: Membership, url: str) -> Row:
    rows = access.documents_of(membership)
    lacking = sum(each.state in (DocumentState.REFUSED, DocumentState.EXPIRED) for each in rows)
    ends = min((each.valid_until for each in rows if _counts(each) and each.valid_until), default=None)
    waiting = sum(each.state == DocumentState.HANDED_IN for each in rows)
    text = (
        _("The first one ends on %(day)s.") % {"day": ends.isoformat()} if ends else _("None of them ends.")
    )
    chip = ngettext("%(n)s waits to be checked", "%(n)s wait to be checked", waiting) % {"n": waiting}
    if lacking:
        lost = ngettext("%(n)s doesn't count", "%(n)s don't count", lacking) % {"n": lacking}
        return _row("doc", _("Licences and documents"), text, url, chip=lost, late=True)
    return _row("doc", _("Licences and documents"), text, url, chip=chip if waiting else "")


def _counts(document: Any) -> bool:
    return bool(document.state == DocumentState.VERIFIED)


def _identity(membership: Membership, url: str, at: datetime) -> Row:
    running = recheck_deadlines.running(membership.merchant)
    text = _("What the public reads about the shop; confirmed every half year.")
    asked = running.get(recheck_deadlines.CHANGE_REPORT)
    due = asked or running.get(recheck_deadlines.RECHECK)
    chip = _("confirm by %(moment)s") % {"moment": until_text(due.due_at)} if due else ""
    return _row("shield", _("Identity of the shop"), text, url, chip=chip, late=asked is not None)


def _of_everybody(membership: Membership) -> list[Row]:
    slug = membership.merchant.slug
    certificates = reverse("catalog:certificates", args=[slug])
    rows = [
        _row(
            "star",
            _("Certificates"),
            _("CCC, ISO and others, for goods or for the whole shop."),
            certificates,
        ),
        _row("alert", _("Standing"), _("Points, penalties, decisions and appeals."), _to("standing", slug)),
        _row(
            "book",
            _("Training"),
            _("The course for sellers and its quiz."),
            reverse("merchants:training", args=["seller"]),
        ),
    ]
    if membership.can(Capability.OWNER):
        text = _("With notice, so that every buyer is served to the end.")
        rows.append(_row("out", _("Close the shop"), text, _to("closing", slug)))
    return rows
