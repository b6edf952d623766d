"""The shop issues what is due: number, file and rates, over exactly what is paid at that instant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from kernel.money import Money
from orders.invoice_events import InvoiceIssued, InvoiceLate, InvoiceRefused
from orders.invoice_states import NUMBER_LENGTH, PaperKind, PaperState, RefusalReason
from orders.invoices import clocks, drawing, moving
from orders.lifecycle import prove
from orders.models import Invoice, InvoicePaper, InvoiceRow, Order
from outbox import bus
from privacy import file_types, files, keys
from privacy.models import FileState, StoredFile

PURPOSE = "orders.invoice"
HOME = "CN"
# A fully digitalised e-invoice: 20 digits, the first two the year.
_DIGITS = re.compile(r"\d{20}")
_ABROAD = re.compile(rf"[0-9A-Za-z][0-9A-Za-z/\-]{{0,{NUMBER_LENGTH - 1}}}")


class PaperNotDue(DomainError):
    code = "invoice_not_due"
    message = N_(
        "This paper isn't due any more: it was issued, or the buyer doesn't want it. Reload the page."
    )


class AmountChanged(DomainError):
    code = "invoice_amount_changed"
    message = N_("The sum is now %(amount)s: money went back meanwhile. Issue it over that sum.")


class NumberWrong(Invalid):
    code = "invoice_number_wrong"
    message = N_("The number of an e-invoice has 20 digits, and begins with the year. Copy it from the file.")


class NumberTaken(Invalid):
    code = "invoice_number_taken"
    message = N_("You have entered this number for another order already. Each invoice has its own.")


class FileIsThere(DomainError):
    code = "invoice_file_is_there"
    message = N_("The file of this paper is in order, so it isn't replaced.")


@dataclass(frozen=True, slots=True)
class Issued:
    """What the shop enters: `amount` as its paper says, `rates` by line in hundredths of a per cent."""

    number: str
    amount: Money
    rates: Mapping[UUID, int]
    upload: UploadedFile[bytes]


@transaction.atomic
def issue(*, paper_id: UUID, issued: Issued, actor: Actor, at: datetime) -> InvoicePaper:
    """Take the number and the file; its rows are worked out and sum to what is paid.

    :raises PaperNotDue: :raises AmountChanged: :raises NumberWrong, NumberTaken: :raises RateOutOfRange:
    :raises FileEmpty, FileTooLarge, PaperTypeRefused: nothing is written then
    """
    order, paper = _locked(paper_id)
    if paper.state != PaperState.DUE:
        raise PaperNotDue
    if issued.amount != paper.amount:
        raise AmountChanged(amount=paper.amount, field="amount")
    number = _number(issued.number, order, at=at)
    if InvoicePaper.objects.of_merchant(paper.merchant_id).filter(number=number).exists():
        raise NumberTaken(field="number")
    rows = drawing.rows_of(order, paper, issued.rates)
    paper.file = _received(paper, issued.upload, actor=actor, at=at)
    paper.number, paper.state, paper.issued_at = number, PaperState.ISSUED, at
    paper.save(update_fields=["number", "state", "issued_at", "file"])
    InvoiceRow.objects.bulk_create(rows)
    if paper.kind == PaperKind.INVOICE:
        moving.move(paper.invoice, "issue", order, at=at)
    _told(order, paper, at=at)
    return paper


@transaction.atomic
def refuse(*, paper_id: UUID, reason: RefusalReason, actor: Actor, at: datetime) -> Invoice:
    """Only an invoice that is due, and only for a lawful reason; the buyer may ask again.

    :raises PaperNotDue: also for a credit note, which nobody may refuse
    """
    order, paper = _locked(paper_id)
    if paper.state != PaperState.DUE or paper.kind != PaperKind.INVOICE:
        raise PaperNotDue
    moving.move(paper.invoice, "refuse", order, at=at, refusal=str(reason), ended_at=at)
    moving.drop(paper, at=at)
    fact = InvoiceRefused(order.pk, order.merchant_id, order.subject_id, paper.pk, str(reason))
    bus.publish(fact, at=at)
    return paper.invoice


@transaction.atomic
def hand_in_again(*, paper_id: UUID, upload: UploadedFile[bytes], actor: Actor, at: datetime) -> InvoicePaper:
    """Another file for an issued paper whose first one the examiner locked away.

    :raises FileIsThere: and what files.receive refuses
    """
    _order, paper = _locked(paper_id)
    locked_away = paper.file is not None and paper.file.state == FileState.REFUSED
    if paper.state != PaperState.ISSUED or not locked_away:
        raise FileIsThere
    paper.file = _received(paper, upload, actor=actor, at=at)
    paper.save(update_fields=["file"])
    return paper


@transaction.atomic
def on_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The shop said nothing: its breach is written down and shown, and the buyer is told what to do."""
    order, paper = _locked(reference)
    if paper.state != PaperState.DUE or paper.late_at is not None:
        return
    paper.late_at = due_at
    paper.save(update_fields=["late_at"])
    prove(order, "orders.invoice.late", {"paper": str(paper.pk)}, at=at)
    fact = InvoiceLate(
        order.pk, order.merchant_id, order.subject_id, paper.pk, str(paper.kind), paper.amount_minor
    )
    bus.publish(fact, at=at)


def _locked(paper_id: UUID) -> tuple[Order, InvoicePaper]:
    """The order first, then its invoice and the paper. :raises NotFound:"""
    found = InvoicePaper.objects.select_related("invoice").get_or_not_found(pk=paper_id)
    order = Order.objects.locked(found.invoice.order_id)
    invoice = Invoice.objects.locked(found.invoice_id)
    paper = InvoicePaper.objects.locked(paper_id)
    paper.invoice = invoice
    return order, paper


def _number(typed: str, order: Order, *, at: datetime) -> str:
    number = "".join(typed.split())
    if order.merchant.place != HOME:
        if not _ABROAD.fullmatch(number):
            raise NumberWrong(field="number")
        return number
    if not _DIGITS.fullmatch(number) or not number.isascii() or int(number[:2]) > (at.year + 1) % 100:
        raise NumberWrong(field="number")
    return number


def _received(
    paper: InvoicePaper, upload: UploadedFile[bytes], *, actor: Actor, at: datetime
) -> StoredFile | None:
    """Sealed under the buyer's key; of a person who was erased meanwhile no copy is made."""
    try:
        return files.receive(
            subject_id=paper.invoice.subject_id,
            upload=upload,
            purpose=PURPOSE,
            actor=actor,
            at=at,
            accepts=file_types.PAPERS,
        )
    except keys.KeyDestroyed:
        return None


def _told(order: Order, paper: InvoicePaper, *, at: datetime) -> None:
    clocks.meet(paper.pk, at=at)
    said = {"paper": str(paper.pk), "kind": str(paper.kind), "amount_minor": paper.amount_minor}
    prove(order, "orders.invoice.paper", said, at=at)
    fact = InvoiceIssued(
        order.pk, order.merchant_id, order.subject_id, paper.pk, str(paper.kind), paper.amount_minor
    )
    bus.publish(fact, at=at)
