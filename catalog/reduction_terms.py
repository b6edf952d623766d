"""The part of a draft that claims a reduction: read, checked against the law, refused with what would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from catalog import pricing
from catalog.completeness import Gap
from catalog.models import Listing, Reduction
from catalog.schema import Names
from catalog.variant_drafts import words
from kernel.days import is_countable
from kernel.errors import N_, DomainError, Invalid
from kernel.money import LIMIT_MINOR, Money
from law.counting import midnight_after
from law.instants import parse_instant
from law.pricing import Basis, Permitted
from rulebook import policies

FIELD, REAL_BASIS = "reduction", "lowest_deal"
LABEL: Names = {"zh-hans": "划线价", "zh-hant": "劃線價", "en": "Crossed-out price"}
LONGEST = "price.longest_reduction"

TOO_HIGH = {
    Basis.LOWEST_DEAL: N_("At most %(most)s, the lowest deal of the %(days)s days before."),
    Basis.LAST_DEAL: N_("At most %(most)s, the last deal: nothing was sold in the %(days)s days before."),
    Basis.BEFORE_RAISE: N_("At most %(most)s, the price before it was raised in the past %(days)s days."),
}
NO_DEAL = N_("Nothing was sold at any price yet, so no price may stand crossed out.")
NO_REDUCTION = N_("The crossed-out price has to be above %(price)s, which buyers pay now.")
NO_END = N_("Say until which day it runs, at most %(longest)s days from its start.")
OVER = N_("The last day has passed. Take the crossed-out price away or give another day.")
RULES = N_("A reduction needs a sum, a known basis and two days that can be read.")


class ReductionRefused(Invalid):
    code = "reduction_refused"
    message = RULES


@dataclass(frozen=True, slots=True)
class Terms:
    """A claim as it was written: `was` of one piece with its freight, from when (None: at once) to when."""

    was: Money
    starts_at: datetime | None
    ends_at: datetime


def checked(value: Any) -> dict[str, Any] | None:
    """The claim in its one shape; None when there is none.

    :raises ReductionRefused: a sum that isn't one, an unknown basis, a day that can't be read
    """
    if not value:
        return None
    if not isinstance(value, Mapping):
        raise ReductionRefused(field=FIELD)
    was, basis = value.get("was_minor"), value.get("basis") or REAL_BASIS
    first, last = str(value.get("from") or ""), str(value.get("until") or "")
    if type(was) is not int or not 0 < was <= LIMIT_MINOR or basis != REAL_BASIS:
        raise ReductionRefused(field=FIELD)
    for text in filter(None, (first, last)):
        _instant(text, end=False)
    return {"was_minor": was, "basis": basis, "from": first, "until": last}


def read(content: Mapping[str, Any]) -> Terms | None:
    """The claim of a draft, a revision or one of their variants; None without one or while it has no end."""
    claim = content.get(FIELD)
    if not claim or not claim.get("until"):
        return None
    first = claim.get("from")
    return Terms(
        Money(claim["was_minor"]),
        _instant(first, end=False) if first else None,
        _instant(claim["until"], end=True),
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """What crosses out a variant's price; `part` holds it under the field's name, `choice` says which one."""

    shown: pricing.Headline
    part: Mapping[str, Any]
    choice: Mapping[str, str]


def claims(content: Mapping[str, Any], listing_id: UUID) -> list[Claim]:
    """Every variant whose price is crossed out: by a claim of its own, the card's also by the listing's."""
    card = pricing.headline(content, listing_id)
    found = []
    for asked, row in zip(
        pricing.asked_of(content, listing_id), content.get("variants") or [{}], strict=True
    ):
        part = row if row.get(FIELD) else content if asked.variant_id == card.variant_id else {}
        if part.get(FIELD):
            found.append(Claim(asked, part, row.get("choice") or {}))
    return found


def _instant(text: str, *, end: bool) -> datetime:
    """A day by the calendar at home, from its first instant or to its end; or an instant with its zone."""
    try:
        if "T" in text:
            return parse_instant(text)
        day = date.fromisoformat(text)
    except (ValueError, DomainError):
        raise ReductionRefused(field=FIELD) from None
    if not is_countable(day):
        raise ReductionRefused(field=FIELD)
    return midnight_after(day if end else day - timedelta(days=1), settings.TIME_ZONE)


def gaps(listing: Listing, draft: Mapping[str, Any], *, at: datetime) -> list[Gap]:
    """Why a crossed-out price of a draft can't be published, with what would be permitted; or nothing."""
    found = []
    for claim in claims(draft, listing.pk):
        gap = _gap_of(listing, claim, at=at)
        if gap is not None:
            found.append(gap if claim.part is draft else _of_variant(gap, draft, claim))
    return found


def _gap_of(listing: Listing, claim: Claim, *, at: datetime) -> Gap | None:
    longest = int(policies.value(LONGEST, at)["days"])
    terms, shown = read(claim.part), claim.shown
    if terms is None or terms.ends_at - max(terms.starts_at or at, at) > timedelta(days=longest):
        return _gap(NO_END, longest=longest)
    if terms.ends_at <= at or (terms.starts_at and terms.starts_at >= terms.ends_at):
        return _gap(OVER)
    if terms.was <= shown.price:
        return _gap(NO_REDUCTION, price=shown.price)
    going = going_on(listing, terms, shown, at=at)
    anchor = going.looks_until if going else at
    found = pricing.permitted(listing, shown.variant_id, at=anchor, known_at=at)
    return None if found.allows(terms.was) else too_high(found)


def _of_variant(gap: Gap, draft: Mapping[str, Any], claim: Claim) -> Gap:
    """The gap, said of the variant that it is about."""
    options = draft.get("options") or []
    labels = {locale: f"{label} · {words(options, claim.choice, locale)}" for locale, label in LABEL.items()}
    return replace(gap, field="variants", label=labels["zh-hans"], labels=labels)


def going_on(listing: Listing, terms: Terms, shown: pricing.Headline, *, at: datetime) -> Reduction | None:
    """The reduction that these terms only continue, unbroken and at the same price: its start counts."""
    if not listing.is_live:
        return None
    rows = Reduction.objects.open().filter(
        variant_id=shown.variant_id,
        was_minor=terms.was.minor,
        price_minor=shown.price.minor,
        ends_at=terms.ends_at,
    )
    return rows.filter(ends_at__gt=at).first()


def too_high(found: Permitted) -> Gap:
    if found.ceiling is None or found.since is None or found.until is None:
        return _gap(NO_DEAL, rule_id=found.rule_id)
    days = (found.until - found.since).days
    return _gap(TOO_HIGH[found.basis], rule_id=found.rule_id, most=found.ceiling, days=days)


def _gap(problem: str, *, rule_id: str = "cn.price.reference", **params: object) -> Gap:
    return Gap(FIELD, LABEL["zh-hans"], rule_id, "price", problem, LABEL, tuple(params.items()))
