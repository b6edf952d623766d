"""Wording flagged while it is typed: what the draft says, and what the rules make of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog import access, drafting, drafts, rewording, screened
from catalog.models import Listing
from catalog.schema import Schema, schema_of
from catalog.screening.engine import alarms
from catalog.submission_lifecycle import SUBMISSION_WORDS, SubmissionState
from catalog.web import flags
from catalog.web.forms import EditorForm
from kernel import clock
from kernel.errors import DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from web.http import Request
from web.respond import page, redirect


@require_POST
def typed(request: Request, slug: str, key: str) -> HttpResponse:
    """Flags for what stands in the form now; nothing is saved."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    listing = access.listing_for(membership, key)
    form = EditorForm(listing, schema_of(listing.category.schema), data=request.POST)
    form.is_valid()
    draft = _typed_draft(listing, form)
    context = said_of(listing, draft, form, locale=get_language() or "zh-hans", at=clock.now())
    return page(request, "catalog/parts/flagboxes.html", {**context, "form": form})


@require_POST
def leave_out(request: Request, slug: str, key: str) -> HttpResponse:
    """Save what stands in the form, then do what a finding advises: take its words out."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    listing, at, actor = access.listing_for(membership, key), clock.now(), membership.actor
    field, start, words = _which(request.POST.get("leave_out", ""))
    form = EditorForm(listing, schema_of(listing.category.schema), data=request.POST)
    form.is_valid()
    if "price" in request.POST:
        drafting.edit_draft(listing_id=listing.pk, changes=form.changes(), actor=actor, at=at)
    rewording.leave_out(listing_id=listing.pk, field=field, start=start, words=words, actor=actor, at=at)
    messages.success(
        request, _("“%(words)s” is out of the draft. Read the sentence once more.") % {"words": words}
    )
    return redirect(request, f"{reverse('catalog:listing', args=[slug, listing.pk])}#f-{field}")


def _which(value: str) -> tuple[str, int, str]:
    """A finding as its button names it: “title_zh-hans 3 全网最佳”."""
    field, _blank, rest = value.partition(" ")
    start, _blank, words = rest.partition(" ")
    return field, int(start[:6]) if start.isascii() and start.isdigit() else 0, words


def _typed_draft(listing: Listing, form: EditorForm) -> Mapping[str, Any]:
    """What can be read of the form, over the saved draft."""
    texts = {key: form.changes().get(key, {}) for key in ("title", "description", "attributes")}
    draft: Mapping[str, Any] = listing.draft
    try:
        return drafts.merged(form.schema, draft, texts)
    except DomainError:
        return draft


def said_of(
    listing: Listing, draft: Mapping[str, Any], form: EditorForm, *, locale: str, at: datetime
) -> dict[str, Any]:
    """The editor's part about wording: flags by field, how many stop it, how the last submission stands."""
    found = [] if screened.cleared(listing, draft) else alarms(screened.findings_of(listing, draft, at=at))
    shown = flags.flags(found, draft, form.schema, locale, at)
    address = reverse("catalog:listing-words-left-out", args=[listing.merchant.slug, listing.pk])
    for each in shown:
        each["leave_out"] = address if each["leave_out"] else ""
    return {
        "flags": shown,
        "flag_fields": _read_fields(form.schema),
        "grave": [each for each in shown if each["grave"]],
        "doubtful": [each for each in shown if not each["grave"]],
    }


def _read_fields(schema: Schema) -> list[str]:
    """The fields in which wording is read, as the form names them."""
    own = [f"{kind}_{locale}" for kind in ("title", "description") for locale in ("zh-hans", "zh-hant", "en")]
    return [*own, *(spec.key for spec in schema.fields)]


def handed_in(listing: Listing) -> dict[str, Any]:
    """The last submission and its state in words, for the editor's side."""
    newest = access.newest_submission(listing)
    if newest is None:
        return {"last_submission": None}
    return {
        "last_submission": newest,
        "last_state": _(SUBMISSION_WORDS[SubmissionState(newest.state)]),
        "draft_waits": newest.is_open and newest.content_hash == screened.content_hash(listing.draft),
    }
