"""What the supervised loop and beat do for orders."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from kernel import clock
from orders import money_watch, polling
from orders.campaigns import making
from orders.cover import answers, straight, telling


def ask_carriers(*, limit: int = 50) -> int:
    """Ask carriers about parcels whose events stayed away; gives how many questions were put."""
    if not settings.CARRIERS:
        return 0
    now = clock.now()
    polling.owe(at=now, limit=limit)
    return polling.ask_due(ask=polling.over_http, at=now, limit=limit)


@shared_task(name="orders.ask_carriers", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def ask_carriers_task(**_: object) -> None:
    ask_carriers(limit=500)


def tell_insurers(*, limit: int = 50) -> int:
    """Tell insurers of covers and claims until they answer; gives how many calls were made."""
    if settings.INSURERS:
        return answers.tell_due(tell=telling.over_http, at=clock.now(), limit=limit)
    return straight.run(at=clock.now(), limit=limit) if settings.SANDBOX else 0


@shared_task(name="orders.tell_insurers", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def tell_insurers_task(**_: object) -> None:
    tell_insurers(limit=500)


@shared_task(name="orders.watch_money", ignore_result=True)  # type: ignore[untyped-decorator]
def watch_money() -> None:
    """Every minute: money without an order's next step, and an order without money."""
    money_watch.look(at=clock.now())


@shared_task(name="orders.end_campaigns", ignore_result=True)  # type: ignore[untyped-decorator]
def end_campaigns() -> None:
    """Every hour: the rest of a campaign that is over goes back to the fees."""
    making.end_all(at=clock.now())
