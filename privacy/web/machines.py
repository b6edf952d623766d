"""Decisions by machine, and data sent abroad: what happened to this person, and what to do about it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel import clock
from kernel.errors import N_
from privacy import automated, transfers, visitors
from privacy.classification import PURPOSE_WORDS, Purpose
from privacy.models import ExportBasis
from privacy.web.doorkeeping import known_person, own_subject
from web import respond
from web.countries import country_name
from web.http import Request

BASES = {
    ExportBasis.CONTRACT: (N_("your order needs it"), "cn.privacy.export_contract"),
    ExportBasis.CONSENT: (N_("you agreed to it separately"), "cn.privacy.export_standard"),
}
DATA = {
    "recipient": N_("recipient"),
    "name": N_("name"),
    "phone": N_("phone"),
    "address": N_("address"),
    "note": N_("note to the seller"),
}


@never_cache
@require_safe
def decisions(request: Request) -> HttpResponse:
    """Open to everybody: how machines decide. Below it, what they decided about whoever is known."""
    subject_id = visitors.subject_of(request)
    found = automated.of(subject_id) if subject_id else []
    titles = {each.kind: gettext(each.title) for each in automated.AUTOMATIONS}
    context = {
        "kinds": automated.AUTOMATIONS,
        "decided": [(each, titles[each.kind], gettext(each.outcome)) for each in found],
        "now": clock.now(),
    }
    return respond.page(request, "privacy/decisions.html", context)


@never_cache
@known_person
@require_safe
def abroad(request: Request) -> HttpResponse:
    locale = request.LANGUAGE_CODE
    comma = ", " if locale == "en" else "、"
    rows = [
        {
            "transfer": each,
            "country": country_name(each.country, locale),
            "why": gettext(PURPOSE_WORDS[Purpose(each.purpose)]),
            "basis": gettext(BASES[ExportBasis(each.basis)][0]),
            "rule_id": BASES[ExportBasis(each.basis)][1],
            "data": comma.join(gettext(DATA.get(one, one)) for one in each.data),
        }
        for each in transfers.of_subject(own_subject(request))
    ]
    return respond.page(request, "privacy/abroad.html", {"rows": rows, "now": clock.now()})
