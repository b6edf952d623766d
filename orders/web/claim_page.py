"""What the page of a repair or an exchange shows, to its buyer and to its merchant."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from deadlines import booking
from orders import access, claim_access
from orders.models import FaultClaim
from orders.models.claims import REPAIR
from orders.states import ClaimState
from orders.web import claim_view, claim_words, label_view, order_page, presenting
from orders.web.label_forms import CollectionForm
from orders.web.order_clocks import CLOCKS
from orders.web.presenting import View
from orders.web.shipping_forms import TrackingForm
from orders.web.timeline import seat_of

WITHDRAWN_FROM = (ClaimState.ASKED, ClaimState.ACCEPTED, ClaimState.REFUSED)


def context(
    claim: FaultClaim,
    *,
    at: datetime,
    form: TrackingForm | None = None,
    fetched: CollectionForm | None = None,
    seat: str = "buyer",
) -> View:
    parcels = claim_access.parcels_of_claim(claim)
    coming = label_view.visits(claim) if seat == "buyer" else []
    running = booking.open_for([claim.pk, *(parcel.pk for parcel in parcels), *coming])
    may_post = claim.state == ClaimState.ACCEPTED
    return {
        "claim": claim,
        "order": claim.order,
        "name": claim_view.name(claim),
        "state_word": claim_view.state_word(claim),
        "thing": presenting.thing_of(claim.line),
        "law": presenting.cited(claim.rule_id, at=claim.order.placed_at),
        "postage": presenting.postage_words(claim.postage_payer),
        "clocks": [order_page.clock(each, seat=seat) for each in running if each.kind in CLOCKS],
        "entries": _entries(claim, seat),
        "photos": claim_access.photos_of(claim),
        "parcels": parcels,
        "sandbox": settings.SANDBOX,
        "form": form or TrackingForm(),
        "send_to": access.goes_back_to(claim, at=at) if may_post and seat == "buyer" else {},
        **label_view.of_seat(claim, seat, at=at, form=fetched),
        "may_post": may_post,
        "may_withdraw": claim.state in WITHDRAWN_FROM,
        "may_confirm": claim.state in (ClaimState.SENT, ClaimState.ARRIVED),
        "may_demand": claim.state == ClaimState.IN_HAND
        and claim.remedy == REPAIR
        and claim.overdue_at is not None,
        "now": at,
    }


def _entries(claim: FaultClaim, seat: str) -> list[View]:
    shown = seat == "buyer" or claim.is_open
    return [
        {
            **seat_of(move.actor, seat),
            "at": move.at,
            "title": _(claim_words.TITLES[move.name]),
            "quote": (claim.refusal or "") if move.name == "refuse" and shown else "",
        }
        for move in claim.moves.order_by("-id")
    ]
