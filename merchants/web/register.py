"""The public register: who sells here, under which licence, how they stand."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from merchants import register
from merchants.lifecycle import STATE_WORDS, MerchantState
from merchants.models import GRADES, Merchant
from merchants.register import Question
from merchants.seller_kinds import SELLER_WORDS, SellerKind
from web import respond
from web.export import csv_response
from web.http import Request
from web.paging import paginate

# A file holds at most so many rows; a narrower question gives the rest.
MOST_ROWS = 20_000


@require_safe
def shops(request: Request) -> HttpResponse:
    """A list to search, filter and sort, and the same as a file."""
    question = Question.read(request.GET.dict())
    found = register.found(question)
    if request.GET.get("format") == "csv":
        return _file(list(found[:MOST_ROWS]))
    page = paginate(request, found)
    context = _choices(question) | {"page": page, "rows": _rows(page.items), "query": request.GET.urlencode()}
    return respond.page(request, "merchants/register.html", context)


def _choices(question: Question) -> dict[str, Any]:
    return {
        "question": question,
        "states": [(code, _(STATE_WORDS[MerchantState(code)])) for code in register.STATES],
        "grades": GRADES,
        "sorts": [
            ("", _("Name")),
            ("score", _("Credit, highest first")),
            ("since", _("Newest first")),
            ("licence", _("Licence that ends first")),
        ],
    }


def _rows(merchants: list[Merchant]) -> list[dict[str, Any]]:
    held = register.penalties_in_force(each.pk for each in merchants)
    return [_row(each, held.get(each.pk, 0)) for each in merchants]


def _row(merchant: Merchant, penalties: int) -> dict[str, Any]:
    return {
        "merchant": merchant,
        "legal_name": _legal_name(merchant),
        "state_said": _(STATE_WORDS[MerchantState(merchant.state)]),
        "penalties": penalties,
    }


def _file(merchants: list[Merchant]) -> HttpResponse:
    held = register.penalties_in_force(each.pk for each in merchants)
    header = [
        *(_("Shop"), _("Legal name"), _("Licence number"), _("Licence valid until"), _("Business address")),
        *(
            _("Run by"),
            _("State"),
            _("Grade"),
            _("Score"),
            _("Admitted on"),
            _("Left on"),
            _("Penalties in force"),
        ),
    ]
    rows = [
        (
            *(each.display_name, _legal_name(each), each.licence_number, each.licence_valid_until or ""),
            *(each.address_public, _("an independent seller, not by Anxin")),
            *(_(STATE_WORDS[MerchantState(each.state)]), each.grade, each.score_text),
            *(_day(each.since), _day(each.closed_at), held.get(each.pk, 0)),
        )
        for each in merchants
    ]
    return csv_response("anxin-shops", header, rows)


def _legal_name(merchant: Merchant) -> str:
    """A business's name is public by law; a private person's isn't."""
    return _(SELLER_WORDS[SellerKind.PRIVATE]) if merchant.is_private_person else merchant.legal_name


def _day(instant: Any) -> str:
    return instant.date().isoformat() if instant else ""
