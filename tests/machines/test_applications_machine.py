"""Any order of steps in an application: it never gets ahead of what was saved, reviewed and told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from deadlines.models import Deadline, State
from kernel.actor import Actor
from kernel.errors import DomainError
from merchants import applying, handing_in, reviewing, training
from merchants.application_tasks import DONE, Task, tasks_for
from merchants.models import Application, Document, Merchant, MerchantMove
from outbox import relay
from privacy.subjects import create_subject
from tests.builders.applications import answers, pictures, right_answers
from tests.builders.papers import DESK
from tests.builders.shops import the_catalogue

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
TASKS = st.sampled_from(list(Task))


class Applications(RuleBasedStateMachine):
    """Every use case in any order; what the lifecycle refuses changes nothing."""

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = AT

    def teardown(self):
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize(kind=st.sampled_from(["company", "private"]), whole=st.booleans())
    def begin(self, kind, whole):
        self.applicant = create_subject(locale="zh-hans", at=AT).pk
        self.actor = Actor.buyer(self.applicant)
        self.kind = kind
        self.id = applying.start(applicant_id=self.applicant, kind=kind, actor=self.actor, at=AT).pk
        if whole:
            self.study()
            for task in tasks_for(kind):
                self.save(task, right=True)

    def tried(self, step, **given):
        self.now += timedelta(minutes=1)
        before = self.merchant.state
        try:
            with transaction.atomic():
                step(application_id=self.id, at=self.now, **given)
        except DomainError:
            assert self.merchant.state == before
        relay.drain_all()

    @property
    def merchant(self):
        return Merchant.objects.get(application__pk=self.id)

    @rule()
    def study(self):
        training.take(subject_id=self.applicant, slug="seller", answers=right_answers(), at=self.now)

    @rule(task=TASKS, right=st.booleans())
    def save(self, task, right):
        given = answers(task, kind=self.kind) if right else {}
        uploads = pictures(task, self.kind) if right else {}
        self.tried(applying.save, task=task, answers=given, uploads=uploads, actor=self.actor)

    @rule()
    def hand_in(self):
        self.tried(handing_in.hand_in, actor=self.actor)

    @rule(tasks=st.sets(TASKS, min_size=1))
    def accept(self, tasks):
        self.tried(reviewing.accept, tasks=tasks, actor=DESK)

    @rule()
    def accept_all(self):
        self.accept(set(Task))

    @rule(task=TASKS)
    def send_back(self, task):
        self.tried(reviewing.send_back, reasons={task: "看不清。"}, actor=DESK)

    @rule()
    def approve(self):
        self.tried(reviewing.approve, reason="核对过。", actor=DESK)

    @rule()
    def refuse(self):
        self.tried(reviewing.refuse, reason="执照已注销。", actor=DESK)

    @rule()
    def give_up(self):
        self.tried(applying.give_up, reason="不卖了。", actor=self.actor)

    @invariant()
    def never_ahead_of_what_was_saved(self):
        shop, tasks = self.merchant, Application.objects.get(pk=self.id).tasks
        wanted = [str(task) for task in tasks_for(shop.kind)]
        states = set(tasks.filter(name__in=wanted).values_list("state", flat=True))
        if shop.state == "trading":
            assert states == {"accepted"}
            assert Document.objects.filter(merchant=shop, state="verified").exists()
        if shop.state == "applied":
            assert states <= DONE
        assert (shop.since is not None) == (shop.state == "trading")

    @invariant()
    def one_clock_runs_while_somebody_must_act(self):
        kinds = ("merchants.application", "merchants.application_draft")
        running = Deadline.objects.filter(reference=self.merchant.pk, kind__in=kinds, state=State.OPEN)
        expected = {"preparing": ["merchants.application_draft"], "applied": ["merchants.application"]}
        assert [each.kind for each in running] == expected.get(self.merchant.state, [])

    @invariant()
    def every_decision_says_why(self):
        assert not MerchantMove.objects.filter(reason="").exists()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
def test_applications_in_any_order():
    the_catalogue()
    run_state_machine_as_test(
        Applications, settings=settings(max_examples=12, stateful_step_count=12, deadline=None)
    )
