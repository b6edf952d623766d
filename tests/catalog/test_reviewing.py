"""People decide: pass, refuse with words and rule, read again what is contested."""

from datetime import timedelta

import pytest
from django.db import transaction

from catalog import drafting, reviewing, submitting
from catalog.models import ListingRevision, Submission
from catalog.publishing import ShopMayNotPublish
from catalog.review_clock import REVIEW
from catalog.reviewing import (
    AnotherReads,
    ContestedAlready,
    ContestTextMissing,
    Passage,
    ReviewReasonMissing,
    WordsNotThere,
)
from deadlines.models import Deadline
from evidence.models import Leaf
from kernel.actor import Actor
from kernel.errors import IllegalMove
from kernel.ids import new_id
from merchants import standing
from merchants.parties import PartyMayNotAct
from outbox.models import Message
from tests.builders.people import a_member
from tests.builders.shops import LISTED
from tests.builders.submissions import a_refused_submission, a_submission, refused_by

pytestmark = pytest.mark.django_db
LIN, OUYANG = Actor.staff(new_id()), Actor.staff(new_id())


def owner(submission):
    return Actor.member(new_id(), submission.listing.merchant_id)


class TestApprove:
    def test_goes_on_sale_as_it_was_handed_in(self):
        submission = a_submission()
        drafting.edit_draft(
            listing_id=submission.listing_id,
            changes={"title": {"zh-hans": "别的标题"}},
            actor=owner(submission),
            at=LISTED,
        )
        reviewing.approve(submission_id=submission.pk, actor=LIN, at=LISTED)
        revision = ListingRevision.objects.get()
        assert revision.content["title"] == {"zh-hans": "月白釉手作横手急须 480 ml"}
        assert Deadline.objects.get(kind=REVIEW).state == "met"
        assert Leaf.objects.filter(label="catalog.submission").count() == 1
        assert Message.objects.filter(name="catalog.SubmissionDecided").count() == 1
        submission.listing.refresh_from_db()
        assert submission.listing.draft["title"]["zh-hans"] == "别的标题"

    def test_what_was_passed_is_not_read_again(self):
        submission = a_submission(title="极品紫砂壶 220 ml")
        reviewing.approve(submission_id=submission.pk, actor=LIN, at=LISTED)
        listing = submission.listing
        drafting.edit_draft(
            listing_id=listing.pk, changes={"title": {"zh-hans": "紫砂壶"}}, actor=LIN, at=LISTED
        )
        submitting.submit(listing_id=listing.pk, actor=Actor.system(), at=LISTED)
        drafting.edit_draft(
            listing_id=listing.pk, changes={"title": {"zh-hans": "极品紫砂壶 220 ml"}}, actor=LIN, at=LISTED
        )
        again = submitting.submit(listing_id=listing.pk, actor=owner(submission), at=LISTED)
        assert again.state == "published"

    def test_refusal_of_publication_leaves_it_waiting(self):
        submission = a_submission()
        standing.restrict(
            merchant_id=submission.listing.merchant_id, reason="x", rule_id="cn.trade", actor=LIN, at=LISTED
        )
        with pytest.raises(ShopMayNotPublish), transaction.atomic():
            reviewing.approve(submission_id=submission.pk, actor=LIN, at=LISTED)
        submission.refresh_from_db()
        assert submission.state == "waiting"
        assert Deadline.objects.get(kind=REVIEW).state == "open"

    def test_nobody_of_the_shop_decides(self):
        submission = a_submission()
        member = a_member(submission.listing.merchant)
        with pytest.raises(PartyMayNotAct):
            reviewing.approve(submission_id=submission.pk, actor=Actor.staff(member.subject_id), at=LISTED)

    def test_decided_once(self):
        submission = a_submission()
        reviewing.approve(submission_id=submission.pk, actor=LIN, at=LISTED)
        with pytest.raises(IllegalMove):
            reviewing.refuse(submission_id=submission.pk, reason="x", rule_id="y", actor=LIN, at=LISTED)


