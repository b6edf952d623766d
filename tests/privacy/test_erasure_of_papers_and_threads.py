"""An erased buyer's invoice keeps what the law keeps; what they wrote is read by nobody at work any more."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from deadlines.sweep import sweep_all
from kernel.actor import Actor
from orders.invoices import titles
from orders.messages import reading
from orders.models import Invoice, InvoicePaper, InvoiceTitle, MessageReport, Order, OrderMessage
from orders.states import MessageSeat
from outbox import relay
from privacy import erasure, keys, retention
from privacy.models import Certificate, SubjectKey
from privacy.states import RequestKind
from tests.builders.invoices import COMPANY, an_issued_invoice
from tests.builders.messages import a_report, write
from tests.builders.orders import ORDERED, an_order, member_of
from tests.builders.people import Person, a_buyer, a_member, a_staff
from tests.builders.requests import a_request

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LATE = ORDERED + 70 * DAY
ASKED, ANSWERED = "能开公司抬头吗？我的新地址在徐汇。", "可以，已开。"


@dataclass
class World:
    order: Order
    certificate: Certificate
    worker: Person

    @property
    def subject_id(self) -> UUID:
        return self.order.subject_id


@pytest.fixture
def world(platform_at: Callable[[datetime], datetime]) -> World:
    """A company's invoice, a question with its answer and a report of it; settled, then erased."""
    buyer = a_buyer()
    order = an_order(subject_id=buyer.subject_id, delivered_at=ORDERED + 2 * DAY)
    worker = a_member(order.merchant)
    titles.keep(title=COMPANY, actor=Actor.buyer(order.subject_id), at=ORDERED + 3 * DAY)
    an_issued_invoice(order, at=ORDERED + 3 * DAY, title=COMPANY)
    write(order, ASKED, at=ORDERED + 3 * DAY)
    write(order, ANSWERED, at=ORDERED + 4 * DAY, shop=True)
    a_report(order, at=ORDERED + 4 * DAY, by=MessageSeat.BUYER, words="语气不好")
    platform_at(LATE)
    while sweep_all():
        relay.drain_all()
    request = a_request(buyer.subject_id, RequestKind.CLOSE, at=LATE - DAY)
    certificate = erasure.erase(request_id=request.pk, actor=Actor.system(), at=LATE)
    return World(Order.objects.select_related("merchant").get(pk=order.pk), certificate, worker)


def kept(world: World) -> dict[str, str]:
    rows = json.loads(bytes(world.certificate.content))["kept"]
    return {row["column"]: row["rule"] for row in rows}


class TestTheInvoice:
    def test_its_title_is_kept_under_the_law_and_opens_for_a_purpose_alone(self, world: World) -> None:
        assert kept(world)["orders.Invoice.title"] == "cn.trade.retention"
        assert kept(world)["orders.InvoicePaper.file"] == "cn.trade.retention"
        invoice = Invoice.objects.get(order=world.order)
        with pytest.raises(keys.KeyRestricted):
            str(invoice.title)
        officer = a_staff().actor
        with keys.opening_kept(actor=officer, subject_id=world.subject_id, purpose="tax audit", at=LATE):
            held = Invoice.objects.get(order=world.order)
            assert (held.title, held.tax_number) == (COMPANY.title, COMPANY.tax_number)

    def test_number_sum_and_rows_stay_the_shop_s_record(self, world: World) -> None:
        paper = InvoicePaper.objects.get(invoice__order=world.order)
        assert paper.state == "issued" and paper.amount == world.order.total
        assert sum(row.gross_minor for row in paper.rows.all()) == world.order.total_minor

    def test_the_titles_that_the_person_kept_are_gone(self, world: World) -> None:
        assert not InvoiceTitle.objects.filter(subject_id=world.subject_id).exists()

    def test_the_shop_s_pages_stand_without_the_name(self, world: World) -> None:
        paper = InvoicePaper.objects.get(invoice__order=world.order)
        page = world.worker.client.get(
            reverse("orders:merchant-invoice", args=[world.order.merchant.slug, paper.pk])
        )
        assert page.status_code == 200
        text = page.content.decode()
        assert COMPANY.title not in text and COMPANY.tax_number not in text


class TestTheThread:
    def test_the_buyer_s_words_are_gone_and_the_shop_s_own_stay(self, world: World) -> None:
        said = reading.of_order(world.order, reader=member_of(world.order), at=LATE)
        assert [each.text for each in said] == [None, ANSWERED]
        assert kept(world)["orders.OrderMessage.text"] == "cn.trade.retention"
        held = MessageReport.objects.get()
        with pytest.raises(keys.KeyRestricted):
            str(held.words)

    def test_the_shop_s_page_says_so(self, world: World) -> None:
        address = reverse("orders:merchant-messages", args=[world.order.merchant.slug, world.order.number])
        page = world.worker.client.get(address, headers={"accept-language": "en"})
        assert page.status_code == 200
        text = page.content.decode()
        assert ASKED not in text
        assert ANSWERED in text
        assert "<blockquote>Erased</blockquote>" in text

    def test_on_the_law_s_day_even_the_kept_words_go(self, world: World) -> None:
        key = SubjectKey.objects.get(subject_id=world.subject_id, use="kept")
        assert key.destroy_after is not None
        early = retention.sweep_when_due(at=key.destroy_after - 2 * DAY)
        assert early is not None and early.counts["kept_keys"] == 0
        run = retention.sweep_when_due(at=key.destroy_after)
        assert run is not None and run.counts["kept_keys"] == 1
        officer = a_staff().actor
        with keys.opening_kept(actor=officer, subject_id=world.subject_id, purpose="late", at=LATE):
            with pytest.raises(keys.KeyDestroyed):
                str(OrderMessage.objects.get(thread__order=world.order, seat="buyer").text)
            with pytest.raises(keys.KeyDestroyed):
                str(Invoice.objects.get(order=world.order).title)
