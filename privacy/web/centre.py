"""The four doors, and everything else that is one's own to decide about one's data."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel import clock
from privacy import consent, visitors
from rulebook import platform_rules
from web import respond
from web.http import Request

POLICY = "rules.privacy"


@never_cache
@require_safe
def centre(request: Request) -> HttpResponse:
    at, subject_id = clock.now(), visitors.subject_of(request)
    context = {
        "now": at,
        "known": subject_id is not None,
        "signed_in": request.user.is_authenticated,
        "standings": consent.standings(subject_id=subject_id, at=at),
    }
    return respond.page(request, "privacy/centre.html", context)


@require_safe
def policy(request: Request) -> HttpResponse:
    """What we do with data, in the version in force; older and coming ones are linked."""
    rule = platform_rules.one(POLICY, clock.now())
    return respond.page(request, "privacy/policy.html", {"rule": rule, "shown": rule.shown})
