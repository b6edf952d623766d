"""What would become of each row: its new price and count, where it would go, and which rule refuses it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from catalog import publishing, reduction_terms, stock
from catalog.bulk.changes import Change
from catalog.bulk.rows import TableRow
from catalog.contents import freeze, same
from catalog.drafting import DraftClosed
from catalog.drafts import AmountRefused, merged
from catalog.importing.understanding import BAD_STOCK
from catalog.lifecycle import ListingState
from catalog.models import Listing
from catalog.schema import Schema, schema_of
from kernel.errors import N_, DomainError
from kernel.money import LIMIT_MINOR, Money
from web.errors import said, sentence

PRICE_MOVED = N_("Meanwhile the price became %(now)s; you saw %(seen)s.")
STOCK_MOVED = N_("Meanwhile the count became %(now)s; you saw %(seen)s.")
GONE = N_("This variant was taken out meanwhile.")
OTHER_CHANGES = N_("The listing's draft holds other changes, too: hand it in from the editor.")
FAR = N_("More than half cheaper or dearer than before: is that meant?")


class Fate(StrEnum):
    """Where a row goes: on sale with a new version at once, into the draft, only its count, or nowhere."""

    ON_SALE = "on_sale"
    DRAFT = "draft"
    COUNTED = "counted"
    MOVED = "moved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, in the reader's words; `rule_id` where a law says so."""

    words: str
    rule_id: str = ""


@dataclass(slots=True)
class Verdict:
    """`why` says what keeps a new price in the draft."""

    change: Change
    row: TableRow
    fate: Fate
    refusals: list[Refusal] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    why: str = ""

    @property
    def is_refused(self) -> bool:
        return self.fate in (Fate.REFUSED, Fate.MOVED)

    @property
    def on_hand(self) -> int:
        return counted(self.change, self.row)

    def refuse(self, *refusals: Refusal, fate: Fate = Fate.REFUSED) -> None:
        self.fate = fate
        self.refusals += refusals


def counted(change: Change, row: TableRow) -> int:
    """The count afterwards; what is added is added to what there is now."""
    if change.added:
        return row.on_hand + change.added
    return row.on_hand if change.on_hand is None else change.on_hand


def check(changes: Iterable[Change], rows: Mapping[UUID, TableRow], *, at: datetime) -> list[Verdict]:
    """A verdict for each change whose row is there, in the order of the changes."""
    verdicts = [_alone(each, rows[each.variant_id]) for each in changes if each.variant_id in rows]
    by_listing: dict[UUID, list[Verdict]] = defaultdict(list)
    for each in verdicts:
        if each.change.changes_price and not each.is_refused:
            by_listing[each.row.listing.pk].append(each)
    for group in by_listing.values():
        _together(group, at=at)
    return verdicts


def _alone(change: Change, row: TableRow) -> Verdict:
    """What the row itself says, whatever the others of its listing."""
    verdict = Verdict(change, row, Fate.DRAFT if change.changes_price else Fate.COUNTED)
    if change.changes_price:
        _price(verdict)
    if change.changes_stock:
        _stock(verdict)
    return verdict


def _price(verdict: Verdict) -> None:
    change, row = verdict.change, verdict.row
    assert change.price is not None
    if row.price_minor != change.was_price:
        verdict.refuse(
            _moved(PRICE_MOVED, _money(row.price_minor), _money(change.was_price)), fate=Fate.MOVED
        )
    elif row.listing.state == ListingState.SUSPENDED:
        verdict.refuse(Refusal(sentence(DraftClosed())))
    elif not 0 < change.price <= LIMIT_MINOR:
        verdict.refuse(Refusal(sentence(AmountRefused())))
    elif row.price_minor and not row.price_minor < 2 * change.price < 3 * row.price_minor:
        verdict.hints.append(said(FAR, {}))


def _stock(verdict: Verdict) -> None:
    change, row, after = verdict.change, verdict.row, verdict.on_hand
    if not change.added and row.on_hand != change.was_on_hand:
        verdict.refuse(_moved(STOCK_MOVED, row.on_hand, change.was_on_hand), fate=Fate.MOVED)
    elif not 0 <= after <= stock.MOST:
        verdict.refuse(Refusal(said(BAD_STOCK, {})))
    elif after < row.reserved:
        verdict.refuse(Refusal(sentence(stock.CountTooLow(reserved=row.reserved))))


def _moved(words: str, now: object, seen: object) -> Refusal:
    return Refusal(said(words, {"now": now, "seen": seen}))


def _money(minor: int | None) -> object:
    return "–" if minor is None else Money(minor)


def _together(group: Sequence[Verdict], *, at: datetime) -> None:
    """What the listing says to all its new prices at once: reductions, and whether they go on sale."""
    listing, schema = group[0].row.listing, schema_of(group[0].row.listing.category.schema)
    draft = merged(schema, listing.draft, drafted([each.change for each in group], listing))
    gaps = reduction_terms.gaps(listing, draft, at=at)
    if gaps:
        refusals = [Refusal(said(gap.problem, dict(gap.params)), gap.duty) for gap in gaps]
        for each in group:
            each.refuse(*refusals)
        return
    why = _kept_in_draft(listing, schema, draft, at=at)
    for each in group:
        each.fate, each.why = (Fate.ON_SALE, "") if why is None else (Fate.DRAFT, why)


def _kept_in_draft(listing: Listing, schema: Schema, draft: Mapping[str, Any], *, at: datetime) -> str | None:
    """Why the new prices don't go on sale at once; None when they do."""
    if not listing.is_live or listing.live_revision is None:
        return ""
    if not _nothing_else_waits(listing, schema):
        return said(OTHER_CHANGES, {})
    try:
        publishing.require_publishable(listing, draft, at=at)
    except DomainError as refused:
        return sentence(refused)
    return None


def _nothing_else_waits(listing: Listing, schema: Schema) -> bool:
    """Whether the draft says exactly what is on sale."""
    assert listing.live_revision is not None
    try:
        now = freeze(schema, listing.draft, listing_id=listing.pk, code=listing.code, barcode=listing.barcode)
    except (KeyError, TypeError):
        return False
    return same(listing.live_revision.content, now)


def drafted(changes: Sequence[Change], listing: Listing) -> dict[str, Any]:
    """The new prices as changes of the draft."""
    prices = {str(each.variant_id): each.price for each in changes if each.changes_price}
    if not listing.draft.get("options"):
        return {"price_minor": prices[str(listing.pk)]}
    rows = listing.draft.get("variants") or []
    return {
        "variants": [{**each, "price_minor": prices.get(each["id"], each["price_minor"])} for each in rows]
    }
