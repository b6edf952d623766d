"""What the shop sees of a submission: where it stands, each finding at its words, and how to contest it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog import access, reviewing
from catalog.models import Listing, Submission, SubmissionMove
from catalog.review_clock import review_clock
from catalog.schema import Schema, schema_of
from catalog.screening.engine import alarms
from catalog.screening.texts import texts_of
from catalog.submission_lifecycle import SUBMISSION, SUBMISSION_WORDS, SubmissionState
from catalog.web import flags
from catalog.web.offer_page import law
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from web.errors import sentence
from web.http import Request
from web.respond import page, redirect

PAGE = "catalog/submission.html"
DECISIONS = {"refuse", "ask", "confirm", "approve", "contest"}


@require_http_methods(["GET", "HEAD", "POST"])
def submission(request: Request, slug: str, key: str, submission_id: str) -> HttpResponse:
    """Where it stands; posting contests a refusal or takes back what is still being read."""
    needs = Capability.LISTINGS if request.method == "POST" else Capability.READ
    membership = membership_for(request.actor, slug, needs=needs)
    listing = access.listing_for(membership, key)
    found, at = access.submission_of(listing, submission_id), clock.now()
    refused, status = "", 200
    if request.method == "POST":
        try:
            _act(found, request, membership.actor, at)
        except DomainError as error:
            refused, status = sentence(error), 422
        else:
            return redirect(request, "catalog:submission", slug, listing.pk, found.pk)
    context = {**_context(membership, listing, found, at), "refused": refused}
    return page(request, PAGE, context, status=status)


def _act(found: Submission, request: Request, actor: Actor, at: datetime) -> None:
    if request.POST.get("step") == "take_back":
        reviewing.take_back(submission_id=found.pk, actor=actor, at=at)
        messages.success(request, _("Taken back. Nothing of it goes on sale."))
    else:
        text = request.POST.get("text", "")[:2000]
        reviewing.contest(submission_id=found.pk, text=text, actor=actor, at=at)
        messages.success(request, _("Contested. Somebody who didn't decide reads it again."))


def _context(membership: Membership, listing: Listing, found: Submission, at: datetime) -> dict[str, Any]:
    schema, locale = schema_of(listing.category.schema), get_language() or "zh-hans"
    may = membership.can(Capability.LISTINGS)
    contested = found.moves.filter(name="contest").exists()
    newest = access.newest_submission(listing)
    return {
        "merchant": membership.merchant,
        "listing": listing,
        "submission": found,
        "state_said": _(SUBMISSION_WORDS[SubmissionState(found.state)]),
        "flags": flags.flags(alarms(found.found), found.draft, schema, locale, at),
        "decisions": [_decision(each, found, schema, locale, at) for each in _moves(found)],
        "clock": review_clock(found),
        "may_contest": may
        and not contested
        and newest == found
        and SUBMISSION.allows(found.state, "contest"),
        "may_take_back": may and SUBMISSION.allows(found.state, "take_back"),
        "text": "",
        "now": at,
    }


def _moves(found: Submission) -> list[SubmissionMove]:
    return [each for each in found.moves.order_by("at", "id") if each.name in DECISIONS]


def _decision(
    move: SubmissionMove, found: Submission, schema: Schema, locale: str, at: datetime
) -> dict[str, Any]:
    """What a person decided or the shop said, with the words it is about."""
    said = {text.field: text.words for text in texts_of(found.draft)}
    part: dict[str, Any] = {"name": move.name, "at": move.at, "reason": move.reason}
    part["state"] = _(SUBMISSION_WORDS[SubmissionState(move.to_state)])
    if move.rule_id:
        part["law"] = law(move.rule_id, locale=locale, at=at) or {"name": move.rule_id}
    if move.field and move.start is not None and move.end is not None:
        part["label"] = flags.field_label(move.field, schema, locale)
        part["passage"] = flags.passage(said.get(move.field, ""), [(move.start, move.end)])
    return part
