"""Where work on a disruption of the platform stands, and what can be concerned."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_
from kernel.lifecycle import Lifecycle


class Stage(StrEnum):
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    WATCHING = "watching"
    RESOLVED = "resolved"


class Component(StrEnum):
    """Parts of the platform as a visitor knows them."""

    PAGES = "pages"
    ORDERS = "orders"
    PAYMENTS = "payments"
    LETTERS = "letters"
    COMPLAINTS = "complaints"
    SHOPS = "shops"
    API = "api"


_S = Stage

DISRUPTION = Lifecycle(
    "disruption",
    Stage,
    identify=({_S.INVESTIGATING}, _S.IDENTIFIED),
    watch=({_S.INVESTIGATING, _S.IDENTIFIED}, _S.WATCHING),
    come_back=({_S.IDENTIFIED, _S.WATCHING}, _S.INVESTIGATING),
    resolve=({_S.INVESTIGATING, _S.IDENTIFIED, _S.WATCHING}, _S.RESOLVED),
)
STAGE_WORDS = {
    _S.INVESTIGATING: N_("We are looking for the cause"),
    _S.IDENTIFIED: N_("We know the cause"),
    _S.WATCHING: N_("Mended; we are watching it"),
    _S.RESOLVED: N_("Over"),
}
COMPONENT_WORDS = {
    Component.PAGES: N_("Pages and search"),
    Component.ORDERS: N_("Ordering and returns"),
    Component.PAYMENTS: N_("Payments and refunds"),
    Component.LETTERS: N_("Letters and codes"),
    Component.COMPLAINTS: N_("Complaints"),
    Component.SHOPS: N_("The shops' own pages"),
    Component.API: N_("Interfaces for programs"),
}
