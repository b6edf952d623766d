"""The order's messages stand on the page of its case: for both sides, and for staff once it is theirs."""

from __future__ import annotations

import pytest

from complaints.lifecycle import Seat
from complaints.web import thread
from kernel.actor import Actor
from kernel.ids import new_id
from privacy.models import AccessRecord
from tests.builders.cases import DELIVERED, OPENED, a_complaint, a_complaint_to_decide
from tests.builders.messages import write
from tests.builders.orders import an_order, member_of

pytestmark = pytest.mark.django_db
SAID = "壶嘴裂了，能换一个吗？"


def test_both_sides_read_one_thread_on_the_page_of_the_case() -> None:
    order = an_order(delivered_at=DELIVERED)
    write(order, SAID, at=DELIVERED)
    case = a_complaint(order=order)
    buyer = Actor.buyer(order.subject_id)
    mine = thread.of(case, viewer=Seat.BUYER, reader=buyer, at=OPENED)["thread"]
    theirs = thread.of(case, viewer=Seat.MERCHANT, reader=member_of(order), at=OPENED)["thread"]
    assert [(row["text"], row["mine"]) for row in mine["rows"]] == [(SAID, True)]
    assert [(row["text"], row["mine"]) for row in theirs["rows"]] == [(SAID, False)]


def test_staff_read_it_once_the_case_is_before_them_and_both_are_told() -> None:
    order = an_order(delivered_at=DELIVERED)
    write(order, SAID, at=DELIVERED)
    staff = Actor.staff(new_id())
    early = a_complaint(order=order)
    assert thread.of(early, viewer=Seat.PLATFORM, reader=staff, at=OPENED)["thread"] is None
    assert not AccessRecord.objects.filter(actor=str(staff)).exists()
    other = an_order(delivered_at=DELIVERED)
    write(other, SAID, at=DELIVERED)
    case = a_complaint_to_decide(order=other)
    shown = thread.of(case, viewer=Seat.PLATFORM, reader=staff, at=OPENED)["thread"]
    assert [(row["text"], row["files"], row["reportable"]) for row in shown["rows"]] == [(SAID, [], False)]
    looked = AccessRecord.objects.filter(actor=str(staff), purpose="orders.messages")
    assert set(looked.values_list("subject_id", flat=True)) == {other.subject_id, other.merchant.subject_id}
