"""Opening a complaint: the money stays where it is from this second on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from complaints import deadlines, limits, saying
from complaints.events import ComplaintOpened
from complaints.grounds import Wish, rules_of
from complaints.lifecycle import ComplaintState, Seat, begin
from complaints.models import Complaint
from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from kernel.ids import public_number
from kernel.money import Money
from orders import holds
from orders.models import Order, OrderLine
from privacy.models import StoredFile

HOLD = "complaint"


class ComplaintRunning(DomainError):
    code = "complaint_running"
    message = N_("Complaint %(number)s about this is still open. Add what is new there; nothing gets lost.")


@dataclass(frozen=True, slots=True)
class Story:
    """What the buyer tells: `asked` only for a part of the money, `field` the frozen field that is wrong."""

    category: str
    wish: str
    text: str
    asked: Money | None = None
    line_id: UUID | None = None
    field: str = ""


@transaction.atomic
def open_complaint(
    *,
    order_id: UUID,
    story: Story,
    shown: Sequence[StoredFile] = (),
    actor: Actor,
    at: datetime,
) -> Complaint:
    """File a complaint, hold the order's money and start the merchant's clock.

    :raises ComplaintNotPossible, ComplaintTooLate, ComplaintRunning: nothing is changed then
    :raises UnknownChoice, TextMissing, TextTooLong, ClaimOutOfRange: naming what to change
    """
    category, wish = limits.require_choice(story.category, story.wish)
    order = Order.objects.locked(order_id)
    limits.require_complainable(order, at=at)
    line = _line_of(order, story.line_id)
    _require_none_running(order, line)
    claimed = limits.claim_of(wish, story.asked, limits.most_claimable(order, line))
    complaint = _write(order, line, story, claimed, rules_of(category, by_person=order.by_person), at)
    saying.write(complaint, seat=Seat.BUYER, text=story.text, shown=shown, actor=actor, at=at)
    answer_by = deadlines.start_answer(complaint, place=order.place, at=at)
    holds.place(order_id=order.pk, reason=HOLD, reference=complaint.pk, actor=actor, at=at)
    fact = ComplaintOpened(
        complaint.pk,
        order.pk,
        order.merchant_id,
        order.subject_id,
        str(category),
        claimed.minor,
        answer_by,
    )
    proof = {
        "category": str(category),
        "wish": str(wish),
        "claimed_minor": claimed.minor,
        "field": story.field,
    }
    begin(complaint, actor=actor, at=at, fact=fact, proof=proof)
    return complaint


def _line_of(order: Order, line_id: UUID | None) -> OrderLine | None:
    if line_id is None:
        return None
    line: OrderLine | None = order.lines.select_related("revision").filter(pk=line_id).first()
    if line is None:
        raise NotFound()
    return line


def _require_none_running(order: Order, line: OrderLine | None) -> None:
    """A case about the whole order covers each line; different lines may have their own."""
    running = Complaint.objects.running().filter(order=order)
    if line is not None:
        running = running.filter(line=line) | running.filter(line__isnull=True)
    found = running.first()
    if found is not None:
        raise ComplaintRunning(number=found.number)


def _write(
    order: Order, line: OrderLine | None, story: Story, claimed: Money, rules: Sequence[str], at: datetime
) -> Complaint:
    return Complaint.objects.create(
        number=public_number("C"),
        order=order,
        line=line,
        revision=line.revision if line is not None else None,
        field=story.field[:60],
        subject_id=order.subject_id,
        merchant=order.merchant,
        state=ComplaintState.OPEN,
        category=story.category,
        wish=Wish(story.wish),
        currency=order.currency,
        claimed_minor=claimed.minor,
        rule_ids=list(rules),
        pack_version=order.pack_version,
        opened_at=at,
    )
