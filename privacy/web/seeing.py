"""See: what is held, what for, on which basis, how long, and who looked."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel import clock
from kernel.errors import N_
from privacy import access, holdings
from privacy.classification import PURPOSE_WORDS, Basis, SeenBy, Sensitivity
from privacy.models import AccessRecord
from privacy.web.doorkeeping import known_person, own_subject
from rulebook import current
from rulebook.templatetags.rulebook_tags import length_text
from web import respond
from web.http import Request
from web.paging import paginate

BASES = {
    Basis.CONTRACT: N_("your order or account needs it"),
    Basis.CONSENT: N_("you agreed"),
    Basis.LEGAL_DUTY: N_("the law demands it"),
    Basis.LEGITIMATE_INTEREST: N_("to keep trade safe"),
}
SEERS = {
    SeenBy.MERCHANT: N_("the seller of the order"),
    SeenBy.CARRIER: N_("the carrier"),
    SeenBy.REVIEWER: N_("the reviewer of the case"),
    SeenBy.OFFICER: N_("the officer in charge"),
    SeenBy.EVERYONE: N_("everybody"),
}
SENSITIVITIES = {
    Sensitivity.SENSITIVE: N_("sensitive"),
    Sensitivity.MINORS: N_("about a child"),
    Sensitivity.PAYMENT: N_("payment"),
}
LOOKERS = {
    "member": N_("Somebody of the seller's"),
    "staff": N_("Somebody of our staff"),
    "carrier": N_("The carrier"),
    "buyer": N_("The buyer of the order"),
    "system": N_("A program of ours"),
}
WHYS = {
    "orders.fulfilment": N_("To send what you bought"),
    "orders.return": N_("To handle a return"),
    "complaint.read": N_("To handle a complaint"),
}
PURPOSES = {str(purpose): words for purpose, words in PURPOSE_WORDS.items()}
TAIL = 6


@never_cache
@known_person
@require_safe
def see(request: Request) -> HttpResponse:
    """Purpose by purpose, with the rule that keeps it and the last look at it."""
    subject_id, locale = own_subject(request), request.LANGUAGE_CODE
    last = {name: look(each) for name, each in access.last_looks(subject_id).items()}
    held = [_purpose(each, last, locale) for each in holdings.of(subject_id)]
    return respond.page(request, "privacy/see.html", {"held": held, "now": clock.now()})


@never_cache
@known_person
@require_safe
def looked(request: Request) -> HttpResponse:
    page = paginate(request, access.looks_at(own_subject(request)))
    return respond.page(
        request, "privacy/looked.html", {"page": page, "looks": [look(each) for each in page]}
    )


def look(record: AccessRecord) -> dict[str, Any]:
    """A line of the access record in words; whoever looked is told by role and the end of a pseudonym."""
    kind, _, who = record.actor.partition(":")
    why = WHYS.get(record.purpose) or PURPOSES.get(record.purpose)
    return {
        "who": gettext(LOOKERS.get(kind, kind)),
        "tail": who[-TAIL:],
        "why": gettext(why) if why else record.purpose,
        "fields": record.fields,
        "at": record.at,
    }


def term(rule_id: str) -> str:
    """How long the rule has us keep, in words: "3 years"; empty where it gives no length."""
    found = current.rules_by_id(rule_id, clock.now())
    length = found[1][-1].length if found else None
    return length_text({"n": length.n, "unit": str(length.unit)}) if length else ""


def kept() -> list[dict[str, str]]:
    """What a deletion leaves: purpose and rule."""
    return [
        {
            "purpose": gettext(PURPOSE_WORDS[each.purpose]),
            "rule_id": each.keeping.rule_id,
            "term": term(each.keeping.rule_id),
        }
        for each in holdings.kept()
        if each.keeping
    ]


def _purpose(held: holdings.PurposeHeld, last: dict[str, Any], locale: str) -> dict[str, Any]:
    comma = ", " if locale == "en" else "、"
    rows = [
        {
            "name": each.name,
            "count": each.count,
            "columns": comma.join(each.columns),
            "class": gettext(SENSITIVITIES[each.sensitivity]) if each.sensitivity in SENSITIVITIES else "",
            "basis": comma.join(gettext(BASES[one]) for one in each.bases),
            "seen_by": comma.join(gettext(SEERS[one]) for one in each.seen_by),
            "rules": [(rule_id, term(rule_id)) for rule_id in each.rules],
            "last": last.get(each.model.lower()),
        }
        for each in held.holdings
    ]
    return {"code": held.purpose, "title": gettext(PURPOSE_WORDS[held.purpose]), "rows": rows}
