"""Taking the changes: each listing whole or not at all, or all rows together; the report stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog import drafting, stock, submitting
from catalog.bulk import rows as table
from catalog.bulk.changes import Change, limited
from catalog.bulk.checking import GONE, Fate, Refusal, Verdict, check, drafted
from catalog.models import BulkChange, Listing, Stock, Variant
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from rulebook import policies
from web.errors import said, sentence

LIMITS = "limits.bulk"
WAITING, KEPT_BACK = "waiting", "kept_back"
STAYED = N_("Nothing was changed, because another row was refused.")


class _OneRefused(Exception):
    """Undoes what was written before it."""


def most(*, at: datetime) -> int:
    """How many rows go at once."""
    return int(policies.value(LIMITS, at)["rows"])


@transaction.atomic
def apply(
    *, merchant_id: UUID, changes: Sequence[Change], together: bool, language: str, actor: Actor, at: datetime
) -> BulkChange:
    """Write prices and counts; what is on sale and waits for nothing else goes on sale with its new price.

    `together`: one refused row keeps all the others back. Refusals stand in the report, not in errors.
    :raises NotFound: a row of another shop :raises NothingToChange: :raises TooManyChanges:
    """
    wanted = limited(changes, most=most(at=at))
    _lock(merchant_id, wanted)
    found, gone = table.of_ids(merchant_id, [each.variant_id for each in wanted], locale=language)
    verdicts = check(wanted, found, at=at)
    lines = [_gone(each) for each in gone]
    if together and (lines or any(each.is_refused for each in verdicts)):
        lines += [_kept_back(each) for each in verdicts]
    else:
        lines += _write(verdicts, together=together, actor=actor, at=at)
    refused = sum(each["result"] in (Fate.REFUSED, Fate.MOVED, KEPT_BACK) for each in lines)
    return BulkChange.objects.create(
        merchant_id=merchant_id,
        actor=str(actor),
        at=at,
        together=together,
        language=language,
        taken=len(lines) - refused,
        refused=refused,
        lines=lines,
    )


def _lock(merchant_id: UUID, changes: Sequence[Change]) -> None:
    """Listings, then pieces, each in the order of their ids, as buyers do: nobody waits for the other."""
    ids = [each.variant_id for each in changes]
    listings = Listing.objects.filter(merchant_id=merchant_id, variants__pk__in=ids).values("pk")
    rows = Listing.objects.filter(pk__in=listings).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))
    Stock.objects.locked(each.variant_id for each in changes if each.changes_stock)


def _write(
    verdicts: Sequence[Verdict], *, together: bool, actor: Actor, at: datetime
) -> list[dict[str, Any]]:
    by_listing: dict[UUID, list[Verdict]] = defaultdict(list)
    for each in verdicts:
        by_listing[each.row.listing.pk].append(each)
    lines: list[dict[str, Any]] = []
    try:
        with transaction.atomic():
            for listing_id in sorted(by_listing):
                lines += _listing(by_listing[listing_id], actor=actor, at=at)
                if together and any(each.is_refused for each in by_listing[listing_id]):
                    raise _OneRefused
    except _OneRefused:
        return [_kept_back(each) for each in verdicts]
    places = {each.change.variant_id.hex: place for place, each in enumerate(verdicts)}
    return sorted(lines, key=lambda line: places[line["variant"]])


def _listing(group: Sequence[Verdict], *, actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """One listing's rows; what is refused only now refuses all of them that were to be written."""
    good = [each for each in group if not each.is_refused]
    results: dict[UUID, str] = {}
    try:
        with transaction.atomic():
            results = _prices(good, actor=actor, at=at) | _counts(good, actor=actor, at=at)
    except DomainError as refused:
        for each in good:
            each.refuse(Refusal(sentence(refused)))
    return [_line(each, results.get(each.change.variant_id, str(each.fate))) for each in group]


def _prices(group: Sequence[Verdict], *, actor: Actor, at: datetime) -> dict[UUID, str]:
    priced = [each for each in group if each.change.changes_price]
    if not priced:
        return {}
    listing = priced[0].row.listing
    changes = drafted([each.change for each in priced], listing)
    drafting.edit_draft(listing_id=listing.pk, changes=changes, actor=actor, at=at)
    result = str(Fate.DRAFT)
    if priced[0].fate is Fate.ON_SALE:
        handed_in = submitting.submit(listing_id=listing.pk, actor=actor, at=at)
        result = str(Fate.ON_SALE) if submitting.is_settled(handed_in) else WAITING
    return {each.change.variant_id: result for each in priced}


def _counts(group: Sequence[Verdict], *, actor: Actor, at: datetime) -> dict[UUID, str]:
    counted = [each.change for each in group if each.change.changes_stock]
    for each in counted:
        if each.added:
            stock.add(variant_id=each.variant_id, quantity=each.added, actor=actor, at=at)
        elif each.on_hand is not None:
            stock.count(variant_id=each.variant_id, on_hand=each.on_hand, actor=actor, at=at)
    return {each.variant_id: str(Fate.COUNTED) for each in counted if not each.changes_price}


def _kept_back(verdict: Verdict) -> dict[str, Any]:
    if verdict.is_refused:
        return _line(verdict, str(verdict.fate))
    return _line(replace(verdict, why=said(STAYED, {})), KEPT_BACK)


def _line(verdict: Verdict, result: str) -> dict[str, Any]:
    change, row = verdict.change, verdict.row
    return {
        "variant": row.variant_id.hex,
        "listing": str(row.listing.pk),
        "sku": row.sku,
        "title": row.listing.working_title,
        "choice": row.choice,
        "was_price": change.was_price,
        "price": change.price if change.changes_price else None,
        "was_on_hand": change.was_on_hand,
        "on_hand": verdict.on_hand if change.changes_stock else None,
        "added": change.added,
        "result": result,
        "said": [each.words for each in verdict.refusals] or [verdict.why]
        if verdict.why or verdict.refusals
        else [],
        "rules": sorted({each.rule_id for each in verdict.refusals} - {""}),
    }


def _gone(variant_id: UUID) -> dict[str, Any]:
    row = Variant.objects.select_related("listing").get(pk=variant_id)
    return {
        "variant": row.pk.hex,
        "listing": str(row.listing_id),
        "sku": row.sku,
        "title": row.listing.working_title,
        "choice": "",
        "was_price": None,
        "price": None,
        "was_on_hand": 0,
        "on_hand": None,
        "added": 0,
        "result": str(Fate.MOVED),
        "said": [said(GONE, {})],
        "rules": [],
    }
