"""The rules library: every rule in plain words first, its article second."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kernel import clock
from rulebook import changes, current, queries, wording
from web.respond import page

SEARCH_LIMIT = 60


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Rules in force by subject, filtered by the words of `q` and the place of `place`."""
    at, search = clock.now(), request.GET.get("q", "")[:SEARCH_LIMIT]
    laws = current.jurisdictions()
    place = request.GET.get("place", current.HOME)
    place = place if place in laws else current.HOME
    found = queries.library(laws[place], wording.locale(), at=at, search=search)
    subjects = sorted(found, key=lambda each: queries.SUBJECTS.index(each.subject))
    groups = [(subject, list(rules)) for subject, rules in groupby(subjects, key=lambda each: each.subject)]
    context = {"groups": groups, "search": search, "number": len(found), "place": place, "places": list(laws)}
    return page(request, "rulebook/library.html", context, fragment="results")


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """What came into force when, and what each of our versions changed."""
    laws = current.jurisdictions()
    place = request.GET.get("place", current.HOME)
    place = place if place in laws else current.HOME
    context = {
        "place": place,
        "places": list(laws),
        "law": changes.of_law(laws[place], wording.locale()),
        "versions": changes.of_packs(laws[place]),
    }
    return page(request, "rulebook/changes.html", context)


@require_safe
def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """One rule: sentence, article, since when, what the platform does, earlier wordings."""
    found = queries.history(rule_id, wording.locale(), at=clock.now())
    return page(request, "rulebook/rule.html", {"rule": found.now, "versions": found.versions})


@require_safe
def limits(request: HttpRequest) -> HttpResponse:
    """How often each step may be taken, by whom it is counted."""
    return page(request, "rulebook/limits.html", {"rows": queries.rate_limits(clock.now())})


@require_safe
def silence(request: HttpRequest) -> HttpResponse:
    """Who must act by when, and what happens if nobody does."""
    return page(request, "rulebook/silence.html", {"rows": queries.silence_table(clock.now())})
