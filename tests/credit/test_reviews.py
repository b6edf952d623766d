"""A review comes from a real, delivered line of one's own order; once, and nobody takes it away."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from credit import reviews
from credit.models import Entry, Review, ReviewNote
from credit.reviews import (
    AlreadyAdded,
    AlreadyReviewed,
    NotYetDelivered,
    OwnShop,
    ReviewTextMissing,
    ReviewTextTooLong,
    ScoreOutOfRange,
)
from kernel.actor import Actor
from kernel.errors import NotFound
from privacy import keys
from tests.builders.orders import a_return, a_subject, an_order
from tests.builders.people import a_buyer
from tests.builders.reviews import DELIVERED, FINE, REVIEWED, a_review
from tests.builders.shops import a_member

pytestmark = pytest.mark.django_db


def write(order, *, actor=None, at=REVIEWED, **changes):
    line = order.lines.order_by("position")[0]
    told = {**FINE, "text": "好", **changes}
    actor = actor or Actor.buyer(order.subject_id)
    return reviews.write_review(order_id=order.pk, line_id=line.pk, actor=actor, at=at, **told)


class TestWhoMayReview:
    def test_the_buyer_of_a_delivered_line(self):
        review = a_review()
        assert (review.goods, review.description, review.delivery, review.aftersales) == (5, 4, 4, 5)
        assert Review.objects.get(pk=review.pk).text == "釉色比图里偏灰一点。"

    def test_nobody_else(self):
        order = an_order(delivered_at=DELIVERED)
        for actor in (
            Actor.buyer(a_subject()),
            Actor.anonymous(),
            Actor.member(a_subject(), order.merchant_id),
        ):
            with pytest.raises(NotFound):
                write(order, actor=actor)
        assert not Review.objects.exists()

    def test_nobody_before_delivery(self):
        with pytest.raises(NotYetDelivered):
            write(an_order(shipped=True))
        with pytest.raises(NotYetDelivered):
            write(an_order(paid=True))

    def test_not_a_line_of_another_order(self):
        mine = an_order(delivered_at=DELIVERED)
        other = an_order(delivered_at=DELIVERED).lines.get()
        with pytest.raises(NotFound):
            reviews.write_review(
                order_id=mine.pk, line_id=other.pk, actor=Actor.buyer(mine.subject_id), at=REVIEWED, **FINE
            )

    def test_still_after_the_goods_went_back(self):
        from orders import returns

        order = an_order(delivered_at=DELIVERED)
        made = a_return(order, at=DELIVERED + timedelta(hours=5), received=True)
        actor = Actor.member(a_subject(), order.merchant_id)
        returns.refund(return_id=made.pk, actor=actor, at=DELIVERED + timedelta(days=2))
        order.refresh_from_db()
        assert order.state == "refunded"
        assert write(order).pk

    def test_not_of_ones_own_shop(self):
        buyer = a_buyer()
        order = an_order(delivered_at=DELIVERED, subject_id=buyer.subject_id)
        from merchants import membership
        from merchants.capabilities import Capability

        membership.add_member(
            merchant_id=order.merchant_id, subject_id=buyer.subject_id, capabilities=[Capability.READ],
            actor=Actor.system(), at=DELIVERED,
        )  # fmt: skip
        with pytest.raises(OwnShop):
            write(order)

    def test_once(self):
        review = a_review()
        with pytest.raises(AlreadyReviewed):
            write(review.order, goods=1)
        assert Review.objects.get().goods == 5


class TestWhatItMaySay:
    @pytest.mark.parametrize("name", ["goods", "description", "delivery", "aftersales"])
    @pytest.mark.parametrize("score", [0, 6, -1, True, 4.5, "5"])
    def test_scores_are_one_to_five(self, name, score):
        with pytest.raises(ScoreOutOfRange) as refused:
            write(an_order(delivered_at=DELIVERED), **{name: score})
        assert refused.value.params["field"] == name

    def test_two_thousand_characters_and_no_more(self):
        order = an_order(delivered_at=DELIVERED)
        with pytest.raises(ReviewTextTooLong):
            write(order, text="字" * 2001)
        with pytest.raises(ReviewTextTooLong):
            write(order, text="字" * 10_000_000)
        assert len(write(order, text="字" * 2000).text) == 2000

    def test_direction_and_control_marks_go(self):
        review = write(an_order(delivered_at=DELIVERED), text="\u202e好\u2066\x00评\r\n第二行\u200b")
        assert review.text == "好评\n第二行"

    @pytest.mark.parametrize(
        ("name", "shown"), [("林未", "林**"), ("Wei Chen", "W**"), ("\u202e林", "林**"), ("", "匿**")]
    )
    def test_only_a_masked_name_is_kept(self, name, shown):
        assert reviews.masked(name) == shown

    def test_the_accounts_name_is_masked_by_itself(self):
        order = an_order(delivered_at=DELIVERED, subject_id=a_buyer("林安").subject_id)
        assert write(order).nickname == "林**"

    def test_words_are_sealed_and_go_with_the_key(self):
        review = a_review(text="金丝雀评价文字")
        with connection.cursor() as cursor:
            cursor.execute("SELECT text, nickname FROM credit_review")
            text, nickname = (bytes(column) for column in cursor.fetchone())
        assert "金丝雀".encode() not in text and "匿".encode() not in nickname
        keys.destroy(subject_id=review.subject_id, at=REVIEWED)
        from credit import access

        said = access.read(Review.objects.get())
        assert said.gone and said.text == ""


class TestAdding:
    def test_a_follow_up_once_by_the_buyer(self):
        review = a_review()
        actor, later = Actor.buyer(review.subject_id), REVIEWED + timedelta(days=30)
        assert (
            reviews.follow_up(review_id=review.pk, text="用了一个月，还好。", actor=actor, at=later).seat
            == "buyer"
        )
        with pytest.raises(AlreadyAdded):
            reviews.follow_up(review_id=review.pk, text="再来", actor=actor, at=later)
        with pytest.raises(NotFound):
            reviews.follow_up(review_id=review.pk, text="冒充", actor=Actor.buyer(a_subject()), at=later)

    def test_a_reply_once_by_the_shop(self):
        review = a_review()
        member = a_member(review.merchant)
        reviews.reply(review_id=review.pk, text="谢谢。", actor=member.actor, at=REVIEWED)
        with pytest.raises(AlreadyAdded):
            reviews.reply(review_id=review.pk, text="谢谢！", actor=member.actor, at=REVIEWED)
        stranger = Actor.member(a_subject(), an_order().merchant_id)
        with pytest.raises(NotFound):
            reviews.reply(review_id=review.pk, text="冒充", actor=stranger, at=REVIEWED)

    def test_not_without_words(self):
        review = a_review()
        with pytest.raises(ReviewTextMissing):
            reviews.follow_up(
                review_id=review.pk, text=" \u200b ", actor=Actor.buyer(review.subject_id), at=REVIEWED
            )


class TestNobodyTakesItAway:
    @pytest.mark.parametrize(
        "attack",
        [
            "DELETE FROM credit_review",
            "UPDATE credit_review SET goods = 5",
            "DELETE FROM credit_reviewnote",
            "UPDATE credit_reviewnote SET seat = 'merchant'",
            "DELETE FROM credit_entry",
            "UPDATE credit_entry SET weight = 0",
        ],
    )
    def test_the_database_refuses(self, attack):
        review = a_review(goods=1)
        reviews.follow_up(review_id=review.pk, text="补", actor=Actor.buyer(review.subject_id), at=REVIEWED)
        refused = pytest.raises(InternalError, match="Cannot update or delete")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
        assert Review.objects.get().goods == 1 and ReviewNote.objects.count() == 1
        assert Entry.objects.filter(kind="review").count() == 1

    def test_a_second_review_of_a_line_is_refused_by_the_database(self):
        review = a_review()
        twin = Review(
            order=review.order, line=review.line, listing=review.listing, merchant=review.merchant,
            subject_id=review.subject_id, at=REVIEWED, **FINE,
        )  # fmt: skip
        twin.nickname = twin.text = "x"
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)

    def test_scores_out_of_range_are_refused_by_the_database(self):
        review = a_review()
        line = an_order(delivered_at=DELIVERED).lines.get()
        twin = Review(
            order=line.order, line=line, listing=line.listing, merchant=review.merchant,
            subject_id=review.subject_id, at=REVIEWED, **{**FINE, "goods": 6},
        )  # fmt: skip
        twin.nickname = twin.text = "x"
        with pytest.raises(IntegrityError, match="review_scores_are_one_to_five"), transaction.atomic():
            twin.save(force_insert=True)
