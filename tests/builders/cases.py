"""Complaints for tests, reached through the use cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.staff import Role
from complaints import answering, referral
from complaints.answering import Answer
from complaints.decisions import Ruling, decide
from complaints.intake import Story, open_complaint
from complaints.models import Complaint, Outcome
from kernel.actor import Actor
from kernel.money import Money
from orders.models import Order
from outbox.relay import drain_all
from tests.builders.orders import an_order
from tests.builders.people import a_staff

DELIVERED = datetime(2026, 11, 6, 4, 0, tzinfo=UTC)
OPENED = DELIVERED + timedelta(days=1)
RULE = "cn.quality.return"
TEN_YUAN = Money(1000)


def a_complaint(
    *, order: Order | None = None, at: datetime = OPENED, wish: str = "refund", **story: Any
) -> Complaint:
    """Open, waiting for the merchant's answer; without `order` a delivered one."""
    order = order or an_order(delivered_at=DELIVERED)
    told = {"category": "damaged", "wish": wish, "text": "壶身有一条裂纹，装水会渗。"} | story
    complaint = open_complaint(
        order_id=order.pk, story=Story(**told), actor=Actor.buyer(order.subject_id), at=at
    )
    drain_all()
    return complaint


def member_of(complaint: Complaint) -> Actor:
    return Actor.member(complaint.merchant.subject_id, complaint.merchant_id)


def an_answered_complaint(
    *, kind: Answer = Answer.OFFER, offered: Money | None = TEN_YUAN, at: datetime = OPENED, **changes: Any
) -> Complaint:
    complaint = a_complaint(at=at, **changes)
    answering.answer(
        complaint_id=complaint.pk,
        kind=kind,
        text="很抱歉，应是运输途中受力。",
        offered=offered if kind is Answer.OFFER else None,
        actor=member_of(complaint),
        at=at + timedelta(hours=5),
    )
    drain_all()
    return Complaint.objects.with_parts().get(pk=complaint.pk)


def a_complaint_to_decide(**changes: Any) -> Complaint:
    """The merchant kept silent, so the platform decides."""
    complaint = a_complaint(**changes)
    due = complaint.opened_at + timedelta(hours=48)
    referral.on_answer_due(reference=complaint.pk, due_at=due, at=due)
    drain_all()
    return Complaint.objects.with_parts().get(pk=complaint.pk)


def a_ruling(complaint: Complaint, outcome: Outcome = Outcome.UPHELD, amount: Money | None = None) -> Ruling:
    sums = {Outcome.UPHELD: complaint.claimed, Outcome.REFUSED: Money.zero()}
    return Ruling(
        outcome=outcome,
        amount=amount or sums.get(outcome, Money(1)),
        facts="照片显示壶身贯穿裂纹，外箱一角塌陷。",
        reasons="商家未在期限内答复，也没有提出相反证据。",
        rule_ids=[RULE],
    )


def rule(complaint: Complaint, ruling: Ruling, *, at: datetime) -> None:
    staff = a_staff(Role.REVIEWER)
    decide(complaint_id=complaint.pk, ruling=ruling, actor=staff.actor, at=at)
    drain_all()
