"""Decisions by machine, data sent abroad, and what was weighed before: what happened, and what to do."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel import clock
from kernel.errors import N_
from privacy import assessments, automated, transfers, visitors
from privacy.classification import PURPOSE_WORDS, Purpose
from privacy.models import AssessedKind, ExportBasis
from privacy.web.doorkeeping import known_person, own_subject
from web import respond
from web.countries import country_name
from web.http import Request

BASES = {
    ExportBasis.CONTRACT: (N_("your order needs it"), "cn.privacy.export_contract"),
    ExportBasis.CONSENT: (N_("you agreed to it separately"), "cn.privacy.export_standard"),
}
ASSESSED = {
    AssessedKind.SENSITIVE: N_("Sensitive data and the data of minors"),
    AssessedKind.AUTOMATED: N_("Decisions by machine"),
    AssessedKind.ABROAD: N_("Data sent abroad"),
    AssessedKind.DISCLOSURE: N_("Data given to others, such as shops and carriers"),
    AssessedKind.PUBLICATION: N_("Data made public, such as reviews"),
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


@require_safe
def assessed(request: Request) -> HttpResponse:
    """Which kinds of processing were weighed and by when anew; what isn't weighed stands here too."""
    at = clock.now()
    rows = [(gettext(ASSESSED[one.kind]), one) for one in assessments.standing(at)]
    return respond.page(request, "privacy/assessed.html", {"rows": rows, "now": at})
