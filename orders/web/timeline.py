"""What happened to an order, from its moves, its returns' moves and its parcels' scans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from kernel.errors import N_
from orders import access, claim_access
from orders.models import ClaimMove, Order, OrderMove, Return, ReturnMove, Scan
from orders.states import OrderState
from orders.vouchers import access as voucher_access
from orders.web import claim_words
from web.formats import money_text, until_text

Entry = dict[str, Any]

TITLES = {
    "place": N_("Ordered"),
    "reserve": N_("The sum is reserved at the bank, nothing was taken"),
    "confirm": N_("The shop has confirmed"),
    "pay": N_("Paid: the money is in escrow"),
    "pay_late": N_("Paid after the time was over; the goods were still there"),
    "expire": N_("Not paid in time, so the order ended"),
    "decline": N_("The shop can't deliver it"),
    "lapse": N_("The shop didn't confirm in time"),
    "cancel": N_("Order cancelled"),
    "ship": N_("Handed to the carrier"),
    "cancel_rest": N_("What wasn't sent is cancelled"),
    "confirm_delivery": N_("Delivered"),
    "settle": N_("The merchant was paid"),
    "correct": N_("The buyer corrected where it goes"),
    "refund": N_("Everything you paid goes back to you"),
}
RETURN_TITLES = {
    "ask": N_("Return asked for"),
    "accept": N_("Return accepted"),
    "post": N_("Sent back"),
    "receive": N_("The goods are back with the merchant"),
    "refund": N_("Return refunded"),
    "refuse": N_("The merchant refused the return"),
    "close": N_("Return closed"),
    "reopen": N_("Return taken up again"),
}
# The same steps of what is picked up.
AT_POINT = {"ship": N_("Ready to be picked up"), "confirm_delivery": N_("Picked up")}
# And of services, whose uses stand between.
REDEEMED = {
    "ship": N_("The last use is gone"),
    "confirm_delivery": N_("Rendered"),
    "cancel_rest": N_("What wasn't used is cancelled"),
}
SCANS = {
    "collected": N_("The carrier has the parcel"),
    "in_transit": N_("The parcel is on its way"),
    "out_for_delivery": N_("The parcel is out for delivery"),
    "delivered": N_("The carrier handed the parcel over"),
    "signed_by_other": N_("Somebody else signed for the parcel"),
    "refused": N_("The parcel was refused at the door"),
    "returned_to_sender": N_("The parcel went back to its sender"),
    "lost": N_("The carrier has lost the parcel"),
    "damaged": N_("The carrier has damaged the parcel"),
}
# One character per seat; it is decoration, the words say who acted.
MARKS = {
    "buyer": N_("B"),
    "member": N_("M"),
    "carrier": N_("C"),
    "provider": N_("A"),
    "system": N_("A"),
    "staff": N_("A"),
}


def entries(order: Order, *, seat: str = "buyer") -> list[Entry]:
    """Newest first; `seat` is who reads (buyer or member), whose own steps stand out."""
    moves = [_move(move, order, seat) for move in access.moves_of(order)]
    moves += [_return_move(move, seat) for move in access.return_moves_of(order)]
    moves += [_claim_move(move, seat) for move in claim_access.claim_moves_of(order)]
    moves += [_scan(scan) for scan in access.scans_of(order)]
    moves += _uses(order, seat) if order.is_voucher else _parts(order)
    return sorted(moves, key=lambda entry: (entry["at"], entry["key"]), reverse=True)


def seat_of(actor: str, seat: str) -> Entry:
    kind = actor.partition(":")[0]
    who = "you" if kind == seat else "other" if kind in ("buyer", "member") else "sys"
    return {"who": who, "mark": _("Y") if kind == seat else _(MARKS.get(kind, "A"))}


def _move(move: OrderMove, order: Order, seat: str) -> Entry:
    return {
        **seat_of(move.actor, seat),
        "at": move.at,
        "key": str(move.pk),
        "title": _(_title(move, order)),
        "text": _text(move, order),
    }


def _title(move: OrderMove, order: Order) -> str:
    if order.is_picked_up and move.name in AT_POINT:
        return AT_POINT[move.name]
    if order.is_voucher and move.name in REDEEMED:
        return REDEEMED[move.name]
    return TITLES.get(move.name, move.name)


def _text(move: OrderMove, order: Order) -> str:
    match move.name:
        case "ship" if order.is_picked_up:
            return str(order.point_told["name"])
        case "ship" if order.is_voucher:
            return ""
        case "ship":
            return ", ".join(parcel.tracking_number for parcel in order.outward_parcels)
        case "pay" | "pay_late" if order.dispatch_by:
            return _("The merchant has until %(until)s to send it.") % {
                "until": until_text(order.dispatch_by)
            }
        case "confirm_delivery" if order.window_ends_at:
            until = until_text(order.window_ends_at)
            if order.by_person:
                words = _("If it isn't as described, it goes straight back until %(until)s.")
                return words % {"until": until}
            return _("From here on it can be returned until %(until)s.") % {"until": until}
        case "reserve" if order.confirm_by:
            return _("The shop has until %(until)s to confirm.") % {"until": until_text(order.confirm_by)}
        case "cancel" | "decline" | "lapse" if order.reserved_at and not order.paid_at:
            return _("Nothing was taken: what was reserved is let go.")
        case "cancel" if order.refunded:
            return _("%(amount)s goes back the way it was paid.") % {"amount": money_text(order.refunded)}
    return ""


def _return_move(move: ReturnMove, seat: str) -> Entry:
    returning = move.returning
    return {
        **seat_of(move.actor, seat),
        "at": move.at,
        "key": str(move.pk),
        "title": _(RETURN_TITLES.get(move.name, move.name)),
        "text": money_text(returning.amount)
        if move.name in ("ask", "refund")
        else _at_point(move, returning),
        "quote": access.refusal_shown(returning, seat=seat) if move.name == "refuse" else "",
    }


def _at_point(move: ReturnMove, returning: Return) -> str:
    """Its number, with the service point where it was handed in."""
    there = returning.point if move.name == "receive" else None
    return f"{returning.number} · {there.name}" if there else returning.number


def _claim_move(move: ClaimMove, seat: str) -> Entry:
    title = _(claim_words.TITLES[move.name])
    return {
        **seat_of(move.actor, seat),
        "at": move.at,
        "key": str(move.pk),
        "title": title,
        "text": move.claim.number,
    }


def _parts(order: Order) -> list[Entry]:
    """The parcels before the last one; the last is the order's own step."""
    outward = order.outward_parcels
    return [
        {
            **seat_of("member", ""),
            "at": parcel.handed_over_at,
            "key": str(parcel.pk),
            "title": _("A part of it was handed to the carrier"),
            "text": parcel.tracking_number,
        }
        for parcel in (outward if order.shipped_at is None else outward[:-1])
    ]


