"""An agreement is to what was shown; a look leaves a line; one side can't crowd out the other."""

from datetime import timedelta

import pytest
from django.urls import reverse

from complaints import answering, limits, saying
from complaints.answering import Answer
from complaints.lifecycle import Seat
from complaints.models import Complaint
from complaints.proposing import Proposal
from kernel.money import Money
from orders.models import Order
from privacy.models import AccessRecord
from tests.builders.cases import DELIVERED, OPENED, a_complaint, an_answered_complaint, member_of
from tests.builders.orders import a_return, an_order
from tests.builders.people import a_buyer, a_member

AT = OPENED + timedelta(hours=6)


@pytest.fixture
def people(platform_at):
    platform_at(AT)
    buyer = a_buyer()
    order = an_order(delivered_at=DELIVERED, subject_id=buyer.subject_id)
    return buyer, a_member(order.merchant), order


class TestAcceptingAnOffer:
    def test_that_was_replaced_by_a_lower_one_meanwhile_is_refused(self, people):
        buyer, _, order = people
        complaint = an_answered_complaint(order=order, offered=Money(3000))
        confirm = reverse("complaints:confirm", args=[complaint.number]) + "?choice=acceptance"
        action = buyer.client.get(confirm).context["action"]
        answering.answer(
            complaint_id=complaint.pk,
            kind=Answer.OFFER,
            text="只能一分。",
            offered=Proposal(amount=Money(1)),
            actor=member_of(complaint),
            at=AT,
        )
        refused = buyer.client.post(action, {"idempotency_key": "k" * 20})
        assert refused.status_code == 409
        complaint.refresh_from_db()
        assert (complaint.state, Order.objects.get(pk=order.pk).refunded_minor) == ("answered", 0)

    def test_without_saying_which_is_refused(self, people):
        buyer, _, order = people
        complaint = an_answered_complaint(order=order)
        choose = reverse("complaints:choose", args=[complaint.number, "acceptance"])
        for words in ("", "?offer=x"):
            assert buyer.client.post(choose + words, {"idempotency_key": "k" * 20}).status_code == 409
        assert Complaint.objects.get(pk=complaint.pk).state == "answered"


class TestALookLeavesALine:
    def looks(self, person) -> list[str]:
        found = AccessRecord.objects.filter(actor__contains=str(person.subject_id))
        return sorted(set(found.values_list("purpose", flat=True)))

    def test_also_when_the_form_beside_the_address_comes_back(self, people):
        buyer, _, _ = people
        order = an_order(subject_id=buyer.subject_id)
        member = a_member(order.merchant)
        url = reverse("orders:merchant-order", args=[order.merchant.slug, order.number])
        sent = {"idempotency_key": "k" * 20, "tracking_number": "!"}
        answer = member.client.post(f"{url}shipment/", sent)
        assert answer.status_code == 422
        assert order.address in answer.content.decode()
        assert self.looks(member) == ["orders.fulfilment"]

    def test_also_when_the_answer_to_a_case_comes_back(self, people):
        _, member, order = people
        complaint = a_complaint(order=order)
        url = reverse("complaints:shop-answer", args=[order.merchant.slug, complaint.number])
        assert member.client.post(url, {"idempotency_key": "k" * 20}).status_code == 422
        assert self.looks(member) == ["complaint.read"]

    def test_at_what_a_buyer_wrote_with_a_return(self, people):
        _, member, order = people
        made = a_return(order, at=OPENED, kind="quality")
        made.note = "壶嘴有裂。"
        made.save()
        url = reverse("orders:merchant-return", args=[order.merchant.slug, made.number])
        assert "壶嘴有裂。" in member.client.get(url).content.decode()
        assert self.looks(member) == ["orders.return"]


class TestFiles:
    def test_of_the_shop_leave_the_buyers_room_alone(self, people, monkeypatch, a_picture):
        _, _, order = people
        complaint = a_complaint(order=order)
        monkeypatch.setattr(limits, "FILES_LIMIT", 1)
        for seat in (Seat.MERCHANT, Seat.BUYER):
            saying.say(
                complaint_id=complaint.pk,
                seat=seat,
                text="见附件。",
                uploads=[a_picture()],
                actor=member_of(complaint),
                at=AT,
            )
        assert complaint.exhibits.count() == 2
        with pytest.raises(limits.TooManyFiles):
            saying.say(
                complaint_id=complaint.pk,
                seat=Seat.BUYER,
                text="再一张。",
                uploads=[a_picture()],
                actor=member_of(complaint),
                at=AT,
            )
