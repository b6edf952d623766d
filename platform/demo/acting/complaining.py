"""Complaints: filed with pictures, answered, replied to, ruled on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from complaints import answering, decisions, intake, negotiating, saying
from complaints.lifecycle import Seat
from complaints.models import Complaint, Outcome
from complaints.proposing import NoOffer, Proposal
from demo.content import PICTURES
from demo.script import Step
from demo.stage import Stage, share_of
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.money import Money
from orders.models import Order, OrderLine


def complain(stage: Stage, step: Step) -> None:
    story: Mapping[str, Any] = step.facts["story"]
    order = Order.objects.get(pk=stage.get(f"order:{step.facts['order']}"))
    line = order.lines.get(listing_id=stage.get(f"goods:{step.facts['goods']}"))
    actor = Actor.buyer(order.subject_id)
    shown = saying.receive_all(
        pictures(story["evidence"]), subject_id=order.subject_id, actor=actor, at=stage.at
    )
    made = intake.open_complaint(
        order_id=order.pk,
        story=intake.Story(
            category=story["category"],
            wish=story["wish"],
            text=f"{story['subject']}\n\n{story['text']}",
            asked=share_of(_paid(line), story["claim_share"]),
            line_id=line.pk,
            field=story["field"],
        ),
        shown=shown,
        actor=actor,
        at=stage.at,
    )
    stage.call(step.key, made.pk)


def pictures(names: Sequence[str]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, (PICTURES / name).read_bytes(), "image/webp") for name in names]


def _paid(line: OrderLine) -> Money:
    return line.paid


def find_case(stage: Stage, step: Step) -> None:
    """The case that the platform opened by itself over this order."""
    order_id = stage.get(f"order:{step.facts['order']}")
    found = Complaint.objects.filter(order_id=order_id).newest_first().first()
    if found is None:
        raise NotFound()
    stage.call(step.key, found.pk)


def answer(stage: Stage, step: Step) -> None:
    case = _case(stage, step)
    told = step.facts["answer"]
    offered = None
    if "offer_share" in told:
        offered = min(share_of(_worth(case), told["offer_share"]), case.claimed)
    answering.answer(
        complaint_id=case.pk,
        kind=answering.Answer(told["kind"]),
        text=told["text"],
        offered=None if offered is None else Proposal(amount=offered),
        actor=stage.member(case.merchant.slug),
        at=stage.at,
    )


def reply(stage: Stage, step: Step) -> None:
    """The buyer's words, then what the buyer does with the turn."""
    case = _case(stage, step)
    told = step.facts["reply"]
    actor = Actor.buyer(case.subject_id)
    saying.say(complaint_id=case.pk, seat=Seat.BUYER, text=told["text"], actor=actor, at=stage.at)
    if told["kind"] == "refer":
        negotiating.ask_platform(complaint_id=case.pk, actor=actor, at=stage.at)
    elif told["kind"] == "withdraw":
        negotiating.withdraw(complaint_id=case.pk, actor=actor, at=stage.at)
    else:
        offer = negotiating.standing_offer(case)
        if offer is None:
            raise NoOffer()
        negotiating.accept_offer(complaint_id=case.pk, offer_id=offer.pk, actor=actor, at=stage.at)


def decide(stage: Stage, step: Step) -> None:
    case = _case(stage, step)
    told = step.facts["decision"]
    outcome = Outcome(told["outcome"])
    ruling = decisions.Ruling(
        outcome=outcome,
        amount=_granted(case, outcome, told["share"]),
        facts=told["facts"],
        reasons=told["reasons"],
        rule_ids=told["rule_ids"],
    )
    decisions.decide(complaint_id=case.pk, ruling=ruling, actor=stage.reviewer(), at=stage.at)


def _granted(case: Complaint, outcome: Outcome, share: float) -> Money:
    if outcome is Outcome.UPHELD:
        return case.claimed
    if outcome is Outcome.REFUSED:
        return Money.zero(case.currency)
    return min(share_of(_worth(case), share), case.claimed - Money(1, case.currency))


def _worth(case: Complaint) -> Money:
    """What shares in a story are parts of: the line, goods and freight; else the whole order."""
    return _paid(case.line) if case.line is not None else case.order.total


def _case(stage: Stage, step: Step) -> Complaint:
    return Complaint.objects.with_parts().get(pk=stage.get(step.key))
