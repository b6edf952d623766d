"""What happened to invoices of orders: ids and sums, handed up through the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel.events import event
from orders.events import OrderFact


@event("orders.InvoiceAsked")
@dataclass(frozen=True, slots=True)
class InvoiceAsked(OrderFact):
    """The shop has so long to issue it."""

    paper_id: UUID


@dataclass(frozen=True, slots=True)
class PaperFact(OrderFact):
    """`kind` is invoice or credit_note."""

    paper_id: UUID
    kind: str
    amount_minor: int


@event("orders.CreditNoteDue")
@dataclass(frozen=True, slots=True)
class CreditNoteDue(PaperFact):
    """Money went back of what an invoice says."""


@event("orders.InvoiceIssued")
@dataclass(frozen=True, slots=True)
class InvoiceIssued(PaperFact):
    pass


@event("orders.InvoiceLate")
@dataclass(frozen=True, slots=True)
class InvoiceLate(PaperFact):
    """The shop's time is over and it has said nothing: a breach of its duty."""


@event("orders.InvoiceRefused")
@dataclass(frozen=True, slots=True)
class InvoiceRefused(OrderFact):
    paper_id: UUID
    reason: str


@event("orders.InvoiceNudged")
@dataclass(frozen=True, slots=True)
class InvoiceNudged(OrderFact):
    """Staff reminded the shop of a paper that it is late with."""

    paper_id: UUID
