"""The desk's invoices: what a shop is late with is seen, and reminded of once a day; no title is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.staff import Role
from kernel.actor import Actor
from kernel.ids import new_id
from notifications.models import Letter
from orders.invoices import finding, issuing, nudging
from orders.models import InvoicePaper, Order
from tests.builders.invoices import COMPANY, LATER, an_asked_invoice, due_paper, issue
from tests.builders.orders import an_order, drain
from tests.builders.people import a_member, a_staff

pytestmark = pytest.mark.django_db
LATE = LATER + timedelta(days=30)
STAFF = Actor.staff(new_id())


@pytest.fixture
def late() -> InvoicePaper:
    """Asked for, its time over, nothing issued."""
    order = an_order()
    a_member(order.merchant)
    an_asked_invoice(order, at=LATER, title=COMPANY)
    found = due_paper(order)
    issuing.on_due(reference=found.pk, due_at=found.due_at, at=found.due_at)
    drain(at=found.due_at)
    found.refresh_from_db()
    assert found.late_at is not None and found.late_at < LATE
    return found


def reminded(paper: InvoicePaper) -> int:
    return Letter.objects.filter(kind="orders.invoice_nudged", reference=paper.pk).count()


def test_a_late_shop_is_reminded_once_a_day(late: InvoicePaper) -> None:
    nudging.nudge(paper_id=late.pk, actor=STAFF, at=LATE)
    drain(at=LATE)
    first = reminded(late)
    assert first >= 1
    with pytest.raises(nudging.NudgedLately):
        nudging.nudge(paper_id=late.pk, actor=STAFF, at=LATE + timedelta(hours=23))
    assert reminded(late) == first
    nudging.nudge(paper_id=late.pk, actor=STAFF, at=LATE + timedelta(hours=24))
    drain(at=LATE + timedelta(hours=24))
    assert reminded(late) == 2 * first


def test_nobody_is_reminded_before_or_after(late: InvoicePaper) -> None:
    other = an_order()
    an_asked_invoice(other, at=LATE)
    with pytest.raises(nudging.PaperNotLate):
        nudging.nudge(paper_id=due_paper(other).pk, actor=STAFF, at=LATE)
    issue(late, at=LATE)
    with pytest.raises(nudging.PaperNotLate):
        nudging.nudge(paper_id=late.pk, actor=STAFF, at=LATE)
    late.refresh_from_db()
    assert late.nudged_at is None


def test_its_delay_stands_in_the_shop_s_figures(late: InvoicePaper) -> None:
    figure = finding.in_time(late.merchant_id, at=LATE)
    assert (figure.kept, figure.all) == (0, 1)


def test_no_reminder_without_a_breach_by_sql() -> None:
    order: Order = an_order()
    an_asked_invoice(order, at=LATER)
    with (
        pytest.raises(IntegrityError, match="a_shop_is_reminded_once_it_is_late"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE orders_invoicepaper SET nudged_at = now()")


def test_the_desk_reminds_and_never_reads_the_title(
    late: InvoicePaper, platform_at: Callable[[datetime], datetime]
) -> None:
    platform_at(LATE)
    desk = a_staff(Role.MONEY_DESK)
    base = f"/admin/orders/invoicepaper/{late.pk}"
    for page in ("/admin/orders/invoicepaper/?late=yes", f"{base}/change/", "/admin/orders/invoice/"):
        answer = desk.client.get(page)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert late.invoice.order.number in text
        assert COMPANY.title not in text and COMPANY.tax_number not in text
    assert desk.client.post(f"{base}/nudge").status_code == 302
    late.refresh_from_db()
    assert late.nudged_at == LATE
