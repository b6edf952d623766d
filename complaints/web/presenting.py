"""A case in the words of its reader: whose turn, the question, the offers, the phases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import mandates
from accounts.mandate_scopes import Kinship, Scope
from complaints import deadlines, negotiating
from complaints.grounds import GROUNDS, WISHES, Category, Wish
from complaints.lifecycle import ComplaintState, Seat
from complaints.models import Complaint, Offer
from complaints.queries import ComplaintQuerySet
from complaints.similar import similar_results
from complaints.states import SEATS
from complaints.web import frozen, telling
from deadlines.models import Deadline
from kernel.money import Money
from payments import whereabouts
from privacy import keys
from rulebook.queries import citation
from web import tenancy

C = ComplaintState
State = Mapping[str, Any]


def headline(complaint: Complaint) -> str:
    """What the case is about, in one line."""
    ground = str(GROUNDS[Category(complaint.category)].label)
    if complaint.line is None:
        return ground
    title = complaint.line.title(_locale())
    return _("%(ground)s: %(item)s") % {"ground": ground, "item": title}


def _locale() -> str:
    return get_language() or "zh-hans"


def rows(complaints: Iterable[Complaint], now: datetime) -> list[dict[str, Any]]:
    """The lines of a list; all their clocks in one query."""
    shown = list(complaints)
    clocks = deadlines.shown_of(shown)
    return [
        {
            "complaint": one,
            "headline": headline(one),
            "status": status(one),
            "clock": clocks.get(one.pk),
            "now": now,
        }
        for one in shown
    ]


def status(complaint: Complaint) -> str:
    """The state in a few words."""
    return {
        C.OPEN: _("Waiting for the shop's answer"),
        C.ANSWERED: _("The shop has answered: the buyer's turn"),
        C.DECIDING: _("We are deciding"),
        C.AGREED: _("Agreed"),
        C.DECIDED: _("Decided"),
        C.WITHDRAWN: _("Taken back"),
    }[ComplaintState(complaint.state)]


def case(complaint: Complaint, *, viewer: Seat, now: datetime) -> dict[str, Any]:
    """Everything that the page of a case shows to `viewer`."""
    keys.preload([complaint.subject_id, complaint.merchant.subject_id])
    offer = negotiating.standing_offer(complaint)
    clock = deadlines.shown(complaint)
    turn = SEATS[ComplaintState(complaint.state)]
    return {
        "complaint": complaint,
        "viewer": viewer,
        "now": now,
        "headline": headline(complaint),
        "status": status(complaint),
        "turn": turn,
        "mine": turn == viewer,
        "seats": seats(complaint),
        "clock": clock,
        "question": question(complaint, offer, viewer),
        "offer": offer,
        "offer_amount": Money(offer.amount_minor, complaint.currency) if offer else None,
        "similar": similar_results(complaint),
        "referable": turn is Seat.BUYER
        or (turn is Seat.MERCHANT and now >= deadlines.referable_from(complaint)),
        "referable_from": deadlines.referable_from(complaint),
        "silence": silence(complaint, viewer),
        "phases": phases(complaint, clock),
        "entries": telling.entries(complaint, viewer),
        "wish": WISHES[Wish(complaint.wish)],
        "pointed_at": _pointed_at(complaint),
        "rules": [citation(one, _locale(), at=complaint.order.placed_at) for one in complaint.rule_ids],
        "money": money(complaint),
        "decision": telling.decision(complaint),
        "represented": represented(complaint, now),
        "lengths": telling.Lengths(complaint.opened_at).named(),
    }


def represented(complaint: Complaint, now: datetime) -> str:
    """As what somebody may act for the buyer in this case; "" when nobody may."""
    # The shop hears that there is somebody, and its own role must not read whom.
    with tenancy.widened():
        mandate = mandates.representative_of(complaint.subject_id, scope=Scope.COMPLAINTS, at=now)
    return str(Kinship(mandate.kinship).label) if mandate else ""


def _pointed_at(complaint: Complaint) -> tuple[str, str] | None:
    if complaint.revision is None or not complaint.field:
        return None
    return frozen.statement_of(complaint.revision, complaint.field, _locale())


def seats(complaint: Complaint) -> dict[str, str]:
    """One short sentence for each of the three."""
    nothing = _("Nothing to do")
    return {
        C.OPEN: {
            "you": _("Waiting for the answer"),
            "merchant": _("Must answer"),
            "platform": _("If needed"),
        },
        C.ANSWERED: {"you": _("Please choose"), "merchant": _("Has answered"), "platform": _("If needed")},
        C.DECIDING: {"you": nothing, "merchant": nothing, "platform": _("Is deciding")},
    }.get(
        ComplaintState(complaint.state), {"you": nothing, "merchant": nothing, "platform": _("Case closed")}
    )


def question(complaint: Complaint, offer: Offer | None, viewer: Seat) -> str:
    """The one sentence that says what is asked of whom."""
    if complaint.state == C.OPEN:
        mine = _("The buyer asks for %(amount)s. What do you say?")
        theirs = _("You asked for %(amount)s. The shop must answer.")
        return (mine if viewer is Seat.MERCHANT else theirs) % {"amount": telling.money(complaint.claimed)}
    if complaint.state == C.ANSWERED and offer is not None:
        amount = {"amount": telling.money(Money(offer.amount_minor, complaint.currency))}
        if viewer is Seat.MERCHANT:
            return _("You offered %(amount)s. The buyer is thinking about it.") % amount
        return _("The shop offers %(amount)s. Do you accept?") % amount
    if complaint.state == C.ANSWERED:
        if viewer is Seat.MERCHANT:
            return _("You contested it. The buyer may ask for our ruling.")
        return _("The shop contests it. Shall we decide?")
    return telling.ending(complaint)


def silence(complaint: Complaint, viewer: Seat) -> str:
    """What happens if nobody acts: always said, never to the buyer's harm."""
    return {
        C.OPEN: _(
            "If the shop keeps silent, the case goes straight to our ruling on the buyer's evidence and"
            " counts as unanswered."
        ),
        C.ANSWERED: _(
            "If nothing is chosen, the case goes to our ruling. Silence is not consent; the money stays"
            " frozen."
        ),
        C.DECIDING: _(
            "If we are late, a senior takes over and it stands in the public figures. The money stays frozen."
        ),
    }.get(ComplaintState(complaint.state), "")


