"""A buyer wants an invoice: said at the checkout, or asked for later; taken back until it is issued."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from orders.events import OrderCancelled, OrderExpired, OrderPaid, OrderRefunded
from orders.invoice_states import InvoiceState, PaperKind
from orders.invoices import clocks, moving
from orders.invoices.titles import Title
from orders.models import Invoice, Order
from orders.states import OrderState

# Wanted already, though nothing is paid yet.
UNPAID = (OrderState.AWAITING_PAYMENT, OrderState.RESERVED)


class PersonGivesNone(DomainError):
    code = "invoice_from_a_person"
    message = N_("A private person sold this and gives no invoice. Your receipt says what you paid.")


class AskedAlready(DomainError):
    code = "invoice_asked_already"
    message = N_("An invoice of this order is asked for already. Reload the page to see how it stands.")


class NothingToSay(DomainError):
    code = "invoice_of_nothing"
    message = N_("Nothing is paid on this order, or all of it has gone back, so there is nothing to invoice.")


class PaidByCard(DomainError):
    """A card's money is invoiced where the card is sold, never a second time (SAT notice 2016 no. 53)."""

    code = "invoice_paid_by_card"
    message = N_(
        "A gift card or points paid what is left of this order, and that isn't invoiced again."
        " Your receipt says what you bought."
    )


class AskedTooLate(DomainError):
    code = "invoice_asked_too_late"
    message = N_("The record of this trade need not be kept any more, so its invoice can't be asked for.")


@transaction.atomic
def want(*, orders: Iterable[Order], title: Title, actor: Actor, at: datetime) -> list[Invoice]:
    """At the checkout: each order of a business gets its invoice, asked for as soon as it is paid."""
    title.check()
    rows = [_row(order, title, at=at) for order in orders if not order.by_person]
    return Invoice.objects.bulk_create(rows)


@transaction.atomic
def ask(*, order_id: UUID, title: Title, actor: Actor, at: datetime) -> Invoice:
    """From the order's page; of one that waits for its payment it is wanted, of a paid one asked.

    :raises PersonGivesNone, AskedAlready, NothingToSay, PaidByCard, AskedTooLate:
    :raises TitleMissing, TaxNumberWrong: with the field to change
    """
    title.check()
    order = Order.objects.locked(order_id)
    if order.by_person:
        raise PersonGivesNone
    if Invoice.objects.of_order(order.pk).running().exists():
        raise AskedAlready
    waiting = order.state in UNPAID
    if not waiting and (order.paid_at is None or order.left.is_zero):
        raise NothingToSay
    if clocks.asked_too_late(order, at=at):
        raise AskedTooLate
    invoice = _row(order, title, at=at)
    invoice.save(force_insert=True)
    if not waiting:
        if moving.set_apart(order, invoice).is_zero:
            raise PaidByCard
        _start(order, invoice, at=at)
    return invoice


def may_ask(order: Order, *, at: datetime) -> bool:
    """Whether a page offers it; `ask` decides."""
    if order.by_person or clocks.asked_too_late(order, at=at):
        return False
    return order.state in UNPAID or (order.paid_at is not None and bool(order.left))


@transaction.atomic
def withdraw(*, order_id: UUID, actor: Actor, at: datetime) -> None:
    """The buyer doesn't want it any more, or wants it made out to somebody else.

    :raises IllegalMove: once it is issued, or when there is none
    """
    order = Order.objects.locked(order_id)
    invoice = Invoice.objects.of_order(order.pk).running().select_for_update(of=("self",)).first()
    if invoice is None:
        raise AskedAlready
    end(order, invoice, at=at)


def end(order: Order, invoice: Invoice, *, at: datetime) -> None:
    """:raises IllegalMove: once it is issued"""
    moving.move(invoice, "end", order, at=at, ended_at=at)
    for paper in invoice.papers.filter(kind=PaperKind.INVOICE):
        moving.drop(paper, at=at)


@transaction.atomic
def on_order_paid(event: OrderPaid, *, at: datetime) -> None:
    """The wish of the checkout becomes a duty of the shop; its clock runs."""
    order = Order.objects.locked(event.order_id)
    invoice = _waiting(order)
    if invoice is None:
        return
    if moving.set_apart(order, invoice).minor:
        _start(order, invoice, at=at)
    else:
        end(order, invoice, at=at)


@transaction.atomic
def on_order_over(event: OrderExpired | OrderCancelled | OrderRefunded, *, at: datetime) -> None:
    """Never paid, or all of it back before the shop was asked: nobody waits for this one."""
    order = Order.objects.locked(event.order_id)
    invoice = _waiting(order)
    if invoice is not None:
        end(order, invoice, at=at)


def _waiting(order: Order) -> Invoice | None:
    rows = Invoice.objects.of_order(order.pk).filter(state=InvoiceState.WANTED)
    return rows.select_for_update(of=("self",)).first()


def _start(order: Order, invoice: Invoice, *, at: datetime) -> None:
    moving.move(invoice, "start", order, at=at, asked_at=at)
    moving.paper_due(order, invoice, at=at)


def _row(order: Order, title: Title, *, at: datetime) -> Invoice:
    return Invoice(
        order=order,
        merchant_id=order.merchant_id,
        subject_id=order.subject_id,
        wanted_at=at,
        **title.cells,
    )
