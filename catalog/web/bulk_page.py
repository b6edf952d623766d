"""What the pages of prices and stock show: rows, filters, the check, the report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.bulk import applying, changes
from catalog.bulk import rows as table
from catalog.bulk.applying import KEPT_BACK, WAITING
from catalog.bulk.changes import Change
from catalog.bulk.checking import Fate, Verdict, check
from catalog.bulk.rows import TableRow, Wanted
from catalog.lifecycle import STATE_WORDS, ListingState
from catalog.models import BulkChange, Category
from catalog.schema import in_language
from catalog.web import desk
from catalog.web.bulk_form import StepForm, Typed
from kernel.errors import N_
from kernel.money import Money
from merchants.models import Membership
from web.paging import Paged

Part = dict[str, Any]
SORTS = {
    "": N_("Title"),
    "sku": N_("SKU"),
    "price": N_("Price, lowest first"),
    "-price": N_("Price, highest first"),
    "stock": N_("Stock, lowest first"),
    "-stock": N_("Stock, highest first"),
    "saved": N_("Last saved first"),
}
FATES = {
    Fate.ON_SALE: N_("on sale at once"),
    Fate.DRAFT: N_("into the draft"),
    Fate.COUNTED: N_("counts at once"),
    Fate.MOVED: N_("changed meanwhile"),
    Fate.REFUSED: N_("refused"),
}
RESULTS = {
    "on_sale": N_("on sale"),
    "draft": N_("in the draft"),
    "counted": N_("counted"),
    "moved": N_("changed meanwhile"),
    "refused": N_("refused"),
    WAITING: N_("waits to be read"),
    KEPT_BACK: N_("kept back"),
}
# How many refused rows can be put right on the page itself: each takes two fields of the form.
MOST_INPUTS = 200


def listed(
    paged: Paged,
    asked: Wanted,
    typed: Typed | None,
    form: StepForm | None,
    categories: Sequence[Category],
    locale: str,
) -> Part:
    """The table with its filters and the step below it."""
    return {
        "page": paged,
        "rows": lines(table.read(paged.items, locale=locale), typed),
        "step": form or StepForm(),
        "problems": problems(typed, form),
        **filters(categories, asked, locale),
    }


def filters(categories: Sequence[Category], asked: Wanted, locale: str) -> Part:
    return {
        "asked": asked,
        "categories": [(row.pk, in_language(row.names, locale)) for row in categories],
        "states": [(str(state), _(words)) for state, words in STATE_WORDS.items()],
        "sorts": [(key, _(words)) for key, words in SORTS.items()],
    }


def lines(rows: Iterable[TableRow], typed: Typed | None) -> list[Part]:
    """Rows with their inputs: as they stand, or as they were typed and what is wrong there."""
    found = typed or Typed()
    return [_input(row, found) for row in rows]


def _input(row: TableRow, typed: Typed) -> Part:
    key = row.variant_id.hex
    price = "" if row.price_minor is None else Money(row.price_minor).decimal_text
    return {
        "row": row,
        "key": key,
        "state": row.listing.state,
        "state_said": _(STATE_WORDS[ListingState(row.listing.state)]),
        "price": typed.texts.get(f"p-{key}", price),
        "stock": typed.texts.get(f"s-{key}", row.on_hand),
        "seen": f"{'-' if row.price_minor is None else row.price_minor} {row.on_hand}",
        "ticked": row.variant_id in typed.ticked,
        "price_problem": typed.problems.get(f"p-{key}", ""),
        "stock_problem": typed.problems.get(f"s-{key}", ""),
    }


def problems(typed: Typed | None, form: StepForm | None) -> list[tuple[str, str]]:
    """(anchor, message) for the summary above the table."""
    found = list((typed or Typed()).problems.items())
    return [*found, *(form.problems if form is not None and form.is_bound else [])]


def checked(membership: Membership, found: Sequence[Change], *, locale: str, at: datetime) -> Part:
    """:raises NothingToChange: :raises TooManyChanges: :raises NotFound: a row of another shop"""
    wanted = changes.limited(found, most=applying.most(at=at))
    ids = [each.variant_id for each in wanted]
    rows, gone = table.of_ids(membership.merchant_id, ids, locale=locale)
    verdicts = check(wanted, rows, at=at)
    named = desk.named({each.rule_id for row in verdicts for each in row.refusals} - {""}, locale, at)
    shown = [_checked(each, named) for each in sorted(verdicts, key=lambda each: not each.is_refused)]
    refused = sum(each.is_refused for each in verdicts)
    return {
        "merchant": membership.merchant,
        "lines": shown,
        "gone": len(gone),
        "refused": refused,
        "good": len(verdicts) - refused,
        "plan": changes.written(each for each in wanted if each.variant_id in rows),
    }


def _checked(verdict: Verdict, named: dict[str, str]) -> Part:
    change, row = verdict.change, verdict.row
    return {
        "row": row,
        "key": row.variant_id.hex,
        "fate": str(verdict.fate),
        "fate_said": _(FATES[verdict.fate]),
        "refused": verdict.is_refused,
        "was": _money(row.price_minor),
        "price": _money(change.price) if change.changes_price else None,
        "on_hand": verdict.on_hand if change.changes_stock else None,
        "refusals": [(each.words, named.get(each.rule_id, each.rule_id)) for each in verdict.refusals],
        "why": verdict.why,
        "hints": verdict.hints,
    }


def put_right(shown: Sequence[Part], typed: Typed | None) -> Part:
    """Inputs for the rows that are refused, with what was typed there."""
    found, room = typed or Typed(), MOST_INPUTS
    for line in shown:
        row, key = line["row"], line["key"]
        problem = found.problems.get(f"p-{key}") or found.problems.get(f"s-{key}") or ""
        line["problem"] = problem
        line["input"] = room > 0 and (line["refused"] or bool(problem))
        room -= line["input"]
        price = line["was"] if line["price"] is None else line["price"]
        stock = line["on_hand"]
        line["price_text"] = found.texts.get(f"p-{key}", "" if price is None else price.decimal_text)
        line["stock_text"] = found.texts.get(f"s-{key}", row.on_hand if stock is None else stock)
    return {"problems": list(found.problems.items())}


def _money(minor: int | None) -> Money | None:
    return None if minor is None else Money(minor)


def reported(made: BulkChange, shown: Sequence[Part], slug: str, *, at: datetime) -> Part:
    named = desk.named({rule for line in made.lines for rule in line["rules"]}, made.language, at)
    again = changes.written(_again(line) for line in made.lines if line["result"] in ("refused", KEPT_BACK))
    return {
        "merchant": made.merchant,
        "made": made,
        "again": again,
        "lines": [
            {
                **line,
                "url": reverse("catalog:listing", args=[slug, line["listing"]]),
                "words": _(RESULTS[line["result"]]),
                "was": _money(line["was_price"]),
                "now": _money(line["price"]),
                "laws": [named.get(rule, rule) for rule in line["rules"]],
            }
            for line in shown
        ],
    }


def _again(line: Part) -> Change:
    return Change(
        UUID(line["variant"]),
        line["was_price"],
        line["was_on_hand"],
        line["price"],
        None if line["added"] else line["on_hand"],
        line["added"],
    )
