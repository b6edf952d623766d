"""Rules of the orders' machine: everything around the platform fails for a while, and the bank disputes.

The provider doesn't answer, or its answer is lost or spoilt, it is busy, hears everything twice, refuses; its
notices come twice and the newest first; workers die between claim and commit; messages wait.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from deadlines.sweep import sweep
from kernel import clock
from orders import money_watch
from outbox import platform_clock, relay
from payments import disputes, statements, webhooks
from payments.gateways.protocol import Answer, Post, Request
from payments.models import Dispute
from payments.paying_out import runs
from payments.sandbox import bank, deliveries
from payments.sandbox_models import SandboxCharge, SandboxDelivery, SandboxDispute
from tests.machines.test_orders_machine import OrdersMachine

WIRES = ("sound", "dead", "deaf", "busy", "stutters", "refuses", "garbles")


class WorkerDied(Exception):
    """In the middle of a transaction: nothing of it happened."""


class Faults(OrdersMachine):
    @initialize()
    def begin(self) -> None:
        self.fault, self.waiting = "sound", False
        super().begin()

    def wire(self, post: Post) -> Post:
        """What becomes of a request and its answer while `fault` lasts."""

        def faulty(request: Request) -> Answer:
            match self.fault:
                case "dead":
                    return Answer(0)
                case "busy":
                    return Answer(503)
                case "refuses" if "refund" in request.path:
                    return Answer(422, b"{}")
                case "deaf":
                    post(request)
                    return Answer(0)
                case "garbles":
                    post(request)
                    return Answer(200, b'{"state": "paid", "amount": "\xff')
                case "stutters":
                    post(request)
            return post(request)

        return faulty

    def hand_on(self) -> None:
        if not self.waiting:
            super().hand_on()

    def time_passes(self) -> None:
        self.waiting = False
        super().time_passes()

    @rule(fault=st.sampled_from(WIRES))
    def the_wire_changes(self, fault: str) -> None:
        self.fault = fault
        self.hand_on()

    @rule(waits=st.booleans())
    def messages_wait(self, waits: bool) -> None:
        """The worker that hands facts on stands still: the next steps meet a platform that knows half."""
        self.waiting = waits
        self.hand_on()

    @rule(minutes=st.sampled_from([1, 5, 31]))
    def a_moment(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.hand_on()

    @rule(limit=st.integers(1, 3), hours=st.sampled_from([0, 50]))
    def a_worker_dies(self, limit: int, hours: int) -> None:
        """A sweeper and a relay, both after their work and before its commit; others then do it."""
        self.now += timedelta(hours=hours)
        with suppress(WorkerDied), transaction.atomic(), platform_clock.frozen(self.now):
            sweep(limit=limit)
            relay.drain(limit=limit)
            raise WorkerDied
        self.time_passes()

    @rule(reverse=st.booleans())
    def notices_come_again(self, reverse: bool) -> None:
        """All of them once more, also those that were never acknowledged, the newest first."""
        with clock.frozen(self.now):
            for one in SandboxDelivery.objects.order_by("-id" if reverse else "id")[:12]:
                again = deliveries.signed(one, at=self.now)
                webhooks.receive(provider="sandbox", headers=again.headers, body=again.body, at=self.now)
        self.hand_on()

    @rule(data=st.data(), share=st.integers(1, 4))
    def the_bank_disputes(self, data: st.DataObject, share: int) -> None:
        charges = list(SandboxCharge.objects.order_by("id"))
        if charges:
            charge = data.draw(st.sampled_from(charges))
            bank.dispute(charge, max(charge.amount_minor * share // 4, 1), at=self.now)
            self.hand_on()

    @rule(data=st.data(), won=st.booleans())
    def the_bank_decides(self, data: st.DataObject, won: bool) -> None:
        found = list(SandboxDispute.objects.order_by("id"))
        if found:
            bank.decide(data.draw(st.sampled_from(found)).pk, won=won, at=self.now)
            self.hand_on()

    @rule(data=st.data(), contest=st.booleans())
    def answer_a_dispute(self, data: st.DataObject, contest: bool) -> None:
        found = list(Dispute.objects.order_by("opened_at", "id"))
        if not found:
            return
        one = data.draw(st.sampled_from(found))
        if contest:
            self.do(disputes.send_evidence, dispute_id=one.pk, evidence="签收证明")
        else:
            self.do(disputes.accept, dispute_id=one.pk)

    @rule()
    def the_day_ends(self) -> None:
        """Payouts run, statements are asked for and read, and somebody looks for money without an order."""
        self.now += timedelta(hours=24)
        self.time_passes()
        with clock.frozen(self.now):
            runs.run_due(at=self.now)
            statements.ask_due(at=self.now)
            money_watch.look(at=self.now)
        self.hand_on()
