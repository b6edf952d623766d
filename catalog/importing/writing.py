"""What a row comes to: a listing to make, to change, to publish or to leave as it is; or why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext

from catalog import freight_templates, licensing, screened, stock, warranty
from catalog.completeness import assess
from catalog.drafts import merged
from catalog.importing.understanding import Understood, understand
from catalog.licensing import Papers
from catalog.lifecycle import ListingState
from catalog.models import Category, Listing
from catalog.schema import Schema, schema_of
from catalog.screening.engine import alarms
from catalog.screening.finding import Finding, Severity
from catalog.screening.ruleset import by_id
from catalog.screening.texts import texts_of
from catalog.variant_drafts import choice_key
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from merchants.models import Merchant
from web.errors import sentence

PUBLISHED, WAITING, DRAFTED = "published", "waiting", "draft"
UNCHANGED, REFUSED = "unchanged", "refused"
RESULTS = (PUBLISHED, WAITING, DRAFTED, UNCHANGED, REFUSED)
NO_CODE = N_("The row has no code.")
NO_CATEGORY = N_("The row names no category that exists.")
OTHER_CATEGORY = N_("The listing stands in another category; a category can't be changed by a file.")
WHICH_VARIANT = N_("This listing has variants: say by its values which one the stock or barcode is of.")


class FreightTwice(Invalid):
    code = "freight_twice"
    message = N_(
        "The freight of this listing comes from a template. Leave this cell empty, or write “none” as its"
        " freight template for a fixed freight."
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """`gaps` are the fields (with duties) that keep it a draft; `problems` (column, sentence, written)."""

    number: int
    code: str
    result: str
    category: str = ""
    gaps: tuple[tuple[str, str], ...] = ()
    problems: tuple[tuple[str, str, str], ...] = ()
    # What no later row of the file may name again.
    sku: str = ""
    barcode: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A listing to write; `outcome` as far as it can be foreseen, `before` the listing that is there."""

    outcome: Outcome
    row: Understood
    before: Listing | None
    to_publish: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What stays the same for all rows of a file; `strict` refuses a row for any cell that can't be read."""

    merchant: Merchant
    schemas: Mapping[str, Schema]
    papers: Papers
    actor: Actor
    at: datetime
    strict: bool = True
    dry: bool = False
    templates: freight_templates.Known = field(default_factory=dict)


def open_desk(*, merchant: Merchant, actor: Actor, at: datetime, strict: bool, dry: bool) -> Desk:
    schemas = {row.pk: schema_of(row.schema) for row in Category.objects.all()}
    papers = licensing.papers_of(merchant, at=at)
    return Desk(merchant=merchant, schemas=schemas, papers=papers, actor=actor, at=at, strict=strict, dry=dry)


def known_listings(desk: Desk, codes: Sequence[str]) -> dict[str, Listing]:
    """The listings that rows of a batch name, in one statement."""
    rows = Listing.objects.of_merchant(desk.merchant.pk).filter(code__in=codes)
    return {row.code: row for row in rows.select_related("live_revision").with_pieces().defer("search")}


def read(desk: Desk, number: int, cells: Mapping[str, str], before: Listing | None) -> Outcome | Planned:
    """What one row wants; a named refusal becomes its outcome."""
    code, category = cells.get("code", "").strip(), cells.get("category", "").strip()
    if before is not None and not category:
        category = before.category_id
    refused = Outcome(number, code[:64], REFUSED, category)
    problem = wrong(desk, code, category, before)
    if problem:
        return with_problems(refused, ("", gettext(problem), ""))
    row = understand(desk.schemas[category], cells)
    if before is not None and before.draft.get("options") and (row.stock is not None or row.barcode):
        return with_problems(refused, ("value1", gettext(WHICH_VARIANT), ""))
    if row.problems and desk.strict:
        return with_problems(refused, *row.problems)
    try:
        return plan(desk, number, code, category, row, before)
    except DomainError as error:
        return refused_by(refused, error, cells)


def wrong(desk: Desk, code: str, category: str, before: Listing | None) -> str:
    if not code:
        return NO_CODE
    if category not in desk.schemas:
        return NO_CATEGORY
    if before is not None and before.category_id != category:
        return OTHER_CATEGORY
    return ""


def with_problems(outcome: Outcome, *problems: tuple[str, str, str]) -> Outcome:
    return replace(outcome, gaps=(), problems=problems)


def refused_by(outcome: Outcome, error: DomainError, cells: Mapping[str, str]) -> Outcome:
    """A refusal with what was written in the column that it names."""
    column = str(error.params.get("field", ""))
    return with_problems(outcome, (column, sentence(error), cells.get(column, "").strip()[:80]))


def plan(
    desk: Desk, number: int, code: str, category: str, row: Understood, before: Listing | None
) -> Outcome | Planned:
    """What is to be written, or the outcome where nothing is."""
    schema, draft = desk.schemas[category], merged_draft(desk, category, before, row)
    lacks = [
        *assess(schema, draft).gaps,
        *licensing.missing(schema, draft, papers=desk.papers),
        *warranty.gaps(schema, draft, at=desk.at),
    ]
    gaps = tuple((gap.field, gap.duty) for gap in lacks)
    unchanged = before is not None and draft == before.draft and _same_rest(before, row)
    # What a shop took off sale doesn't go on sale again because a file repeats it.
    if unchanged and (gaps or before.state != ListingState.DRAFT):  # type: ignore[union-attr]
        return Outcome(number, code, UNCHANGED, category, gaps, tuple(row.problems))
    found = alarms(_wording(desk, category, draft))
    to_publish = not gaps and desk.merchant.may_publish
    result = _expected(found) if to_publish else DRAFTED
    outcome = Outcome(number, code, result, category, gaps, (*row.problems, *map(_problem, found)))
    return outcome if desk.dry else Planned(outcome, row, before, to_publish)


def _wording(desk: Desk, category: str, draft: Mapping[str, Any]) -> list[Finding]:
    return screened.wording(texts_of(draft), category=category, held=lambda: desk.papers.held)


def _expected(found: Sequence[Finding]) -> str:
    """What a dry run can foresee: whether a person will read it besides is decided when it's handed in."""
    if any(each.severity is Severity.REFUSE for each in found):
        return DRAFTED
    return WAITING if found else PUBLISHED


def _problem(finding: Finding) -> tuple[str, str, str]:
    says = by_id()[finding.rule_id].says
    return finding.field, f"{says.get(get_language() or '', says['zh-hans'])} ({finding.law})", finding.words


def merged_draft(desk: Desk, category: str, before: Listing | None, row: Understood) -> dict[str, Any]:
    """:raises NoSuchTemplate: of freight :raises FreightTwice:"""
    changes = freight_templates.in_changes(desk.merchant.pk, row.changes, desk.templates)
    draft = merged(desk.schemas[category], before.draft if before else {}, changes)
    told = row.changes.get("freight_minor")
    if told is not None and draft.get("freight") and told != draft["freight_minor"]:
        raise FreightTwice(field="freight")
    return draft


def _same_rest(before: Listing, row: Understood) -> bool:
    held = stock.pieces(before)
    same_stock = row.stock is None or row.stock == held[before.pk].on_hand
    same_counts = all(
        row.counts.get(key, held[pk].on_hand) == held[pk].on_hand for key, pk in drafted(before)
    )
    return same_stock and same_counts and row.barcode in (None, before.barcode)


def drafted(listing: Listing) -> list[tuple[str, UUID]]:
    """The draft's variants by what is chosen."""
    return [(choice_key(each["choice"]), UUID(each["id"])) for each in listing.draft.get("variants") or []]
