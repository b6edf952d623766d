"""Complaints for tests, reached through the use cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.staff import Role
from complaints import answering, negotiating, performing, referral
from complaints.answering import Answer
from complaints.decisions import Ruling, decide
from complaints.intake import Story, open_complaint
from complaints.models import Complaint, Outcome
from complaints.proposing import Proposal
from complaints.remedy_kinds import Remedy
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
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# When the shop has answered in `an_answered_complaint`.
ANSWERED = OPENED + 5 * HOUR


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
        offered=Proposal(amount=offered) if kind is Answer.OFFER else None,
        actor=member_of(complaint),
        at=at + timedelta(hours=5),
    )
    drain_all()
    return Complaint.objects.with_parts().get(pk=complaint.pk)


def reloaded(case: Complaint) -> Complaint:
    return Complaint.objects.with_parts().get(pk=case.pk)


def countered(
    case: Complaint, asked: Proposal | None = None, *, at: datetime = ANSWERED + HOUR, text: str = "太少了。"
) -> Complaint:
    """The buyer asks for something else, or says no."""
    negotiating.counter(
        complaint_id=case.pk, text=text, asked=asked, actor=Actor.buyer(case.subject_id), at=at
    )
    drain_all()
    return reloaded(case)


def answered_again(
    case: Complaint,
    kind: Answer = Answer.OFFER,
    offered: Proposal | None = None,
    *,
    at: datetime = ANSWERED + 2 * HOUR,
) -> Complaint:
    """The shop answers what stands now."""
    answering.answer(
        complaint_id=case.pk, kind=kind, text="我们再看看。", offered=offered, actor=member_of(case), at=at
    )
    drain_all()
    return reloaded(case)


def undertaken(*, days: int | None = None, remedy: Remedy = Remedy.REPAIR) -> Complaint:
    """The shop has offered a deed and the buyer has accepted it."""
    case = a_complaint(wish="repair")
    case = answered_again(case, offered=Proposal(remedy, days=days), at=ANSWERED)
    negotiating.accept_offer(
        complaint_id=case.pk, offer_id=case.offer_id, actor=Actor.buyer(case.subject_id), at=ANSWERED + HOUR
    )
    drain_all()
    return reloaded(case)


def performed(case: Complaint, *, at: datetime = ANSWERED + DAY) -> Complaint:
    """The shop says that it is done."""
    performing.perform(complaint_id=case.pk, text="已修好，SF100 寄出。", actor=member_of(case), at=at)
    drain_all()
    return reloaded(case)


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
