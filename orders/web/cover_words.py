"""What stands on pages about covers, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.errors import N_
from orders.cover import claiming
from orders.cover.facts import Fact
from orders.cover_states import CAUSES, Cause, CoverClaimState, CoverKind, CoverState, Refusal
from orders.models import CoverClaim, Order, OrderCover
from orders.models.cover import texts
from orders.web import presenting
from orders.web.presenting import View

STATES = {
    CoverState.UNPAID: N_("Waiting for payment"),
    CoverState.WAITING: N_("Begins when the goods are sent"),
    CoverState.RUNNING: N_("Running"),
    CoverState.LAPSED: N_("Never paid"),
    CoverState.GIVEN_BACK: N_("The premium went back to you"),
}
CLAIM_STATES = {
    CoverClaimState.ASKED: N_("With the insurer"),
    CoverClaimState.ACCEPTED: N_("Accepted; the transfer is on its way"),
    CoverClaimState.PAID: N_("Paid out"),
    CoverClaimState.REFUSED: N_("Refused by the insurer"),
    CoverClaimState.WITHDRAWN: N_("Withdrawn"),
}
CAUSE_WORDS = {
    Cause.LOST: N_("The parcel was lost"),
    Cause.DAMAGED: N_("It was damaged on its way"),
    Cause.FREIGHT: N_("I paid for sending it back"),
    Cause.COUNTERFEIT: N_("It is a fake, as a complaint decided"),
}
REASONS = {
    Refusal.NOT_COVERED: N_("The insurer says that this cover doesn't pay for it."),
    Refusal.NOT_SHOWN: N_("The insurer says that the facts and photos don't show it."),
    Refusal.EXCLUDED: N_("The insurer says that an exclusion of the terms applies."),
}
FACTS = {
    "sent": N_("Handed to the carrier"),
    "delivered": N_("Delivered"),
    "parcel_silent": N_("Counts as lost: no scan for too long"),
    "parcel_lost": N_("The carrier lost it"),
    "parcel_damaged": N_("The carrier reported damage"),
    "parcel_came_back": N_("Went back to the shop"),
    "returned": N_("Return completed, at your cost"),
    "decided_fake": N_("A complaint decided that it is a fake"),
}
SCANNED = N_("Scanned by the carrier")


def title(cover: OrderCover) -> str:
    return str(_texts(cover)["name"])


def _texts(cover: OrderCover) -> dict[str, Any]:
    return texts(cover.terms, get_language() or "zh-hans")


def cover_row(cover: OrderCover, order: Order, *, at: datetime) -> View:
    """A cover with its newest claim, and whether one may be made now."""
    claims = sorted(cover.claims.all(), key=lambda each: each.asked_at)
    running = cover.state == CoverState.RUNNING
    end = claiming.until(cover, order) if running else None
    standing = any(each.state not in ("refused", "withdrawn") for each in claims)
    return {
        "cover": cover,
        "texts": _texts(cover),
        "basis": cover.terms["basis"],
        "state_word": _(STATES[CoverState(cover.state)]),
        "until": end,
        "claims": [claim_row(each) for each in claims],
        "may_claim": running and not standing and (end is None or at < end),
    }


def claim_row(claim: CoverClaim) -> View:
    return {"claim": claim, "state_word": _(CLAIM_STATES[CoverClaimState(claim.state)])}


def reason_word(claim: CoverClaim) -> str:
    return _(REASONS[Refusal(claim.refusal)]) if claim.refusal else ""


def cause_word(cause: str) -> str:
    return _(CAUSE_WORDS[Cause(cause)])


def causes(cover: OrderCover) -> list[tuple[str, str]]:
    return [(str(each), _(CAUSE_WORDS[each])) for each in CAUSES[CoverKind(cover.kind)]]


def facts_said(found: list[Fact]) -> list[View]:
    """What the platform knows, in words; parcels by their numbers."""
    return [
        {
            "title": _(FACTS.get(each["kind"], SCANNED)),
            "number": each["number"],
            "at": parse_datetime(each["at"]) if each["at"] else None,
        }
        for each in found
    ]


def thing_of(cover: OrderCover) -> View:
    return presenting.thing_of(cover.line)
