"""Invoices: asked for, issued over what is paid at that instant, never otherwise."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from deadlines import booking
from kernel.actor import Actor
from kernel.errors import IllegalMove
from kernel.money import Money
from notifications.models import Letter
from orders import cancellation
from orders.invoice_states import RefusalReason
from orders.invoices import amounts, asking, issuing, titles
from orders.invoices.titles import Title
from orders.models import Invoice, InvoicePaper, InvoiceRow, InvoiceTitle, Order
from privacy import files
from privacy.models import FileState
from tests.builders.invoices import (
    COMPANY,
    COMPANY_NUMBER,
    PERSON,
    a_pdf,
    an_asked_invoice,
    an_issued_invoice,
    an_ofd,
    due_paper,
    give_back,
    issue,
    sound,
)
from tests.builders.orders import ORDERED, a_checkout, a_subject, an_order, drain, member_of, pay
from tests.builders.private_sellers import a_private_person, a_used_thing
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(hours=1)


class TestAsking:
    def test_gives_the_shop_seven_days_over_what_is_paid(self) -> None:
        order = an_order(listing=a_listing(price="100.00", freight="10.00"))
        invoice = an_asked_invoice(order, at=LATER)
        paper = due_paper(order)
        assert (invoice.state, paper.amount, paper.kind) == ("asked", Money(11000), "invoice")
        clock = booking.find(kind="invoices.paper", reference=paper.pk)
        assert clock is not None and clock.due_at == paper.due_at and clock.owner == "merchant"
        assert paper.due_at > LATER + timedelta(days=6) and sound()

    def test_of_one_that_went_back_in_part_over_the_rest(self) -> None:
        order = an_order(listing=a_listing(price="100.00"))
        give_back(order, 2500)
        an_asked_invoice(order, at=LATER)
        assert due_paper(order).amount == Money(order.total_minor - 2500)

    def test_twice_is_refused_until_it_is_taken_back(self) -> None:
        order = an_order()
        an_asked_invoice(order, at=LATER)
        with pytest.raises(asking.AskedAlready):
            an_asked_invoice(order, at=LATER)
        asking.withdraw(order_id=order.pk, actor=Actor.buyer(order.subject_id), at=LATER)
        again = an_asked_invoice(order, at=LATER, title=COMPANY)
        assert (again.state, again.title, again.tax_number) == ("asked", COMPANY.title, COMPANY_NUMBER)
        assert sorted(InvoicePaper.objects.values_list("state", flat=True)) == ["dropped", "due"] and sound()

    def test_of_what_was_never_paid_or_all_went_back_is_refused(self) -> None:
        order = an_order()
        give_back(order, order.total_minor)
        with pytest.raises(asking.NothingToSay):
            an_asked_invoice(order, at=LATER)
        assert not Invoice.objects.exists()

    def test_of_a_private_person_is_refused(self) -> None:
        order = an_order(listing=a_used_thing(a_private_person()))
        with pytest.raises(asking.PersonGivesNone):
            an_asked_invoice(order, at=LATER)

    def test_after_the_trades_record_may_go_is_too_late(self) -> None:
        order = an_order()
        give_back(order, 1)
        Order.objects.filter(pk=order.pk).update(state="settled", closed_at=LATER, settled_at=LATER,
            delivered_at=LATER, window_ends_at=LATER, settles_at=LATER)  # fmt: skip
        an_asked_invoice(order, at=LATER + timedelta(days=3 * 365 - 30))
        asking.withdraw(order_id=order.pk, actor=Actor.buyer(order.subject_id), at=LATER)
        with pytest.raises(asking.AskedTooLate):
            an_asked_invoice(order, at=LATER + timedelta(days=3 * 366 + 1))


class TestWantedAtTheCheckout:
    def test_is_asked_for_once_it_is_paid(self) -> None:
        done = a_checkout()
        asking.want(orders=done.orders, title=COMPANY, actor=Actor.system(), at=ORDERED)
        assert Invoice.objects.get().state == "wanted" and not InvoicePaper.objects.exists()
        pay(done, at=LATER)
        assert Invoice.objects.get().state == "asked"
        assert due_paper(done.orders[0]).amount == done.orders[0].total and sound()

    def test_ends_with_an_order_that_is_never_paid(self) -> None:
        done = a_checkout()
        asking.want(orders=done.orders, title=PERSON, actor=Actor.system(), at=ORDERED)
        order = done.orders[0]
        cancellation.cancel(order_id=order.pk, actor=Actor.buyer(order.subject_id), at=LATER)
        drain(at=LATER)
        assert Invoice.objects.get().state == "ended" and not InvoicePaper.objects.exists()


class TestIssuing:
    def test_keeps_number_file_and_a_row_for_each_line(self) -> None:
        order = an_order(listing=a_listing(price="100.00", freight="13.00"))
        paper = an_issued_invoice(order, at=LATER)
        row = InvoiceRow.objects.get()
        assert (paper.state, paper.issued_at, paper.invoice.state) == ("issued", LATER, "issued")
        # 113.00 with 13 % in it is 100.00 and 13.00.
        assert (row.gross, row.net, row.tax, row.rate) == (Money(11300), Money(10000), Money(1300), 1300)
        assert paper.file is not None and booking.find(kind="invoices.paper", reference=paper.pk) is None
        assert InvoicePaper.objects.get().file.state == FileState.CLEAN and sound()

    def test_refuses_another_sum_than_is_paid_at_that_instant(self) -> None:
        order = an_order()
        an_asked_invoice(order, at=LATER)
        paper = due_paper(order)
        give_back(order, 100)
        with pytest.raises(issuing.AmountChanged) as refusal:
            issue(paper, at=LATER)
        assert refusal.value.params["amount"] == Money(paper.amount_minor - 100)
        assert due_paper(order).number == "" and not InvoiceRow.objects.exists()
        issue(due_paper(order), at=LATER)
        assert sound()

    @pytest.mark.parametrize(
        "number", ["", "1234", "2" * 21, "99" + "1" * 18, "26" + "x" * 18, "２６" + "1" * 18]
    )
    def test_refuses_a_number_that_is_none(self, number: str) -> None:
        order = an_order()
        an_asked_invoice(order, at=LATER)
        with pytest.raises(issuing.NumberWrong):
            issue(due_paper(order), at=LATER, number=number)

    def test_refuses_a_number_of_another_order(self) -> None:
        one = an_order(listing=a_listing(stock=5))
        other = an_order(listing=one.lines.get().listing)
        taken = an_issued_invoice(one, at=LATER).number
        an_asked_invoice(other, at=LATER)
        with pytest.raises(issuing.NumberTaken):
            issue(due_paper(other), at=LATER, number=taken)

    def test_refuses_a_line_without_a_rate(self) -> None:
        order = an_order()
        an_asked_invoice(order, at=LATER)
        with pytest.raises(amounts.RateOutOfRange):
            issue(due_paper(order), at=LATER, rates={})

    @pytest.mark.parametrize(
        ("name", "content"),
        [("a.pdf", b"MZ\x90\x00"), ("a.png", b"\x89PNG\r\n\x1a\n"), ("a.pdf", b"<?xml version='1.0'?><a/>")],
        ids=["program", "picture", "ending"],
    )
    def test_refuses_what_no_invoice_is(self, name: str, content: bytes) -> None:
        order = an_order()
        an_asked_invoice(order, at=LATER)
        with pytest.raises(files.PaperTypeRefused):
            issue(due_paper(order), at=LATER, upload=SimpleUploadedFile(name, content))
        assert due_paper(order).number == ""

    @pytest.mark.parametrize(
        ("name", "content", "state"),
        [
            ("a.ofd", an_ofd(), FileState.CLEAN),
            ("a.xml", b"\xef\xbb\xbf<?xml version='1.0'?><EInvoice/>", FileState.CLEAN),
            ("a.ofd", an_ofd(Pages=b"<?xml version='1.0'?><!DOCTYPE x SYSTEM 'f'><x/>"), FileState.REFUSED),
            ("a.ofd", b"PK\x03\x04" + b"\0" * 60, FileState.REFUSED),
            ("a.xml", b"<?xml version='1.0'?><!ENTITY a 'b'><x/>", FileState.REFUSED),
        ],
        ids=["ofd", "xml", "ofd with an entity", "no package", "xml with an entity"],
    )
    def test_looks_into_packages_and_xml(self, name: str, content: bytes, state: str) -> None:
        order = an_order()
        an_asked_invoice(order, at=LATER)
        issue(due_paper(order), at=LATER, upload=SimpleUploadedFile(name, content))
        assert InvoicePaper.objects.get().file.state == state

    def test_a_file_that_was_locked_away_is_handed_in_again(self) -> None:
        order = an_order()
        an_asked_invoice(order, at=LATER)
        bad = SimpleUploadedFile("a.xml", b"<?xml version='1.0'?><!ENTITY a 'b'><x/>")
        paper = issue(due_paper(order), at=LATER, upload=bad)
        told = {"paper_id": paper.pk, "actor": member_of(order), "at": LATER}
        issuing.hand_in_again(upload=a_pdf(), **told)
        drain(at=LATER)
        assert InvoicePaper.objects.get().file.state == FileState.CLEAN
        with pytest.raises(issuing.FileIsThere):
            issuing.hand_in_again(upload=a_pdf(), **told)

    def test_twice_is_refused(self) -> None:
        order = an_order()
        paper = an_issued_invoice(order, at=LATER)
        with pytest.raises(issuing.PaperNotDue):
            issue(paper, at=LATER)
        with pytest.raises(IllegalMove):
            asking.withdraw(order_id=order.pk, actor=Actor.buyer(order.subject_id), at=LATER)


class TestRefusing:
    def test_sends_it_back_for_a_lawful_reason_and_it_is_asked_anew(self) -> None:
        order = an_order()
        an_asked_invoice(order, at=LATER, title=COMPANY)
        reason = RefusalReason.NUMBER_OF_ANOTHER
        issuing.refuse(paper_id=due_paper(order).pk, reason=reason, actor=member_of(order), at=LATER)
        drain(at=LATER)
        assert Invoice.objects.get().state == "refused" and sound()
        assert Letter.objects.filter(subject_id=order.subject_id, kind="orders.invoice_refused").exists()
        assert an_asked_invoice(order, at=LATER).state == "asked"

    def test_a_credit_note_cant_be_refused(self) -> None:
        order = an_order()
        an_issued_invoice(order, at=LATER)
        give_back(order, 100)
        with pytest.raises(issuing.PaperNotDue):
            issuing.refuse(
                paper_id=due_paper(order).pk,
                reason=RefusalReason.TITLE_UNKNOWN,
                actor=member_of(order),
                at=LATER,
            )


class TestTitles:
    def test_a_companys_number_is_checked_to_its_last_character(self) -> None:
        spaced = f"{COMPANY_NUMBER[:4]} {COMPANY_NUMBER[4:].lower()}"
        assert Title.written("company", " 上海漕溪茶业有限公司 ", spaced) == COMPANY
        wrong = COMPANY_NUMBER[:17] + ("1" if COMPANY_NUMBER[17] != "1" else "2")
        for number in (wrong, "", COMPANY_NUMBER[:17], "I" + COMPANY_NUMBER[1:]):
            with pytest.raises(titles.TaxNumberWrong):
                Title.written("company", "甲公司", number)

    def test_a_persons_number_is_never_kept(self) -> None:
        assert Title.written("person", "林未", "310101199001011234").tax_number == ""

    def test_ten_are_kept_each_once_and_given_up(self) -> None:
        actor = Actor.buyer(a_subject())
        for number in range(10):
            titles.keep(title=Title.written("person", f"林{number}"), actor=actor, at=LATER)
        assert titles.keep(title=Title.written("person", "林3"), actor=actor, at=LATER).title == "林3"
        with pytest.raises(titles.TitlesFull):
            titles.keep(title=PERSON, actor=actor, at=LATER)
        titles.give_up(title_id=titles.titles_of(actor)[0].pk, actor=actor)
        assert titles.keep(title=PERSON, actor=actor, at=LATER).seat in range(1, 11)
        assert InvoiceTitle.objects.count() == 10
