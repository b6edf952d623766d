"""The states of invoices and of their papers, why a shop may refuse, and how long what they hold may be."""

from __future__ import annotations

from enum import StrEnum

from kernel.lifecycle import Lifecycle

TITLE_LENGTH = 100
TAX_NUMBER_LENGTH = 20
NUMBER_LENGTH = 40
MOST_TITLES = 10


class TitleKind(StrEnum):
    PERSON = "person"
    COMPANY = "company"


class InvoiceState(StrEnum):
    """What became of a buyer's wish for an invoice; `wanted` waits for the payment."""

    WANTED = "wanted"
    ASKED = "asked"
    ISSUED = "issued"
    REFUSED = "refused"
    ENDED = "ended"


class PaperKind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class PaperState(StrEnum):
    """`dropped`: everything went back before it was issued."""

    DUE = "due"
    ISSUED = "issued"
    DROPPED = "dropped"


class RefusalReason(StrEnum):
    """The lawful ones. That the shop would rather not isn't among them."""

    TITLE_UNKNOWN = "title_unknown"
    NUMBER_OF_ANOTHER = "number_of_another"


_S = InvoiceState
INVOICE = Lifecycle(
    "invoice",
    InvoiceState,
    start=({_S.WANTED}, _S.ASKED),
    issue=({_S.ASKED}, _S.ISSUED),
    refuse=({_S.ASKED}, _S.REFUSED),
    end=({_S.WANTED, _S.ASKED}, _S.ENDED),
)
# One at a time: who was refused, or took it back, may ask again.
RUNNING_STATES = frozenset({_S.WANTED, _S.ASKED, _S.ISSUED})
