"""Both sides in one process, for the demo, benches and tests: same messages and signatures, no network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse

from payments import calls, webhooks
from payments.gateways.protocol import Answer, ForgedNotice, Post, Request
from payments.models import Payment
from payments.sandbox import bank, deliveries, holds, interface, paying, till
from payments.sandbox import payouts as sandbox_payouts
from payments.sandbox.till import Choice


def _post(at: datetime) -> Post:
    """A transport that hands a request straight to the code behind its address."""

    def post(request: Request) -> Answer:
        try:
            if request.path == reverse("payments:webhook", args=["sandbox"]):
                webhooks.receive(provider="sandbox", headers=request.headers, body=request.body, at=at)
                return Answer(200)
            if request.path == reverse("payments:sandbox_refunds"):
                return interface.refund(request.headers, request.body, at=at)
            if request.path == reverse("payments:sandbox_payments"):
                return interface.payment(request.headers, request.body, at=at)
            if request.path == reverse("payments:sandbox_payouts"):
                return sandbox_payouts.payout(request.headers, request.body, at=at)
            if request.path == reverse("payments:sandbox_disputes"):
                return bank.answer(request.headers, request.body, at=at)
            if request.path == reverse("payments:sandbox_holds"):
                return holds.call(request.headers, request.body, at=at)
            return interface.statement(request.headers, request.body, at=at)
        except ForgedNotice:
            return Answer(400)

    return post


def unspoilt(post: Post) -> Post:
    """The wire between the two sides as it should be."""
    return post


def run(*, at: datetime, wire: Callable[[Post], Post] = unspoilt) -> int:
    """Make calls and deliver notices until nothing is due; gives how many went over.

    `wire` may lose, double or spoil what goes over it.
    """
    post, done = wire(_post(at)), 0
    while step := calls.make_due(post=post, at=at) + deliveries.deliver_due(post=post, at=at):
        done += step
    return done


def pay(
    number: str, *, at: datetime, choice: str = "pay", wire: Callable[[Post], Post] = unspoilt
) -> Payment:
    """Be the payer of payment `number` at the sandbox's till and let its notice through."""
    payment = Payment.objects.get(number=number)
    order = till.Order(
        payment=number,
        amount_minor=payment.due.minor,
        currency=payment.currency,
        expires_at=payment.expires_at,
        return_path="/",
        holds=payment.authorise_first,
    )
    paying.choose(order, Choice(choice), at=at)
    run(at=at, wire=wire)
    payment.refresh_from_db()
    return payment
