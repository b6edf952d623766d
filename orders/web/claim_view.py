"""Repairs and exchanges of a line: what may be asked for now, its warranty card, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from law import aftercare as law
from orders.aftercare import asking, history
from orders.models import FaultClaim, Order, OrderLine
from orders.models.claims import REPAIR
from orders.states import ClaimState, OrderState
from orders.web import claim_words, presenting
from orders.web.presenting import View


def state_word(claim: FaultClaim) -> str:
    if claim.state == ClaimState.IN_HAND:
        return _(claim_words.IN_HAND[claim.remedy])
    return _(claim_words.STATES[ClaimState(claim.state)])


def name(claim: FaultClaim) -> str:
    return _(claim_words.NAMES[claim.remedy])


def row(claim: FaultClaim) -> View:
    """As lists show it."""
    return {"claim": claim, "name": name(claim), "state_word": state_word(claim)}


def choices(order: Order, line: OrderLine, claims: Sequence[FaultClaim], *, at: datetime) -> list[View]:
    """Each remedy that is open now with its rule, until when, and who pays: for a new fault or one that is
    back."""
    best: dict[str, law.Open] = {}
    for repeats in (None, *_done(claims)):
        for one in asking.remedies(order, line, claims, at=at, repeats=repeats):
            best.setdefault(str(one.kind), one)
    return [_choice(order, one) for one in best.values()]


def _done(claims: Iterable[FaultClaim]) -> list[FaultClaim]:
    return [each for each in claims if each.state == ClaimState.DONE]


def _choice(order: Order, one: law.Open) -> View:
    return {
        "kind": str(one.kind),
        "label": _(claim_words.REMEDIES[one.kind]),
        "until": one.until,
        "law": presenting.cited(one.rule_id, at=order.placed_at),
        "postage": presenting.postage_words(one.payer),
    }


def earlier(claims: Iterable[FaultClaim]) -> list[FaultClaim]:
    """Repairs whose fault may be back."""
    return [each for each in _done(claims) if each.remedy == REPAIR]


def of_line(order: Order, line: OrderLine, claims: Iterable[FaultClaim], *, at: datetime) -> View:
    """The warranty card of a line, its claims, and the way to another where one is open now."""
    mine = [each for each in claims if each.line_id == line.pk]
    running = any(each.is_open for each in mine)
    sent = not running and not order.is_voucher
    may_ask = sent and any(one["kind"] != "refund" for one in choices(order, line, mine, at=at))
    return {
        "card": history.card(order, line, mine),
        "claims": [
            {"number": each.number, "name": name(each), "state_word": state_word(each)} for each in mine
        ],
        "claim_url": reverse("orders:claim-new", args=[order.number, line.pk]) if may_ask else "",
    }


def refund_url(order: Order, offered: Iterable[View]) -> str:
    """Where the money goes back at once: the return of faulty goods, while the order's money is held."""
    held = order.state == OrderState.DELIVERED
    if held and any(one["kind"] == "refund" for one in offered):
        return reverse("orders:return", args=[order.number])
    return ""
