"""Invoices asked for and issued, and what buyer and shop write to each other about an order."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from demo.script import Step
from demo.stage import Stage, shop_of
from kernel.actor import Actor
from orders.invoices import asking, drawing, issuing
from orders.invoices.issuing import Issued
from orders.invoices.titles import Title
from orders.messages import reporting, writing
from orders.models import InvoicePaper, Order, OrderMessage
from orders.states import MessageSeat, ReportCause

# 13 %, in hundredths of a per cent: what these shops state.
RATE = 1300
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n%%EOF\n"


def ask_invoice(stage: Stage, step: Step) -> None:
    order = _order(stage, step)
    title = Title.written(step.facts["kind"], step.facts["title"], step.facts.get("tax_number", ""))
    asking.ask(order_id=order.pk, title=title, actor=Actor.buyer(order.subject_id), at=stage.at)


def issue_invoice(stage: Stage, step: Step) -> None:
    """The oldest paper of the order that is due."""
    order = _order(stage, step)
    paper = InvoicePaper.objects.due().filter(invoice__order=order).earliest("made_at", "id")
    said = drawing.said_of(order, paper)
    issued = Issued(
        number=step.facts["number"],
        amount=paper.amount,
        rates=dict.fromkeys(said, RATE),
        upload=SimpleUploadedFile(f"{step.facts['number']}.pdf", _PDF, content_type="application/pdf"),
    )
    issuing.issue(paper_id=paper.pk, issued=issued, actor=stage.member(shop_of(step.key)), at=stage.at)


def write_message(stage: Stage, step: Step) -> None:
    order = _order(stage, step)
    by_shop = step.facts["by"] == "shop"
    writing.write(
        order_id=order.pk,
        seat=MessageSeat.MERCHANT if by_shop else MessageSeat.BUYER,
        text=step.facts["text"],
        actor=stage.member(shop_of(step.key)) if by_shop else Actor.buyer(order.subject_id),
        at=stage.at,
    )


def report_message(stage: Stage, step: Step) -> None:
    """The buyer reports the last message of the shop."""
    order = _order(stage, step)
    told = OrderMessage.objects.filter(thread__order=order, seat=MessageSeat.MERCHANT).latest("at", "id")
    reporting.report(
        order_id=order.pk,
        message_id=told.pk,
        seat=MessageSeat.BUYER,
        cause=ReportCause(step.facts["cause"]),
        words=step.facts["words"],
        actor=Actor.buyer(order.subject_id),
        at=stage.at,
    )


def _order(stage: Stage, step: Step) -> Order:
    return Order.objects.get(pk=stage.get(f"order:{step.key}"))
