"""What this app holds about people, for the privacy inventory."""

FIELDS = {
    "orders.CartLine.subject": "whose cart it is, a pseudonym, kept until it is bought or removed",
    "orders.Purchase.subject": "who pressed the pay button, a pseudonym, kept 5 years as payment law demands",
    "orders.Order.subject": "whose order it is, a pseudonym, kept 3 years after completion",
    "orders.Order.recipient": "to whom the parcel goes, encrypted, kept 3 years after completion",
    "orders.Order.phone": "the courier's telephone number for it, encrypted, kept as long as the name",
    "orders.Order.address": "where the parcel goes, encrypted, kept as long as the name",
    "orders.Order.note": "what the buyer told the merchant, encrypted, kept as long as the name",
    "orders.Return.subject": "who returns goods, a pseudonym, kept as long as the order",
    "orders.Return.note": "what the buyer says is wrong, encrypted, kept as long as the order",
    "orders.Return.refusal": "why the merchant refused, encrypted, kept as long as the order",
    "orders.OrderMove.actor": "who took a step of an order, a pseudonym",
    "orders.ReturnMove.actor": "who took a step of a return, a pseudonym",
}
