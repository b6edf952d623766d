"""Invoices for tests: asked for, issued, with little files as a tax office makes them."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from kernel.actor import Actor
from kernel.money import Money
from merchants.numbers import credit_code_check
from orders import invariants
from orders.invoice_states import TitleKind
from orders.invoices import asking, issuing
from orders.invoices.issuing import Issued
from orders.invoices.titles import Title
from orders.models import Invoice, InvoicePaper, Order
from orders.refunding import refund_part
from payments.invariants import settle_constraints
from tests.builders.orders import ORDERED, drain, member_of

_numbers = count(1)
LATER = ORDERED + timedelta(hours=1)
COMPANY_NUMBER = "91310000MA1FL0000" + credit_code_check("91310000MA1FL0000")
PERSON = Title(TitleKind.PERSON, "林未")
COMPANY = Title(TitleKind.COMPANY, "上海漕溪茶业有限公司", COMPANY_NUMBER)


def a_number() -> str:
    """20 digits of 2026, each another one."""
    return f"26{next(_numbers):018d}"


def an_ofd(**parts: bytes) -> bytes:
    """A package with its table of contents, and what else is named."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("OFD.xml", b"<?xml version='1.0'?><OFD/>")
        for name, content in parts.items():
            package.writestr(f"{name}.xml", content)
    return out.getvalue()


def a_pdf(name: str = "发票.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7\n% e-invoice\n%%EOF\n", content_type="application/pdf")


def an_asked_invoice(order: Order, *, at: datetime, title: Title = PERSON) -> Invoice:
    invoice = asking.ask(order_id=order.pk, title=title, actor=Actor.buyer(order.subject_id), at=at)
    drain(at=at)
    return invoice


def due_paper(order: Order) -> InvoicePaper:
    """The oldest that the shop has still to issue."""
    return InvoicePaper.objects.due().filter(invoice__order_id=order.pk).earliest("made_at", "id")


def issue(paper: InvoicePaper, *, at: datetime, rate: int = 1300, **changed: Any) -> InvoicePaper:
    """The shop issues it, all lines at one rate."""
    order = paper.invoice.order
    told = {
        "number": a_number(),
        "amount": paper.amount,
        "rates": {line.pk: rate for line in order.lines.all()},
        "upload": a_pdf(),
        **changed,
    }
    done = issuing.issue(paper_id=paper.pk, issued=Issued(**told), actor=member_of(order), at=at)
    drain(at=at)
    return done


def an_issued_invoice(order: Order, *, at: datetime, title: Title = PERSON) -> InvoicePaper:
    an_asked_invoice(order, at=at, title=title)
    return issue(due_paper(order), at=at)


def give_back(order: Order, minor: int, *, purpose: str = "case:1", at: datetime = LATER) -> None:
    """So much of the order's money goes back to the buyer."""
    refund_part(order_id=order.pk, amount=Money(minor), purpose=purpose, actor=Actor.system(), at=at)
    drain(at=at)


def sound() -> bool:
    """Every deferred trigger and every rule of the orders' books holds now."""
    settle_constraints()
    return invariants.all_offences() == []
