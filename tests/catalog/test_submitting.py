"""Handing an offer in: published at once, refused with findings, or kept for a person."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from catalog import drafting, publishing, submitting
from catalog.models import Listing, ListingRevision, Submission, SubmissionMove
from catalog.publishing import ListingIncomplete, NothingChanged, WordingRefused
from catalog.review_clock import REVIEW
from catalog.submitting import WaitsAlready
from deadlines.models import Deadline
from kernel.actor import Actor
from kernel.ids import new_id
from tests.builders.shops import LISTED, a_listing, a_merchant
from tests.builders.submissions import BANNED, a_refused_submission, a_submission

pytestmark = pytest.mark.django_db


def a_known_shop():
    """Its first listings were read already."""
    merchant = a_merchant()
    for title in ("粗陶花器 中号", "青釉盘 七寸", "竹编茶则 一支"):
        a_listing(merchant=merchant, title=title)
    return merchant


def hand_in(listing, at=LISTED):
    return submitting.submit(listing_id=listing.pk, actor=Actor.member(new_id(), listing.merchant_id), at=at)


class TestSubmit:
    def test_clean_offer_of_a_known_shop_is_on_sale_at_once(self):
        submission = hand_in(a_listing(merchant=a_known_shop(), live=False))
        assert submission.state == "published"
        assert Listing.objects.get(pk=submission.listing_id).is_live
        assert [each.name for each in submission.moves.all()] == ["pass_on"]
        assert not Deadline.objects.filter(kind=REVIEW).exists()

    def test_first_offers_of_a_shop_wait_for_a_person(self):
        submission = a_submission()
        assert (submission.state, submission.risks) == ("waiting", ["first"])
        assert not ListingRevision.objects.filter(listing=submission.listing).exists()
        clock = Deadline.objects.get(kind=REVIEW, reference=submission.pk)
        assert (clock.rule_id, clock.owner, clock.state) == (
            "policy.silence.staff_review",
            "platform",
            "open",
        )

    def test_banned_wording_is_refused_with_span_and_rule(self):
        submission = a_refused_submission()
        assert submission.state == "refused"
        (found,) = submission.found
        assert (found.field, found.words, found.law) == ("title_zh-hans", "全网最佳", "cn.ads.absolute")
        assert BANNED[found.start : found.end] == "全网最佳"
        assert submission.moves.get().rule_id == found.rule_id
        assert not ListingRevision.objects.exists()

    def test_doubtful_wording_waits_even_for_a_known_shop(self):
        submission = hand_in(a_listing(merchant=a_known_shop(), live=False, title="极品紫砂壶 220 ml"))
        assert (submission.state, submission.risks) == ("waiting", ["doubt"])

    def test_sensitive_goods_are_always_read(self):
        submission = hand_in(a_listing(merchant=a_known_shop(), live=False, category="toys-baby"))
        assert "sensitive" in submission.risks

    def test_twin_of_an_offer_on_sale_is_doubtful(self):
        merchant = a_known_shop()
        a_listing(merchant=merchant, title="铁黑侧把壶 360 ml")
        submission = hand_in(a_listing(merchant=merchant, live=False, title="铁黑 侧把壶（360ML）"))
        assert [each.rule_id for each in submission.found] == ["duplicate.title"]
        other = hand_in(a_listing(merchant=merchant, live=False, title="铁黑侧把壶 480 ml"))
        assert other.found == []

    def test_new_price_alone_is_not_read_again(self):
        listing = a_listing()
        drafting.edit_draft(
            listing_id=listing.pk, changes={"price_minor": 4200}, actor=Actor.system(), at=LISTED
        )
        assert hand_in(listing).state == "published"

    def test_old_revision_sells_on_while_a_change_waits(self):
        listing = a_listing()
        drafting.edit_draft(
            listing_id=listing.pk,
            changes={"title": {"zh-hans": "月白壶 新"}},
            actor=Actor.system(),
            at=LISTED,
        )
        assert hand_in(listing).state == "waiting"
        listing.refresh_from_db()
        assert listing.is_live
        assert listing.live_revision.number == 1

    def test_incomplete_or_unchanged_is_refused_and_nothing_is_kept(self):
        with pytest.raises(ListingIncomplete):
            hand_in(a_listing(live=False, without="price"))
        with pytest.raises(NothingChanged):
            hand_in(a_listing())
        assert not Submission.objects.exists()

    def test_same_again_waits_already_and_a_new_one_overtakes(self):
        first = a_submission()
        with pytest.raises(WaitsAlready), transaction.atomic():
            hand_in(first.listing)
        drafting.edit_draft(
            listing_id=first.listing_id,
            changes={"title": {"zh-hans": "月白壶"}},
            actor=Actor.system(),
            at=LISTED,
        )
        second = hand_in(first.listing)
        first.refresh_from_db()
        assert (first.state, second.state) == ("overtaken", "waiting")
        assert Deadline.objects.get(reference=first.pk).state == "cancelled"


class TestPublishChecksAgain:
    @pytest.mark.parametrize("title", [BANNED, "极品紫砂壶"])
    def test_wording_that_nobody_passed(self, title):
        draft = a_listing(live=False, title=title)
        with pytest.raises(WordingRefused) as refused:
            publishing.publish(listing_id=draft.pk, actor=Actor.system(), at=LISTED)
        assert refused.value.findings[0].field == "title_zh-hans"
        assert not ListingRevision.objects.exists()


class TestTheDatabase:
    def attack(self, sql, *values):
        with connection.cursor() as cursor, transaction.atomic():
            cursor.execute(sql, values)

    def test_what_was_handed_in_stays(self):
        submission = a_submission()
        for sql in (
            "UPDATE catalog_submission SET draft = '{}' WHERE id = %s",
            "UPDATE catalog_submission SET findings = '[1]' WHERE id = %s",
            "UPDATE catalog_submission SET content_hash = 'x' WHERE id = %s",
            "DELETE FROM catalog_submission WHERE id = %s",
        ):
            with pytest.raises(InternalError):
                self.attack(sql, submission.pk)
        move = SubmissionMove.objects.get()
        for sql in (
            "UPDATE catalog_submissionmove SET reason = 'x' WHERE id = %s",
            "DELETE FROM catalog_submissionmove WHERE id = %s",
        ):
            with pytest.raises(InternalError):
                self.attack(sql, move.pk)

    def test_decided_says_when_and_one_waits_at_a_time(self):
        submission = a_submission()
        with pytest.raises(IntegrityError):
            self.attack("UPDATE catalog_submission SET state = 'published' WHERE id = %s", submission.pk)
        with pytest.raises(IntegrityError):
            Submission.objects.create(
                listing=submission.listing, draft={}, state="waiting", submitted_at=LISTED, submitted_by="x"
            )
