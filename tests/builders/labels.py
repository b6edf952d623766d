"""Free labels and visits for tests: reached through the use cases, carriers' words by their one way in."""

from __future__ import annotations

from datetime import UTC, datetime

from deadlines.models import Deadline
from deadlines.sweep import sweep_all
from kernel.actor import Actor
from orders import receiving, returns
from orders.carriers import sandbox
from orders.labels import collecting, issuing, visits
from orders.models import Collection, Order, Return, ReturnLabel
from orders.recipients import Recipient
from tests.builders.orders import LIN_WEI, a_return, drain, member_of

DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)


def faulty(order: Order) -> Return:
    """A return of faulty goods that its shop accepted, so that the shop bears the way back."""
    made = a_return(order, at=DELIVERED, kind="quality")
    returns.accept(return_id=made.pk, actor=member_of(order), at=DELIVERED)
    drain(at=DELIVERED)
    return Return.objects.select_related("order").get(pk=made.pk)


def labelled(made: Return, at: datetime = DELIVERED) -> ReturnLabel:
    return issuing.issue(return_id=made.pk, actor=Actor.buyer(made.subject_id), at=at)


def seen(number: str, kind: str, *, at: datetime, happened_at: datetime | None = None) -> None:
    """The carrier's signed word, by the one way in."""
    headers, body = sandbox.write(tracking_number=number, kind=kind, at=at, happened_at=happened_at)
    receiving.receive_sandbox(headers=headers, body=body, at=at)
    drain(at=at)


def fetched(
    made: Return, at: datetime = DELIVERED, *, number: int = 0, where: Recipient = LIN_WEI
) -> Collection:
    begins, _ends = visits.offered(at=at, zone="Asia/Shanghai")[number]
    buyer = Actor.buyer(made.subject_id)
    return collecting.book(return_id=made.pk, starts_at=begins, where=where, actor=buyer, at=at)


def fresh(made: Return) -> Return:
    return Return.objects.get(pk=made.pk)


def clocks(made: Return | Collection, kind: str) -> list[datetime]:
    return list(
        Deadline.objects.filter(reference=made.pk, kind=kind, state="open").values_list("due_at", flat=True)
    )


def swept(at: datetime) -> None:
    sweep_all()
    drain(at=at)
