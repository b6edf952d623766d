"""The four doors, and everything else that is one's own to decide about one's data."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel import clock
from kernel.errors import N_
from privacy import consent, requests, visitors
from privacy.web.asking import shown
from rulebook import platform_rules
from web import respond
from web.http import Request

POLICY = "rules.privacy"
SHOWN = 3
# Address, what it is called, what stands there; pages of rooms above are shown once they exist.
MORE = (
    ("privacy:looked", N_("Who looked"), N_("Every look of a person at your data, with the reason")),
    ("accounts:sessions", N_("Devices"), N_("Where you are signed in")),
    (
        "privacy:decisions",
        N_("Decisions by machine"),
        N_("What no human decided, and how to get one"),
    ),
    ("privacy:abroad", N_("Sent abroad"), N_("To whom, why, and on which basis")),
    (
        "privacy:assessed",
        N_("Weighed before it begins"),
        N_("Impact assessments: which are in force, which aren't"),
    ),
    ("privacy:minors", N_("Minors and guardians"), N_("Stricter rules, and who watches over them")),
    ("privacy:requests", N_("Your requests"), N_("With number, status and date")),
    ("privacy:policy", N_("Privacy policy"), N_("With all its versions")),
)
FOR_ACCOUNTS = frozenset({"accounts:sessions"})


@never_cache
@require_safe
def centre(request: Request) -> HttpResponse:
    at, subject_id = clock.now(), visitors.subject_of(request)
    asked = requests.of_subject(subject_id) if subject_id else []
    context = {
        "now": at,
        "known": subject_id is not None,
        "standings": consent.standings(subject_id=subject_id, at=at),
        "requests": [shown(each) for each in asked[:SHOWN]],
        "more": _more(signed_in=request.user.is_authenticated),
    }
    return respond.page(request, "privacy/centre.html", context)


@require_safe
def policy(request: Request) -> HttpResponse:
    """What we do with data, in the version in force; older and coming ones are linked."""
    rule = platform_rules.one(POLICY, clock.now())
    return respond.page(request, "privacy/policy.html", {"rule": rule, "shown": rule.shown})


def _more(*, signed_in: bool) -> list[dict[str, str]]:
    """The further pages that exist for this person."""
    found = []
    for name, title, note in MORE:
        if name in FOR_ACCOUNTS and not signed_in:
            continue
        try:
            found.append({"url": reverse(name), "name": gettext(title), "note": gettext(note)})
        except NoReverseMatch:
            continue
    return found