class TestRefuse:
    def test_words_are_found_in_their_field(self):
        submission = a_submission()
        reviewing.refuse(
            submission_id=submission.pk,
            reason="没有依据。",
            rule_id="cn.ads.false",
            about=Passage("title_zh-hans", "手作"),
            actor=LIN,
            at=LISTED,
        )
        move = submission.moves.get(name="refuse")
        assert (move.field, move.start, move.end, move.rule_id) == ("title_zh-hans", 3, 5, "cn.ads.false")
        assert not ListingRevision.objects.exists()

    @pytest.mark.parametrize(("reason", "rule"), [("", "cn.ads.false"), ("x", " ")])
    def test_without_reason_or_rule_nothing_happens(self, reason, rule):
        submission = a_submission()
        with pytest.raises(ReviewReasonMissing):
            reviewing.refuse(submission_id=submission.pk, reason=reason, rule_id=rule, actor=LIN, at=LISTED)
        submission.refresh_from_db()
        assert submission.state == "waiting"

    def test_words_that_are_not_there(self):
        submission = a_submission()
        with pytest.raises(WordsNotThere):
            reviewing.ask_for_change(
                submission_id=submission.pk,
                reason="x",
                rule_id="y",
                about=Passage("title_zh-hans", "没有的字"),
                actor=LIN,
                at=LISTED,
            )


class TestContest:
    def test_another_reads_again_and_it_goes_on_sale(self):
        submission = refused_by(LIN)
        reviewing.contest(
            submission_id=submission.pk, text="产地见说明书。", actor=owner(submission), at=LISTED
        )
        clock = Deadline.objects.filter(kind=REVIEW, reference=submission.pk, state="open")
        assert clock.count() == 1
        with pytest.raises(AnotherReads), transaction.atomic():
            reviewing.approve(submission_id=submission.pk, actor=LIN, at=LISTED)
        assert reviewing.approve(submission_id=submission.pk, actor=OUYANG, at=LISTED).state == "published"
        assert ListingRevision.objects.count() == 1

    def test_a_machine_s_refusal_is_read_by_a_person(self):
        submission = a_refused_submission()
        reviewing.contest(submission_id=submission.pk, text="“最佳”是注册商标。", actor=LIN, at=LISTED)
        reviewing.approve(submission_id=submission.pk, actor=OUYANG, at=LISTED)
        assert ListingRevision.objects.count() == 1

    def test_refusal_stands_and_is_not_contested_twice(self):
        submission = refused_by(LIN)
        reviewing.contest(submission_id=submission.pk, text="不同意", actor=owner(submission), at=LISTED)
        again = reviewing.refuse(
            submission_id=submission.pk, reason="看过了。", rule_id="cn.ads.false", actor=OUYANG, at=LISTED
        )
        assert again.state == "stands"
        with pytest.raises(ContestedAlready):
            reviewing.contest(submission_id=submission.pk, text="再看", actor=owner(submission), at=LISTED)

    def test_needs_words(self):
        submission = refused_by(LIN)
        with pytest.raises(ContestTextMissing):
            reviewing.contest(submission_id=submission.pk, text="  ", actor=owner(submission), at=LISTED)


class TestOverdue:
    def test_goes_to_a_senior_once(self):
        submission = a_submission()
        late = LISTED + timedelta(days=9)
        for _ in range(2):
            reviewing.on_review_due(reference=submission.pk, due_at=late, at=late)
        submission.refresh_from_db()
        assert submission.with_senior
        assert Message.objects.filter(name="catalog.ReviewOverdue").count() == 1

    def test_queue_has_the_riskiest_first(self):
        first = a_submission()
        doubt = a_submission(title="极品紫砂壶", at=LISTED + timedelta(hours=1))
        assert list(Submission.objects.queue()) == [doubt, first]


def test_taken_back():
    submission = a_submission()
    reviewing.take_back(submission_id=submission.pk, actor=owner(submission), at=LISTED)
    submission.refresh_from_db()
    assert submission.state == "taken_back"
    assert Deadline.objects.get(kind=REVIEW).state == "cancelled"