def phases(complaint: Complaint, clock: Deadline | None) -> list[dict[str, str]]:
    """Filed, answered, negotiated, decided, paid: how far it is and what each may take."""
    lengths = telling.Lengths(complaint.opened_at)
    reached = {C.OPEN: 1, C.ANSWERED: 2, C.DECIDING: 3}.get(ComplaintState(complaint.state), 5)
    labels = [
        (_("Filed"), telling.day(complaint.opened_at)),
        (_("Shop answers"), _("at most %(length)s") % {"length": lengths["silence.complaint_answer"]}),
        (_("Both talk"), _("at most %(length)s a turn") % {"length": lengths["silence.negotiation_offer"]}),
        (_("We decide"), _("at most %(length)s") % {"length": lengths["silence.decision"]}),
        (_("Paid back"), _("at once")),
    ]
    states = ["done" if i < reached else "now" if i == reached else "next" for i in range(len(labels))]
    if clock is not None and reached < len(labels):
        labels[reached] = (labels[reached][0], telling.left(clock.due_at))
    return [
        {"label": label, "note": note, "state": state}
        for (label, note), state in zip(labels, states, strict=True)
    ]


def money(complaint: Complaint) -> dict[str, Any]:
    """Where the order's money is, for the card."""
    lines = whereabouts.where_is_the_money(complaint.order_id)
    held = sum((line.amount.minor for line in lines if line.place == "held"), 0)
    if complaint.is_running and held:
        state = "frozen"
    elif held:
        state = "escrow"
    else:
        state = "buyer" if any(line.place.startswith("refund") for line in lines) else "merchant"
    amount = Money(held, complaint.currency) if held else complaint.order.total
    rows = [{"label": line.label, "amount": line.amount} for line in lines]
    return {"amount": amount, "state": state, "lines": rows}


def tabs(
    found: ComplaintQuerySet, table: Mapping[str, Sequence[str] | None], now: str
) -> list[dict[str, Any]]:
    """The saved filters with their counts, in one query."""
    counts = {one["state"]: one["n"] for one in found.order_by().values("state").annotate(n=Count("id"))}
    names = {
        "": _("All"),
        "answer": _("To answer"),
        "negotiation": _("Buyer's turn"),
        "ruling": _("With the platform"),
        "closed": _("Closed"),
    }
    return [
        {
            "url": f"?tab={key}" if key else "?",
            "label": names[key],
            "count": sum(n for state, n in counts.items() if states is None or state in states),
            "current": key == now,
        }
        for key, states in table.items()
    ]
