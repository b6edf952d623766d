"""Penalties in any order: whatever staff, shop and clocks do, points, steps and standing agree."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts import joint_acts
from deadlines.models import Deadline
from kernel.actor import Actor
from kernel.errors import DomainError
from kernel.ids import new_id
from merchants import appeals, ladder, penalties, penalty_effects, publication
from merchants.models import Merchant, Penalty
from merchants.penalty_lifecycle import BY_TWO, STEPS, Step
from tests.builders.orders import drain
from tests.builders.penalties import a_finding
from tests.builders.shops import a_merchant

BEGIN = datetime(2026, 11, 10, 3, 0, tzinfo=UTC)
STAFF = [Actor.staff(new_id()) for _ in range(3)]
OUTCOMES = {
    "merchants.penalty_answer": penalties.on_answer_due,
    "merchants.penalty_hearing": penalties.on_hearing_due,
    "merchants.penalty_end": penalty_effects.on_end_due,
    "merchants.penalty_publish": publication.on_publish_due,
}
picks = st.integers(0, 9)


class Penalties(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.mark = transaction.atomic()
        self.mark.__enter__()
        self.shop, self.at = a_merchant(at=BEGIN), BEGIN

    def teardown(self):
        transaction.set_rollback(True)
        self.mark.__exit__(None, None, None)

    def one(self, pick):
        found = list(Penalty.objects.filter(merchant=self.shop).order_by("imposed_at", "id"))
        return found[pick % len(found)] if found else None

    def tried(self, step, **given):
        """A refusal leaves everything as it was."""
        try:
            with transaction.atomic():
                step(**given, at=self.at)
        except DomainError:
            pass

    @rule(points=st.integers(1, 15), urgent=st.booleans(), who=picks)
    def impose(self, points, urgent, who):
        finding = a_finding(points, urgent=urgent)
        self.tried(penalties.impose, merchant_id=self.shop.pk, finding=finding, actor=STAFF[who % 3])

    @rule(who=picks)
    def confirm(self, who):
        for act in joint_acts.waiting(at=self.at)[:1]:
            self.tried(joint_acts.confirm, act_id=act.pk, actor=STAFF[who % 3])

    @rule(pick=picks)
    def answer(self, pick):
        if penalty := self.one(pick):
            member = Actor.member(new_id(), self.shop.pk)
            self.tried(
                penalties.answer, penalty_id=penalty.pk, merchant_id=self.shop.pk, text="改了", actor=member
            )

    @rule(pick=picks, keep=st.booleans())
    def weigh(self, pick, keep):
        if penalty := self.one(pick):
            if keep:
                self.tried(penalties.uphold, penalty_id=penalty.pk, actor=STAFF[0])
            else:
                self.tried(penalties.drop, penalty_id=penalty.pk, reason="说清了", actor=STAFF[0])

    @rule(pick=picks, upheld=st.booleans())
    def appeal(self, pick, upheld):
        if penalty := self.one(pick):
            self.tried(self.appealed, penalty=penalty, upheld=upheld)

    def appealed(self, *, penalty, upheld, at):
        appeal = appeals.file(
            merchant_id=self.shop.pk, about="penalty", reference=penalty.pk, text="新", at=at,
            actor=Actor.member(new_id(), self.shop.pk),
        )  # fmt: skip
        other = Actor.staff(new_id())
        appeals.decide(appeal_id=appeal.pk, upheld=upheld, reasons="理由", actor=other, at=at)

    @rule(days=st.integers(1, 20))
    def wait(self, days):
        self.at += timedelta(days=days)
        due = Deadline.objects.filter(kind__in=OUTCOMES, state="open", due_at__lte=self.at)
        for each in due.order_by("due_at", "id"):
            each.refresh_from_db()
            if each.state == "open":
                OUTCOMES[each.kind](reference=each.reference, due_at=each.due_at, at=each.due_at)
                Deadline.objects.filter(pk=each.pk, state="open").update(state="fired", ended_at=self.at)

    @invariant()
    def standing_is_what_the_penalties_in_force_ask(self):
        if not hasattr(self, "shop"):
            return
        drain(at=self.at)
        merchant = Merchant.objects.get(pk=self.shop.pk)
        held = [Step(one) for one in Penalty.objects.filter(state="in_force").values_list("step", flat=True)]
        heaviest = max((STEPS.index(one) for one in held), default=0)
        assert merchant.hidden == (heaviest >= STEPS.index(Step.HIDDEN))
        assert merchant.few_listings == (heaviest >= STEPS.index(Step.LISTING_LIMIT))
        asked = {Step.RESTRICTED: "restricted", Step.SUSPENDED: "suspended", Step.CLOSED: "closed"}
        assert merchant.state == asked.get(STEPS[heaviest], "trading")

    @invariant()
    def each_row_is_true(self):
        if not hasattr(self, "shop"):
            return
        for each in Penalty.objects.filter(merchant=self.shop):
            assert each.step == ladder.ladder(each.imposed_at).step(each.sum_after)
            if each.step in BY_TWO and each.in_force_at:
                assert each.confirmed_by not in (None, each.imposed_by)
            assert each.state != "overturned" or each.unpublished_at or not each.published_at
            running = Deadline.objects.filter(reference=each.pk, state="open", kind="merchants.penalty_end")
            assert running.exists() == (each.state == "in_force" and each.step != Step.CLOSED)


@pytest.mark.django_db
def test_penalties_hold_under_any_sequence():
    run_state_machine_as_test(
        Penalties,
        settings=settings(
            max_examples=30,
            stateful_step_count=14,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
