"""Offers handed in, read, refused, contested and changed in any order, legal or not.

After every step nothing doubtful is on sale that no person has passed, a listing has at most one submission
that is being read, a clock runs exactly while it is, and a revision says what was handed in.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from catalog import drafting, publishing, reviewing, submitting, suspension
from catalog.models import Listing, ListingRevision, Submission, SubmissionMove
from catalog.review_clock import REVIEW
from catalog.screening.engine import alarms, screen
from catalog.screening.texts import texts_of
from catalog.submission_lifecycle import SUBMISSION
from deadlines import booking
from kernel.actor import Actor
from kernel.errors import DomainError
from kernel.ids import new_id
from tests.builders.shops import LISTED, a_listing, a_merchant

EXAMPLES = int(os.environ.get("ANXIN_MACHINE_EXAMPLES", "6"))
TITLES = ["月白釉横手急须 480 ml", "极品紫砂壶 220 ml", "全网最佳茶壶", "竹茶盘 40 cm", "加微信 abc123 便宜"]
STAFF = [Actor.staff(new_id()), Actor.staff(new_id())]
REASONS = st.sampled_from(["没有依据", " "])


class SubmissionsMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.now = LISTED
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        merchant = a_merchant()
        self.listings = [a_listing(merchant=merchant, live=False, title=title).pk for title in TITLES[:2]]
        self.member = Actor.member(new_id(), merchant.pk)

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def do(self, step: Any, **facts: Any) -> None:
        """Take a step; a refusal is an answer, anything else is a bug."""
        with suppress(DomainError), transaction.atomic():
            step(at=self.now, **facts)

    def listing(self, data: st.DataObject) -> Any:
        return data.draw(st.sampled_from(self.listings))

    def one(self, data: st.DataObject) -> Any:
        found = list(Submission.objects.order_by("id").values_list("pk", flat=True))
        return data.draw(st.sampled_from(found)) if found else new_id()

    @rule(data=st.data(), title=st.sampled_from(TITLES))
    def edit(self, data: st.DataObject, title: str) -> None:
        changes = {"title": {"zh-hans": title}}
        self.do(drafting.edit_draft, listing_id=self.listing(data), changes=changes, actor=self.member)

    @rule(data=st.data())
    def submit(self, data: st.DataObject) -> None:
        self.do(submitting.submit, listing_id=self.listing(data), actor=self.member)

    @rule(data=st.data())
    def publish_past_it(self, data: st.DataObject) -> None:
        self.do(publishing.publish, listing_id=self.listing(data), actor=self.member)

    @rule(data=st.data(), who=st.sampled_from(STAFF))
    def approve(self, data: st.DataObject, who: Actor) -> None:
        self.do(reviewing.approve, submission_id=self.one(data), actor=who)

    @rule(data=st.data(), who=st.sampled_from(STAFF), reason=REASONS, ask=st.booleans())
    def turn_down(self, data: st.DataObject, who: Actor, reason: str, ask: bool) -> None:
        step = reviewing.ask_for_change if ask else reviewing.refuse
        self.do(step, submission_id=self.one(data), reason=reason, rule_id="cn.ads.false", actor=who)

    @rule(data=st.data(), text=REASONS)
    def contest(self, data: st.DataObject, text: str) -> None:
        self.do(reviewing.contest, submission_id=self.one(data), text=text, actor=self.member)

    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        self.do(reviewing.take_back, submission_id=self.one(data), actor=self.member)

    @rule(data=st.data(), lift=st.booleans())
    def suspend_or_lift(self, data: st.DataObject, lift: bool) -> None:
        if lift:
            self.do(suspension.lift, listing_id=self.listing(data), reason="好了", actor=STAFF[0])
        else:
            facts = {"reason": "没有证书", "rule_id": "cn.goods.licence", "actor": STAFF[0]}
            self.do(suspension.suspend, listing_id=self.listing(data), **facts)

    @rule(hours=st.integers(1, 72))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        for pk in Submission.objects.open().values_list("pk", flat=True):
            clock = booking.find(kind=REVIEW, reference=pk)
            if clock is not None and clock.due_at <= self.now:
                reviewing.on_review_due(reference=pk, due_at=clock.due_at, at=self.now)

    @invariant()
    def nothing_doubtful_is_on_sale_unseen(self) -> None:
        for revision in ListingRevision.objects.select_related("listing"):
            if alarms(screen(texts_of(revision.content), category=revision.listing.category_id)):
                passed = Submission.objects.filter(
                    listing=revision.listing, state="published", moves__name="approve"
                )
                titles = [each.draft["title"] for each in passed]
                assert revision.content["title"] in titles

    @invariant()
    def one_is_read_at_a_time_and_its_clock_runs(self) -> None:
        for pk in getattr(self, "listings", []):
            assert Submission.objects.open().of_listing(pk).count() <= 1
        for each in Submission.objects.all():
            assert (booking.find(kind=REVIEW, reference=each.pk) is not None) == each.is_open

    @invariant()
    def the_history_tells_the_state(self) -> None:
        for each in Submission.objects.all():
            state = "screened"
            for move in SubmissionMove.objects.filter(submission=each).order_by("at", "id"):
                assert (move.from_state, move.to_state) == (state, SUBMISSION.target(state, move.name))
                state = move.to_state
            assert state == each.state

    @invariant()
    def suspended_is_not_on_sale(self) -> None:
        assert not Listing.objects.filter(state="suspended", moves__isnull=True).exists()


@pytest.mark.django_db
def test_submissions_machine() -> None:
    run_state_machine_as_test(
        SubmissionsMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
