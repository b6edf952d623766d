"""Data requests under any sequence of steps, legal or not, with time passing between them.

A refusal leaves no trace. After every step each request ended at most once, its clock runs exactly while it
does, nothing was done for somebody unknown, and whoever was erased has a certificate, a tombstone and no key.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from deadlines import booking
from deadlines.sweep import sweep_all
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from outbox import platform_clock, relay
from privacy import copying, deadlines, erasure, requests, subjects
from privacy.models import Certificate, Request, Subject, SubjectKey, Tombstone
from privacy.states import ERASING, RUNNING, Channel, RequestKind, RequestState
from tests.builders.orders import a_subject

STARTED = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
EXAMPLES = int(os.environ.get("ANXIN_MACHINE_EXAMPLES", "6"))
WORDS = st.sampled_from(["好", "", " ", "字" * 4001])


class RequestsMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.now = STARTED
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.people = [a_subject(at=STARTED) for _ in range(2)]
        self.officer = Actor.staff(a_subject(at=STARTED))

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def do(self, step: Any, **facts: Any) -> None:
        """Take a step; a refusal is an answer, anything else is a bug."""
        with suppress(DomainError), transaction.atomic():
            step(at=self.now, **facts)
        with clock.frozen(self.now):
            relay.drain_all()

    def one(self, data: st.DataObject) -> Request | None:
        found = list(Request.objects.order_by("id"))
        return data.draw(st.sampled_from(found)) if found else None

    @rule(who=st.integers(0, 1), kind=st.sampled_from(list(RequestKind)), words=WORDS)
    def ask(self, who: int, kind: RequestKind, words: str) -> None:
        person = self.people[who]
        self.do(requests.ask, subject_id=person, kind=kind, details=words, actor=Actor.buyer(person))

    @rule(who=st.integers(0, 1), kind=st.sampled_from(list(RequestKind)))
    def call(self, who: int, kind: RequestKind) -> None:
        facts = {"subject_id": self.people[who], "kind": kind, "channel": Channel.PHONE}
        self.do(requests.ask, actor=self.officer, **facts)

    @rule(data=st.data(), words=WORDS, step=st.sampled_from(["check_identity", "answer", "refuse", "extend"]))
    def work(self, data: st.DataObject, words: str, step: str) -> None:
        found = self.one(data)
        name = {"check_identity": "how", "answer": "text"}.get(step, "reasons")
        if found is not None:
            facts = {name: words, "request_id": found.pk, "actor": self.officer}
            self.do(getattr(requests, step), **facts)

    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        found = self.one(data)
        if found is not None:
            self.do(requests.withdraw, request_id=found.pk, actor=Actor.buyer(found.subject_id))

    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        found = self.one(data)
        if found is not None and found.kind in ERASING:
            self.do(erasure.erase, request_id=found.pk, actor=Actor.system())

    @rule(who=st.integers(0, 1), place=st.sampled_from(["CN", "DE", "GB", "BR", "XX"]))
    def move_house(self, who: int, place: str) -> None:
        person = self.people[who]
        self.do(subjects.change_place, subject_id=person, place=place, actor=Actor.buyer(person))

    @rule()
    def build(self) -> None:
        copying.build_next(at=self.now)

    @rule(days=st.sampled_from([1, 7, 16, 40]))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)
        with platform_clock.frozen(self.now):
            while sweep_all():
                relay.drain_all()
        with clock.frozen(self.now):
            relay.drain_all()

    @invariant()
    def each_ends_once_and_its_clock_with_it(self) -> None:
        for one in Request.objects.all():
            endings = [move for move in one.moves.all() if move.to_state not in RUNNING]
            assert len(endings) == (0 if one.is_running else 1)
            answered_in_time = booking.find(kind=deadlines.ANSWER, reference=one.pk) is not None
            assert answered_in_time == (one.is_running and one.overdue_at is None), one.state

    @invariant()
    def nothing_is_done_for_somebody_unknown(self) -> None:
        done = Request.objects.filter(state__in=[RequestState.OPEN, RequestState.ANSWERED])
        assert not done.filter(identity="unchecked").exists()

    @invariant()
    def the_erased_are_gone_with_proof(self) -> None:
        for subject in Subject.objects.exclude(erased_at=None):
            assert not SubjectKey.objects.filter(subject=subject, destroyed_at=None).exists()
            assert Tombstone.objects.filter(subject_id=subject.pk).exists()
            assert Certificate.objects.filter(request__subject=subject).exists()
            assert not Request.objects.running().filter(subject=subject).exists()
        alive = Subject.objects.filter(erased_at=None).values("pk")
        assert not Certificate.objects.filter(request__subject_id__in=alive).exists()


@pytest.mark.django_db
def test_data_requests_hold_under_any_sequence() -> None:
    platform_clock.allow_shifting(allowed=True)
    run_state_machine_as_test(
        RequestsMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=14,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
