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
from complaints.models import Complaint
from complaints.queries import ComplaintQuerySet
from complaints.similar import similar_results
from complaints.states import SEATS
from complaints.web import asking, frozen, offer_words, telling
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
        C.COUNTERED: _("The buyer asks for something else: the shop's turn"),
        C.PERFORMING: _("Agreed: the shop has to do it"),
        C.PERFORMED: _("The shop says that it is done: the buyer's turn"),
        C.DECIDING: _("We are deciding"),
        C.AGREED: _("Agreed"),
        C.DECIDED: _("Decided"),
        C.WITHDRAWN: _("Taken back"),
    }[ComplaintState(complaint.state)]


def case(complaint: Complaint, *, viewer: Seat, now: datetime) -> dict[str, Any]:
    """Everything that the page of a case shows to `viewer`."""
    keys.preload([complaint.subject_id, complaint.merchant.subject_id])
    offer = negotiating.standing_offer(complaint)
    counter = negotiating.standing_counter(complaint)
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
        "seats": asking.seats(complaint),
        "clock": clock,
        "question": asking.question(complaint, offer or counter, viewer),
        "offer": offer,
        "offer_text": offer_words.headline(offer) if offer else "",
        "offer_terms": offer_words.terms(offer) if offer else "",
        "counter": counter,
        "counter_text": offer_words.headline(counter) if counter else "",
        "undertaken": offer_words.undertaken(complaint),
        "similar": similar_results(complaint),
        "referable": complaint.state in (C.ANSWERED, C.COUNTERED)
        or (complaint.state == C.OPEN and now >= deadlines.referable_from(complaint)),
        "referable_from": deadlines.referable_from(complaint),
        "silence": asking.silence(complaint),
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


# How far along the five phases each running state is; what is agreed and not yet done is in the last.
_REACHED = {C.OPEN: 1, C.ANSWERED: 2, C.COUNTERED: 2, C.DECIDING: 3, C.PERFORMING: 4, C.PERFORMED: 4}


def phases(complaint: Complaint, clock: Deadline | None) -> list[dict[str, str]]:
    """Filed, answered, negotiated, decided, paid: how far it is and what each may take."""
    lengths = telling.Lengths(complaint.opened_at)
    reached = _REACHED.get(ComplaintState(complaint.state), 5)
    labels = [
        (_("Filed"), telling.day(complaint.opened_at)),
        (_("Shop answers"), _("at most %(length)s") % {"length": lengths["silence.complaint_answer"]}),
        (_("Both talk"), _("at most %(length)s a turn") % {"length": lengths["silence.negotiation_offer"]}),
        (_("We decide"), _("at most %(length)s") % {"length": lengths["silence.decision"]}),
        (_("Paid back"), _("at once")),
    ]
    if complaint.remedy and complaint.state in (C.PERFORMING, C.PERFORMED, C.AGREED):
        # Nobody decides where both agreed on what the shop does.
        labels[-2:] = [(_("Done as agreed"), _("else a refund"))]
        reached = min(reached, len(labels) - 1) if complaint.is_running else len(labels)
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
    rows = [{"label": line.label, "note": line.next, "amount": line.amount} for line in lines]
    return {"amount": amount, "state": state, "lines": rows}


def tabs(
    found: ComplaintQuerySet, table: Mapping[str, Sequence[str] | None], now: str
) -> list[dict[str, Any]]:
    """The saved filters with their counts, in one query."""
    counts = {one["state"]: one["n"] for one in found.order_by().values("state").annotate(n=Count("id"))}
    names = {
        "": _("All"),
        "answer": _("To answer"),
        "to_do": _("To do as agreed"),
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
