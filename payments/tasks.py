"""What the supervised loop does for payments; the same as Celery tasks."""

from __future__ import annotations

from celery import shared_task

from kernel import clock
from payments import book_checks, calls, reconciliation, statements
from payments.awards import sending
from payments.gateways import registry
from payments.gateways.transport import over_http
from payments.paying_out import runs
from payments.sandbox import deliveries


def step(*, limit: int = 50) -> int:
    """Make due provider calls and let the sandbox deliver its notices, over HTTP; gives how many."""
    now = clock.now()
    sending.send_waiting(at=now)
    made = calls.make_due(post=over_http, at=now, limit=limit)
    return made + deliveries.deliver_due(post=over_http, at=now, limit=limit)


@shared_task(name="payments.step", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def step_task(**_: object) -> None:
    step(limit=500)


@shared_task(name="payments.check_books", ignore_result=True)  # type: ignore[untyped-decorator]
def check_books(**_: object) -> None:
    """Every night: every rule of the money is worked out again, and the public reads what was found."""
    book_checks.run(at=clock.now())


def run_payouts() -> int:
    """Go on with today's run of payouts, a few shops at a time; most times there is nothing to do."""
    return runs.run_due(at=clock.now())


@shared_task(name="payments.run_payouts", ignore_result=True)  # type: ignore[untyped-decorator]
def run_payouts_task(**_: object) -> None:
    run_payouts()


def ask_statements() -> int:
    """Owe every provider the question for its days that are over; most times there is nothing to ask."""
    return statements.ask_due(at=clock.now())


@shared_task(name="payments.ask_statements", ignore_result=True)  # type: ignore[untyped-decorator]
def ask_statements_task() -> None:
    ask_statements()


@shared_task(name="payments.compare_statements", ignore_result=True)  # type: ignore[untyped-decorator]
def compare_statements() -> None:
    """Every hour: days with something open are compared again, so that what agrees by now is cleared."""
    for provider in registry.GATEWAYS:
        reconciliation.compare_open(provider=provider, at=clock.now())
