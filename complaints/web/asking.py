"""What is asked of whom in a case, and what silence leads to: one sentence each."""

from __future__ import annotations

from django.utils.translation import gettext as _

from complaints.lifecycle import ComplaintState, Seat
from complaints.models import Complaint, Offer
from complaints.web import offer_words, telling

C = ComplaintState


def seats(complaint: Complaint) -> dict[str, str]:
    """One short sentence for each of the three."""
    nothing, needed = _("Nothing to do"), _("If needed")
    table = {
        C.OPEN: (_("Waiting for the answer"), _("Must answer"), needed),
        C.ANSWERED: (_("Please choose"), _("Has answered"), needed),
        C.COUNTERED: (_("Asks for something else"), _("Please choose"), needed),
        C.PERFORMING: (_("Waiting for it to be done"), _("Must do what was agreed"), needed),
        C.PERFORMED: (_("Please look at it"), _("Says that it is done"), needed),
        C.DECIDING: (nothing, nothing, _("Is deciding")),
    }
    closed = (nothing, nothing, _("Case closed"))
    you, merchant, platform = table.get(ComplaintState(complaint.state), closed)
    return {"you": you, "merchant": merchant, "platform": platform}


def question(complaint: Complaint, offer: Offer | None, viewer: Seat) -> str:
    """The one sentence that says what is asked of whom; `offer` is what stands, of either side."""
    mine = viewer is Seat.MERCHANT
    match complaint.state:
        case C.OPEN:
            amount = {"amount": telling.money(complaint.claimed)}
            if mine:
                return _("The buyer asks for %(amount)s. What do you say?") % amount
            return _("You asked for %(amount)s. The shop must answer.") % amount
        case C.ANSWERED:
            return _answered(offer, mine=mine)
        case C.COUNTERED:
            return _countered(offer, mine=mine)
        case C.PERFORMING | C.PERFORMED:
            return _agreed_on(complaint, mine=mine)
    return telling.ending(complaint)


def _answered(offer: Offer | None, *, mine: bool) -> str:
    if offer is None and mine:
        return _("You contested it. The buyer may ask for our ruling.")
    if offer is None:
        return _("The shop contests it. Shall we decide?")
    what = {"offer": offer_words.headline(offer)}
    if mine:
        return _("You offered: %(offer)s. The buyer is thinking about it.") % what
    return _("The shop offers: %(offer)s. Do you accept?") % what


def _countered(offer: Offer | None, *, mine: bool) -> str:
    if offer is None and mine:
        return _("The buyer says no to your offer. Can you offer something better?")
    if offer is None:
        return _("You said no. The shop may offer something better.")
    what = {"offer": offer_words.headline(offer)}
    if mine:
        return _("The buyer asks for this instead: %(offer)s. Do you accept?") % what
    return _("You asked for this instead: %(offer)s. The shop must answer.") % what


def _agreed_on(complaint: Complaint, *, mine: bool) -> str:
    what = {"deed": offer_words.undertaken(complaint)}
    if complaint.state == C.PERFORMING:
        return (
            _("You undertook: %(deed)s. Is it done?")
            if mine
            else _("Both agreed on: %(deed)s. The shop has to do it.")
        ) % what
    return (
        _("You say that it is done: %(deed)s. The buyer is looking at it.")
        if mine
        else _("The shop says that it is done: %(deed)s. Is it?")
    ) % what


def silence(complaint: Complaint) -> str:
    """What happens if nobody acts: always said, never to the buyer's harm."""
    to_us = _(
        "If nothing is chosen, the case goes to our ruling. Silence is not consent; the money stays frozen."
    )
    return {
        C.OPEN: _(
            "If the shop keeps silent, the case goes straight to our ruling on the buyer's evidence and"
            " counts as unanswered."
        ),
        C.ANSWERED: to_us,
        C.COUNTERED: to_us,
        C.PERFORMING: _(
            "If it isn't done in time, it turns into a refund of all that the complaint is about. The money"
            " stays frozen until then."
        ),
        C.PERFORMED: _(
            "If nothing is said, the case ends as agreed. A new fault can be a new case within the time to"
            " complain."
        ),
        C.DECIDING: _(
            "If we are late, a senior takes over and it stands in the public figures. The money stays frozen."
        ),
    }.get(ComplaintState(complaint.state), "")
