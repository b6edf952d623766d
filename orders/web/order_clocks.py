"""The running clocks of orders and returns in words: who has to do what, and what follows if they don't."""

from __future__ import annotations

from kernel.errors import N_
from orders import deadlines, delivery_deadlines
from orders.web import claim_words, reserved_view

# Kind → what has to happen, and what follows if it doesn't.
CLOCKS = {
    deadlines.PAYMENT_EXPIRY: (N_("Time to pay"), N_("The order ends and nothing is charged.")),
    deadlines.DISPATCH: (
        N_("Promise to send it"),
        N_("You can cancel with one click and get everything back."),
    ),
    deadlines.DISPATCH_LIMIT: (N_("Last day to send it"), N_("The order is cancelled and refunded in full.")),
    delivery_deadlines.EXPRESS: (
        N_("Express has to be there"),
        N_("What express cost on top goes back to you. The parcel still comes."),
    ),
    delivery_deadlines.PICKUP: (N_("Pick it up"), N_("The order ends and everything you paid goes back.")),
    delivery_deadlines.VOUCHER_USE: (N_("Say if something was wrong"), N_("The money for that use is paid.")),
    delivery_deadlines.APPOINTMENT: (N_("Redeem the appointment"), N_("Nothing is used; book again.")),
    delivery_deadlines.VOUCHER: (
        N_("Redeem your services"),
        N_("What isn't redeemed is paid back by itself."),
    ),
    deadlines.PARCEL_SILENCE: (
        N_("The carrier's next scan"),
        N_("The parcel counts as lost, and that is never your loss."),
    ),
    deadlines.PARCEL_ANSWER: (
        N_("Say whether you got the parcel"),
        N_("It counts as received, and your time to return starts then."),
    ),
    deadlines.RETURN_WINDOW: (
        N_("Return without a reason"),
        N_("The window closes. A complaint stays possible."),
    ),
    deadlines.PRIVATE_RETURN: (
        N_("Send back what isn't as described"),
        N_("Sending it straight back ends. A complaint stays possible."),
    ),
    deadlines.SETTLEMENT: (N_("Payment to the merchant"), N_("The merchant is paid, unless a case is open.")),
    deadlines.RETURN_ANSWER: (
        N_("The merchant's answer to the return"),
        N_("The return counts as accepted."),
    ),
    deadlines.RETURN_POSTING: (
        N_("Send the goods back"),
        N_("The return closes. It can be taken up again while the window is open."),
    ),
    deadlines.RETURN_INSPECTION: (N_("The merchant inspects the goods"), N_("The whole sum goes back.")),
    deadlines.RETURN_REFUSAL: (N_("Object to the refusal"), N_("It becomes a complaint by itself.")),
    **claim_words.CLOCKS,
    **reserved_view.CLOCKS,
}

# What the same silence means to the merchant.
MERCHANT_OUTCOMES = {
    deadlines.DISPATCH: N_("The buyer can cancel with one click and gets everything back."),
    delivery_deadlines.EXPRESS: N_("What express cost on top goes back to the buyer."),
    delivery_deadlines.PICKUP: N_("The order ends and the buyer is refunded; the goods are yours again."),
    deadlines.PARCEL_SILENCE: N_("The parcel counts as lost and the buyer is refunded."),
    deadlines.RETURN_WINDOW: N_("The buyer's window closes."),
    deadlines.PRIVATE_RETURN: N_("The buyer's window closes."),
    deadlines.SETTLEMENT: N_("You are paid, unless a case is open."),
    deadlines.RETURN_REFUSAL: N_("The refusal becomes a complaint by itself."),
}