def _uses(order: Order, seat: str) -> list[Entry]:
    """What was redeemed, or missed where that counts."""
    return [
        {
            **seat_of(use.used_by, seat),
            "at": use.used_at,
            "key": str(use.pk),
            "title": _("A use is gone: nobody came") if use.missed else _("A use was redeemed"),
            "text": f"{use.number}/{use.voucher.uses}",
        }
        for use in voucher_access.uses_of(order)
    ]


def _scan(scan: Scan) -> Entry:
    return {
        "who": "sys",
        "mark": _(MARKS["carrier"]),
        "at": scan.happened_at,
        "key": str(scan.pk),
        "title": _(SCANS[scan.kind]),
        "text": "",
    }


STEPS = (
    (OrderState.AWAITING_PAYMENT, N_("Ordered")),
    (OrderState.PAID, N_("Paid")),
    (OrderState.SHIPPED, N_("Sent")),
    (OrderState.DELIVERED, N_("Delivered")),
    (OrderState.SETTLED, N_("Completed")),
)
# The shop confirms before anything is taken.
RESERVED_STEPS = (
    (OrderState.AWAITING_PAYMENT, N_("Ordered")),
    (OrderState.RESERVED, N_("Reserved")),
    (OrderState.PAID, N_("Paid")),
    (OrderState.SHIPPED, N_("Sent")),
    (OrderState.DELIVERED, N_("Delivered")),
)
# Nothing is sent: from paid it goes to rendered.
VOUCHER_STEPS = (
    (OrderState.AWAITING_PAYMENT, N_("Ordered")),
    (OrderState.PAID, N_("Paid, to be redeemed")),
    (OrderState.DELIVERED, N_("Rendered")),
    (OrderState.SETTLED, N_("Completed")),
)


# What is picked up is made ready and fetched.
_FETCHED = {OrderState.SHIPPED: N_("Made ready"), OrderState.DELIVERED: N_("Picked up")}


def steps(order: Order) -> list[Entry]:
    """Where it stands, in five words; none for an order that ended another way."""
    states = [*(state for state, _word in STEPS), OrderState.RESERVED]
    if order.state not in states:
        return []
    if order.is_voucher:
        return _steps(order, VOUCHER_STEPS)
    if order.state == OrderState.RESERVED:
        return _steps(order, RESERVED_STEPS)
    told = _FETCHED if order.is_picked_up else {}
    return _steps(order, [(state, told.get(state, word)) for state, word in STEPS])


def _steps(order: Order, told: Sequence[tuple[OrderState, str]]) -> list[Entry]:
    states = [state for state, _word in told]
    here = states.index(OrderState(order.state)) if order.state in states else len(states) - 2
    return [
        {"label": _(word), "note": "", "state": "done" if n < here else "now" if n == here else "next"}
        for n, (_state, word) in enumerate(told)
    ]
