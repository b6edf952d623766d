"""See: what is held, what for, on which basis, how long, and who looked."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel import clock
from kernel.errors import N_
from privacy import access_record, holdings, inventory
from privacy.classification import PURPOSE_WORDS, Basis, SeenBy, Sensitivity
from privacy.web.doorkeeping import known_person, own_subject
from rulebook import current
from rulebook.templatetags.rulebook_tags import length_text
from web import respond
from web.http import Request

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

# What records are called where the staff's word for them would tell a person nothing.
THINGS = {
    "web.IdempotencyKey": N_("Forms you sent lately"),
    "privacy.StoredFile": N_("Files you handed in"),
    "privacy.Request": N_("Your requests"),
    "privacy.MinorProfile": N_("Age band"),
    "privacy.GuardianLink": N_("Guardians"),
    "privacy.SpendingRequest": N_("Purchases asked for"),
    "notifications.Addressee": N_("Where letters go"),
    "notifications.Mute": N_("Letters you don't want by mail"),
    "notifications.Letter": N_("Letters"),
    "notifications.Delivery": N_("Copies of letters sent"),
    "accounts.User": N_("Your account"),
    "account.EmailAddress": N_("A mark of your e-mail address"),
    "account.EmailConfirmation": N_("Proof of your e-mail address"),
    "mfa.Authenticator": N_("Your second step at sign-in"),
    "accounts.BrowserSession": N_("Browsers you are signed in with"),
    "accounts.KnownDevice": N_("Devices we know"),
    "accounts.SealedSecret": N_("Codes on their way"),
    "accounts.FormerContact": N_("Earlier addresses"),
    "accounts.AccountChange": N_("Changes of your account"),
    "accounts.Verification": N_("Checks of your name or bank account"),
    "orders.CartLine": N_("Your cart"),
}
# Words that only repeat the heading they would stand under.
EMPTY = frozenset({*PURPOSE_WORDS.values(), inventory.OTHER_DATA})


@never_cache
@known_person
@require_safe
def see(request: Request) -> HttpResponse:
    """Purpose by purpose, with the rule that keeps it and the last look at it."""
    subject_id, locale = own_subject(request), request.LANGUAGE_CODE
    last = access_record.lines_for(subject_id, most=1)
    held = [_purpose(each, locale) for each in holdings.of(subject_id)]
    context = {"held": held, "last": [_told(each) for each in last], "now": clock.now()}
    return respond.page(request, "privacy/see.html", context)


@never_cache
@known_person
@require_safe
def looked(request: Request) -> HttpResponse:
    looks = access_record.lines_for(own_subject(request))
    return respond.page(request, "privacy/looked.html", {"looks": [_told(each) for each in looks]})


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


def _told(line: access_record.AccessLine) -> dict[str, Any]:
    """A line of the access record in the reader's language."""
    return {
        "line": line,
        "who": gettext(line.who),
        "why": gettext(line.purpose),
        "what": list(dict.fromkeys(gettext(each) for each in line.fields)),
    }


def _purpose(held: holdings.PurposeHeld, locale: str) -> dict[str, Any]:
    comma = ", " if locale == "en" else "、"
    rows = [
        {
            "name": gettext(THINGS[each.model]) if each.model in THINGS else each.name,
            "count": each.count,
            "columns": comma.join(dict.fromkeys(gettext(one) for one in each.columns if one not in EMPTY)),
            "class": gettext(SENSITIVITIES[each.sensitivity]) if each.sensitivity in SENSITIVITIES else "",
            "basis": comma.join(gettext(BASES[one]) for one in each.bases),
            "seen_by": comma.join(gettext(SEERS[one]) for one in each.seen_by),
            "rules": [(rule_id, term(rule_id)) for rule_id in each.rules],
        }
        for each in held.holdings
    ]
    return {"code": held.purpose, "title": gettext(PURPOSE_WORDS[held.purpose]), "rows": rows}
