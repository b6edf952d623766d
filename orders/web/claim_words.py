"""What repairs and exchanges are called on pages."""

from __future__ import annotations

from kernel.errors import N_
from orders import claim_deadlines
from orders.labels import visits
from orders.states import ClaimState

# By remedy, for what differs between the two.
STATES = {
    ClaimState.ASKED: N_("Waiting for the merchant's answer"),
    ClaimState.ACCEPTED: N_("Accepted: send the faulty goods"),
    ClaimState.POSTED: N_("On its way to the merchant"),
    ClaimState.RECEIVED: N_("With the merchant, who looks at the fault"),
    ClaimState.SENT: N_("On its way to the buyer"),
    ClaimState.ARRIVED: N_("With the buyer, to be tried"),
    ClaimState.DONE: N_("Done"),
    ClaimState.REFUNDED: N_("Refunded instead"),
    ClaimState.CLOSED: N_("Closed"),
    ClaimState.REFUSED: N_("Refused by the merchant"),
}
IN_HAND = {"repair": N_("Being repaired"), "exchange": N_("The other goods are set aside")}
REMEDIES = {
    "refund": N_("My money back"),
    "exchange": N_("Other goods, an exchange"),
    "repair": N_("A repair"),
}
NAMES = {"repair": N_("Repair"), "exchange": N_("Exchange")}
TITLES = {
    "ask": N_("Repair or exchange asked for"),
    "accept": N_("Repair or exchange accepted"),
    "post": N_("The faulty goods were sent to the merchant"),
    "receive": N_("The faulty goods are with the merchant"),
    "take_on": N_("The merchant took it on"),
    "turn": N_("The repair took too long and became an exchange"),
    "send": N_("Sent to the buyer"),
    "arrive": N_("The buyer has it"),
    "confirm": N_("Repair or exchange done"),
    "refund": N_("Refunded, because it could be neither repaired nor exchanged"),
    "refuse": N_("The merchant refused the repair or exchange"),
    "close": N_("Repair or exchange closed"),
    "end": N_("Closed: all the money of the order is back"),
}
# Kind → what has to happen, and what follows if it doesn't.
CLOCKS = {
    claim_deadlines.ANSWER: (
        N_("The merchant's answer to the repair or exchange"),
        N_("It counts as accepted."),
    ),
    claim_deadlines.POSTING: (
        N_("Send the faulty goods"),
        N_("It closes. It can be asked for again while law or warranty allows."),
    ),
    claim_deadlines.INSPECTION: (
        N_("The merchant looks at the fault"),
        N_("The fault counts as admitted: it is repaired or exchanged."),
    ),
    claim_deadlines.REPAIR: (N_("Repair and send back"), N_("The buyer may have other goods instead.")),
    claim_deadlines.REPAIR_LIMIT: (N_("Repair, last day"), N_("It becomes an exchange by itself.")),
    claim_deadlines.REPLACEMENT: (N_("Send the other goods"), N_("The money for it goes back.")),
    claim_deadlines.RECEIPT: (
        N_("Say whether it works"),
        N_("It counts as done. A fault that comes back can be claimed again."),
    ),
    claim_deadlines.REFUSAL: (N_("Object to the refusal"), N_("It becomes a complaint by itself.")),
    visits.KIND: (
        N_("The carrier fetches it"),
        N_("It counts as missed and costs you nothing: your days to send it begin anew."),
    ),
}
