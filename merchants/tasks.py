"""What runs by itself in the shops' room."""

from __future__ import annotations

from celery import shared_task

from kernel import clock
from kernel.actor import Actor
from merchants import document_numbers, inspection_plan, rechecking, training
from merchants.webhooks import sending


@shared_task(name="merchants.book_missing_rechecks")  # type: ignore[untyped-decorator]
def book_missing_rechecks(limit: int = 200, **_: object) -> int:
    """Give every selling shop its half-yearly clock; returns how many had none."""
    return rechecking.book_missing(at=clock.now(), limit=limit)


@shared_task(name="merchants.book_missing_training")  # type: ignore[untyped-decorator]
def book_missing_training(limit: int = 200, **_: object) -> int:
    """Give every certificate that counts its clock; returns how many had none."""
    return training.book_missing(at=clock.now(), limit=limit)


@shared_task(name="merchants.index_documents", acks_late=True)  # type: ignore[untyped-decorator]
def index_documents(limit: int = 500, **_: object) -> int:
    """Give documents the digest of their number; returns how many had none."""
    return document_numbers.index_missing(limit=limit)


def draw_inspections() -> int:
    """This month's plan of inspections, once; gives how many shops it names."""
    return inspection_plan.draw_if_due(actor=Actor.system(), at=clock.now())


@shared_task(name="merchants.draw_inspections", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def draw_inspections_task(**_: object) -> None:
    draw_inspections()


def send_webhooks() -> int:
    """Tell shops' servers what is due; gives how many calls were made."""
    return sending.send_due(post=sending.over_http, at=clock.now(), most=50)


@shared_task(name="merchants.send_webhooks", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def send_webhooks_task(**_: object) -> None:
    send_webhooks()
