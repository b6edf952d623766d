"""The access record in words: who looked, for what. Never which member of staff it was."""

from __future__ import annotations

from kernel.actor import ActorKind
from kernel.errors import N_

WHO: dict[str, str] = {
    ActorKind.STAFF: N_("Somebody of the platform"),
    ActorKind.MEMBER: N_("Somebody of the shop"),
    ActorKind.CARRIER: N_("The carrier"),
    ActorKind.BUYER: N_("Somebody who acts for you"),
    ActorKind.SYSTEM: N_("The platform's own machine"),
}
SOMEBODY = N_("Somebody")

UNANNOUNCED = "unannounced"
PURPOSES: dict[str, str] = {
    "orders.fulfilment": N_("To send your order"),
    "orders.return_address": N_("To send goods back to you"),
    "orders.masked": N_("To tell your parcel from others"),
    "orders.return": N_("To handle your return"),
    "orders.messages": N_("To read what you wrote about an order"),
    "orders.message_report": N_("To look into a message that was reported"),
    "mandate": N_("To act for you under your mandate"),
    "security.report": N_("To look into what you reported"),
    "payments.dispute": N_("To answer your bank's dispute of a payment"),
    "staff.emergency": N_("To review an emergency"),
    "complaint.read": N_("To handle your complaint"),
    "credit.read": N_("To check a review or the credit of a shop"),
    "merchants.document": N_("To open a document of your shop"),
    "merchants.review": N_("To check the application or the documents of your shop"),
    "merchants.recheck": N_("To check your shop again, as the law asks every six months"),
    "merchants.supervision": N_("To look into something your shop was reported for"),
    "person.search": N_("To find you, because you wrote to us"),
    "privacy.request": N_("To carry out what you asked for"),
    "privacy.guardian_proof": N_("To check that you are the child's guardian"),
    "privacy.kept": N_("Because the law has us keep it"),
    UNANNOUNCED: N_("No reason was given: we are looking into it"),
}
OTHER = N_("Another reason")


def who(actor: str) -> str:
    """The msgid for an actor as it stands in the record, "staff:…"."""
    return WHO.get(actor.partition(":")[0], SOMEBODY)


def purpose(code: str) -> str:
    """The msgid for a purpose's code."""
    return PURPOSES.get(code, OTHER)
