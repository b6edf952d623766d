"""What a return's page shows, to its buyer and to its merchant."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from deadlines import booking
from kernel.errors import N_
from orders import access, returns, withdrawing
from orders.models import Return
from orders.states import ReturnState
from orders.web import label_view, part_words, pickup_view, presenting
from orders.web.label_forms import CollectionForm
from orders.web.order_clocks import CLOCKS
from orders.web.order_page import clock
from orders.web.presenting import View
from orders.web.shipping_forms import TrackingForm
from orders.web.timeline import RETURN_TITLES, seat_of

STATES = {
    ReturnState.ASKED: N_("Waiting for the merchant's answer"),
    ReturnState.ACCEPTED: N_("Accepted: send the goods back"),
    ReturnState.POSTED: N_("On its way back"),
    ReturnState.RECEIVED: N_("Back with the merchant, being inspected"),
    ReturnState.REFUNDED: N_("Refunded"),
    ReturnState.CLOSED: N_("Return closed"),
    ReturnState.REFUSED: N_("Refused by the merchant"),
}
KINDS = {
    "no_reason": N_("No reason needed"),
    "quality": N_("It is faulty"),
    "not_as_described": N_("It is not as described"),
}


def state_word(found: Return) -> str:
    return _(STATES[ReturnState(found.state)])


def context(
    found: Return,
    *,
    at: datetime,
    form: TrackingForm | None = None,
    fetched: CollectionForm | None = None,
    seat: str = "buyer",
) -> View:
    parts = list(found.lines.select_related("line__revision").order_by("line__position"))
    parcels = access.parcels_of_return(found)
    may_post = found.state == ReturnState.ACCEPTED
    coming = label_view.visits(found) if seat == "buyer" else []
    running = booking.open_for([found.pk, *(parcel.pk for parcel in parcels), *coming])
    return {
        "found": found,
        "order": found.order,
        "state_word": state_word(found),
        "kind_word": _(KINDS[found.kind]),
        "parts": [
            {
                **presenting.thing_of(part.line),
                "part": part,
            }
            for part in parts
        ],
        "postage": presenting.postage_words(found.postage_payer),
        "reckoned": part_words.kept(found),
        "clocks": [clock(each, seat=seat) for each in running if each.kind in CLOCKS],
        "entries": _entries(found, seat),
        "parcels": parcels,
        "sandbox": settings.SANDBOX,
        "form": form or TrackingForm(),
        "send_to": access.goes_back_to(found, at=at) if may_post and seat == "buyer" else {},
        **label_view.of_seat(found, seat, at=at, form=fetched),
        "may_post": may_post,
        "points": pickup_view.of_return(found) if seat == "buyer" else None,
        "may_withdraw": found.state in withdrawing.WITHDRAWABLE,
        "may_reopen": found.state == ReturnState.CLOSED and returns.may_reopen(found, at=at),
        "now": at,
    }


def _entries(found: Return, seat: str) -> list[View]:
    made = []
    for move in found.moves.order_by("-id"):
        made.append(
            {
                **seat_of(move.actor, seat),
                "at": move.at,
                "title": _(RETURN_TITLES.get(move.name, move.name)),
                "text": found.point.name if move.name == "receive" and found.point else "",
                "quote": access.refusal_shown(found, seat=seat) if move.name == "refuse" else "",
            }
        )
    return made
