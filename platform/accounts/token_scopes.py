"""What a token may do; a token can never do more than the person who made it."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_


class Scope(StrEnum):
    LISTINGS_READ = "listings:read"
    LISTINGS_WRITE = "listings:write"
    ORDERS_READ = "orders:read"
    ORDERS_SHIP = "orders:ship"
    RETURNS = "returns"
    RETURNS_ANSWER = "returns:answer"
    MONEY_READ = "money:read"
    COMPLAINTS_READ = "complaints:read"
    COMPLAINTS_ANSWER = "complaints:answer"
    OWN_ORDERS = "own:orders"
    OWN_COPY = "own:copy"
    OWN_BUY = "own:buy"
    OWN_RETURNS = "own:returns"


OF_A_PERSON = (Scope.OWN_ORDERS, Scope.OWN_BUY, Scope.OWN_RETURNS, Scope.OWN_COPY)
OF_A_SHOP = tuple(scope for scope in Scope if scope not in OF_A_PERSON)
WORDS = {
    Scope.LISTINGS_READ: N_("Read products and stock"),
    Scope.LISTINGS_WRITE: N_("Change products and stock"),
    Scope.ORDERS_READ: N_("Read orders, without recipients"),
    Scope.ORDERS_SHIP: N_("Read recipients and send orders"),
    Scope.RETURNS: N_("Read returns"),
    Scope.RETURNS_ANSWER: N_("Answer returns and refund them"),
    Scope.MONEY_READ: N_("Read refunds and the shop's account"),
    Scope.COMPLAINTS_READ: N_("Read complaints"),
    Scope.COMPLAINTS_ANSWER: N_("Answer complaints"),
    Scope.OWN_ORDERS: N_("Read your orders"),
    Scope.OWN_COPY: N_("Read what is kept about you"),
    Scope.OWN_BUY: N_("Fill your cart, order, confirm receipt and cancel; paying stays with you"),
    Scope.OWN_RETURNS: N_("Send things back"),
}
# What the addresses answer today; the others are named so that no token has to be made anew for them.
SERVED = (
    Scope.LISTINGS_READ,
    Scope.LISTINGS_WRITE,
    Scope.ORDERS_READ,
    Scope.ORDERS_SHIP,
    Scope.RETURNS,
    Scope.RETURNS_ANSWER,
    Scope.MONEY_READ,
    Scope.OWN_ORDERS,
    Scope.OWN_BUY,
    Scope.OWN_RETURNS,
)
