"""Rules of the orders' machine: invoices asked for, issued, refused and taken back; letters on an order."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from kernel.money import Money
from orders.invoice_states import RefusalReason
from orders.invoices import asking, issuing
from orders.invoices.issuing import Issued
from orders.messages import reading, writing
from orders.models import InvoicePaper, OrderLine
from orders.states import MessageSeat
from tests.builders.invoices import COMPANY, PERSON, a_number, a_pdf
from tests.machines.test_orders_machine import OrdersMachine


class Papering(OrdersMachine):
    @rule(data=st.data(), company=st.booleans(), step=st.sampled_from(["ask", "ask", "withdraw"]))
    def want_an_invoice(self, data: st.DataObject, company: bool, step: str) -> None:
        if order := self.an_order(data):
            if step == "ask":
                self.do(asking.ask, order_id=order.pk, title=COMPANY if company else PERSON)
            else:
                self.do(asking.withdraw, order_id=order.pk)

    @rule(data=st.data(), off=st.sampled_from([0, 0, 0, 1]), refuse=st.booleans())
    def answer_a_paper(self, data: st.DataObject, off: int, refuse: bool) -> None:
        """An invoice or a credit note, over its sum or (refused) over a fen more."""
        papers = list(InvoicePaper.objects.select_related("invoice").order_by("made_at", "id"))
        if not papers:
            return
        paper = data.draw(st.sampled_from(papers))
        if refuse:
            self.do(issuing.refuse, paper_id=paper.pk, reason=RefusalReason.TITLE_UNKNOWN)
            return
        lines = OrderLine.objects.of_order(paper.invoice.order_id)
        amount = Money(paper.amount_minor + off, paper.currency)
        told = Issued(a_number(), amount, {line.pk: 1300 for line in lines}, a_pdf())
        self.do(issuing.issue, paper_id=paper.pk, issued=told)

    @rule(
        data=st.data(), seat=st.sampled_from(MessageSeat), text=st.sampled_from(["壶嘴有裂纹吗？", " ", "好"])
    )
    def write_a_letter(self, data: st.DataObject, seat: MessageSeat, text: str) -> None:
        if order := self.an_order(data):
            self.do(writing.write, order_id=order.pk, seat=seat, text=text)
            reading.mark_read(order_id=order.pk, seat=seat, at=self.now)
