"""Penalties: points of a quarter, steps, a hearing before anything takes effect, and an end by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts import joint_acts
from deadlines.booking import TooLate
from deadlines.models import Deadline
from deadlines.sweep import sweep
from kernel.actor import Actor
from kernel.errors import IllegalMove, NotFound
from kernel.ids import new_id
from merchants import ladder, penalties, publication
from merchants.models import Merchant, MerchantMove, Penalty
from merchants.parties import PartyMayNotAct
from notifications.models import Letter
from tests.builders.orders import drain
from tests.builders.penalties import a_finding, a_penalty, overturned
from tests.builders.people import a_member
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 10, 3, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Three working days after a Tuesday end with Friday in China.
ANSWER_BY = datetime(2026, 11, 13, 16, 0, tzinfo=UTC)
MIDNIGHT = 16


@pytest.fixture
def shop():
    return a_merchant()


def now(shop):
    return Merchant.objects.get(pk=shop.pk)


def clock(penalty, kind):
    return Deadline.objects.filter(kind=f"merchants.{kind}", reference=penalty.pk).first()


class TestTheLadder:
    @pytest.mark.parametrize(
        ("points", "step"),
        [(1, "warning"), (2, "warning"), (3, "listing_limit"), (5, "listing_limit"), (6, "hidden"),
         (8, "hidden"), (9, "restricted"), (11, "restricted"), (12, "suspended"), (14, "suspended"),
         (15, "closed"), (40, "closed")],
    )  # fmt: skip
    def test_tiers_of_the_policy(self, shop, points, step):
        assert ladder.ladder(AT).step(points) == step

    def test_points_of_the_quarter_add_up(self, shop):
        first, second = a_penalty(shop, at=AT, points=2), a_penalty(shop, at=AT + HOUR, points=2)
        assert [(one.step, one.sum_before, one.sum_after) for one in (first, second)] == [
            ("warning", 0, 2), ("listing_limit", 2, 4),
        ]  # fmt: skip

    def test_and_begin_anew_with_the_next_one_at_midnight_in_china(self, shop):
        a_penalty(shop, at=AT, points=2)
        new_year = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
        assert ladder.points(shop.pk, at=new_year - timedelta(microseconds=1)) == 2
        assert ladder.points(shop.pk, at=new_year) == 0

    def test_dropped_and_overturned_ones_count_no_more(self, shop):
        penalty = a_penalty(shop, at=AT, points=4)
        assert ladder.points(shop.pk, at=AT) == 4
        penalties.drop(penalty_id=penalty.pk, reason="弄错了", actor=Actor.staff(new_id()), at=AT + HOUR)
        assert ladder.points(shop.pk, at=AT + HOUR) == 0


class TestImpose:
    def test_a_warning_counts_at_once_and_touches_nothing(self, shop):
        penalty = a_penalty(shop, at=AT, points=1)
        assert (penalty.state, penalty.in_force_at, penalty.move) == ("in_force", AT, None)
        merchant = now(shop)
        assert (merchant.state, merchant.hidden, merchant.few_listings) == ("trading", False, False)

    def test_all_else_is_announced_first(self, shop):
        penalty = a_penalty(shop, at=AT, points=3)
        assert (penalty.state, penalty.noticed_at, penalty.in_force_at) == ("noticed", AT, None)
        assert clock(penalty, "penalty_answer").due_at == ANSWER_BY
        assert not now(shop).few_listings

    def test_unless_it_is_urgent(self, shop):
        assert a_penalty(shop, at=AT, points=6, urgent=True).state == "in_force"
        assert now(shop).hidden

    @pytest.mark.parametrize("field", ["rule_id", "facts", "reasons"])
    def test_is_refused_without_rule_facts_or_reasons(self, shop, field):
        given = {"rule_id": "cn.return.window", "facts": "x", "reasons": "y", "points": 3} | {field: " "}
        with pytest.raises(penalties.PenaltyUnfounded):
            penalties.impose(
                merchant_id=shop.pk, finding=penalties.Finding(**given), actor=Actor.staff(new_id()), at=AT
            )
        assert not Penalty.objects.exists()

    @pytest.mark.parametrize("points", [0, -1, 16])
    def test_is_refused_with_points_off_the_ladder(self, shop, points):
        with pytest.raises(penalties.PointsUnfit):
            a_penalty(shop, at=AT, points=points)

    def test_is_refused_with_a_rule_nobody_knows_but_takes_a_policy(self, shop):
        actor = Actor.staff(new_id())
        with pytest.raises(penalties.PenaltyRuleUnknown):
            penalties.impose(merchant_id=shop.pk, finding=a_finding(rule_id="cn.made.up"), actor=actor, at=AT)
        finding = a_finding(1, rule_id="policy.penalty.ladder")
        assert penalties.impose(merchant_id=shop.pk, finding=finding, actor=actor, at=AT).points == 1

    def test_is_refused_to_a_party_and_to_everybody_but_staff(self, shop):
        member = a_member(shop)
        with pytest.raises(PartyMayNotAct):
            a_penalty(shop, at=AT, actor=Actor.staff(member.subject_id))
        for actor in (member.actor, Actor.system()):
            with pytest.raises(NotFound):
                a_penalty(shop, at=AT, actor=actor)
        assert not Penalty.objects.exists()


class TestOffSaleTakesTwo:
    def test_it_waits_for_a_second_person(self, shop):
        first, second = Actor.staff(new_id()), Actor.staff(new_id())
        penalty = a_penalty(shop, at=AT, points=12, urgent=True, actor=first)
        assert (penalty.step, penalty.state) == ("suspended", "proposed")
        assert now(shop).state == "trading"
        act = joint_acts.waiting(at=AT)[0]
        with pytest.raises(joint_acts.SamePerson):
            joint_acts.confirm(act_id=act.pk, actor=first, at=AT)
        joint_acts.confirm(act_id=act.pk, actor=second, at=AT + HOUR)
        penalty.refresh_from_db()
        assert (penalty.state, penalty.confirmed_by) == ("in_force", second.subject_id)
        assert now(shop).state == "suspended"

    def test_not_a_member_of_the_shop(self, shop):
        a_penalty(shop, at=AT, points=15)
        act = joint_acts.waiting(at=AT)[0]
        with pytest.raises(PartyMayNotAct):
            joint_acts.confirm(act_id=act.pk, actor=Actor.staff(a_member(shop).subject_id), at=AT)
        assert (now(shop).state, Penalty.objects.get().state) == ("trading", "proposed")

    def test_even_confirmed_the_shop_is_heard_first(self, shop):
        penalty = a_penalty(shop, at=AT, points=12, second=Actor.staff(new_id()))
        assert (penalty.state, now(shop).state) == ("noticed", "trading")


class TestTheHearing:
    def test_silence_lets_it_take_effect(self, shop, platform_at):
        penalty = a_penalty(shop, at=AT, points=9)
        platform_at(ANSWER_BY)
        sweep()
        drain(at=ANSWER_BY)
        penalty.refresh_from_db()
        assert (penalty.state, penalty.in_force_at) == ("in_force", ANSWER_BY)
        assert now(shop).state == "restricted"
        # 28 days later, at the end of the day in China.
        assert penalty.ends_at == datetime(2026, 12, 12, 16, 0, tzinfo=UTC)

    def answered(self, shop, *, points=9, at=AT + DAY):
        penalty = a_penalty(shop, at=AT, points=points)
        actor = Actor.member(new_id(), shop.pk)
        return penalties.answer(
            penalty_id=penalty.pk, merchant_id=shop.pk, text="已改正。", actor=actor, at=at
        )

    def test_an_answer_makes_it_the_platform_s_turn(self, shop):
        penalty = self.answered(shop)
        assert (penalty.state, penalty.answer) == ("answered", "已改正。")
        assert clock(penalty, "penalty_answer").state == "met"
        assert clock(penalty, "penalty_hearing").due_at == datetime(2026, 11, 13, 16, 0, tzinfo=UTC)

    def test_weighed_it_takes_effect_or_is_dropped(self, shop):
        staff = Actor.staff(new_id())
        penalties.uphold(penalty_id=self.answered(shop).pk, actor=staff, at=AT + 2 * DAY)
        assert now(shop).state == "restricted"
        other = a_merchant()
        dropped = self.answered(other)
        penalties.drop(penalty_id=dropped.pk, reason="说清楚了", actor=staff, at=AT + 2 * DAY)
        assert (Penalty.objects.get(pk=dropped.pk).state, now(other).state) == ("dropped", "trading")

    def test_our_silence_on_an_answer_lets_it_fall_away(self, shop, platform_at):
        penalty = self.answered(shop)
        platform_at(datetime(2026, 11, 13, 16, 0, tzinfo=UTC))
        sweep()
        drain(at=datetime(2026, 11, 13, 16, 0, tzinfo=UTC))
        penalty.refresh_from_db()
        assert (penalty.state, penalty.why_ended) == ("dropped", penalties.NOT_WEIGHED)
        assert now(shop).state == "trading"

    def test_is_over_at_its_instant(self, shop):
        with pytest.raises(TooLate):
            self.answered(shop, at=ANSWER_BY)
        assert Penalty.objects.get().state == "noticed"

    def test_refuses_an_empty_answer_a_second_one_and_another_shop_s(self, shop):
        penalty, actor = a_penalty(shop, at=AT), Actor.member(new_id(), shop.pk)
        with pytest.raises(penalties.AnswerMissing):
            penalties.answer(penalty_id=penalty.pk, merchant_id=shop.pk, text=" \x00", actor=actor, at=AT)
        with pytest.raises(NotFound):
            penalties.answer(penalty_id=penalty.pk, merchant_id=a_merchant().pk, text="x", actor=actor, at=AT)
        penalties.answer(penalty_id=penalty.pk, merchant_id=shop.pk, text="一", actor=actor, at=AT)
        with pytest.raises(IllegalMove):
            penalties.answer(penalty_id=penalty.pk, merchant_id=shop.pk, text="二", actor=actor, at=AT)
        assert Penalty.objects.get().answer == "一"

    def test_in_force_it_can_neither_be_upheld_nor_dropped(self, shop):
        penalty, staff = a_penalty(shop, at=AT, points=1), Actor.staff(new_id())
        with pytest.raises(IllegalMove):
            penalties.uphold(penalty_id=penalty.pk, actor=staff, at=AT)
        with pytest.raises(IllegalMove):
            penalties.drop(penalty_id=penalty.pk, reason="x", actor=staff, at=AT)


class TestTheEnd:
    def test_comes_by_itself_and_gives_the_shop_back(self, shop, platform_at):
        owner, penalty = a_member(shop), a_penalty(shop, at=AT, points=9, urgent=True)
        drain(at=AT)
        platform_at(penalty.ends_at)
        sweep()
        drain(at=penalty.ends_at)
        penalty.refresh_from_db()
        merchant = now(shop)
        assert (penalty.state, merchant.state, merchant.hidden) == ("ended", "trading", False)
        kinds = Letter.objects.filter(subject_id=owner.subject_id).values_list("kind", flat=True)
        assert set(kinds) == {"merchants.penalty_in_force", "merchants.penalty_ended"}

    def test_leaves_what_another_penalty_still_asks(self, shop, platform_at):
        first = a_penalty(shop, at=AT, points=6, urgent=True)
        second = a_penalty(shop, at=AT + 5 * DAY, points=3, urgent=True)
        assert (second.step, now(shop).state) == ("restricted", "restricted")
        platform_at(first.ends_at)
        sweep()
        drain(at=first.ends_at)
        assert (now(shop).state, now(shop).hidden) == ("restricted", True)

    def test_of_the_harder_one_leaves_the_milder_one_in_force(self, shop):
        a_penalty(shop, at=AT, points=9, urgent=True)
        hard = a_penalty(shop, at=AT + DAY, points=3, urgent=True, second=Actor.staff(new_id()))
        assert (hard.step, now(shop).state) == ("suspended", "suspended")
        overturned(shop, hard, at=AT + 2 * DAY)
        assert now(shop).state == "restricted"

    def test_leaves_a_newer_decision_alone(self, shop, platform_at):
        penalty = a_penalty(shop, at=AT, points=9, urgent=True)
        a_penalty(shop, at=AT + DAY, points=3, urgent=True, second=Actor.staff(new_id()))
        assert now(shop).state == "suspended"
        platform_at(penalty.ends_at)
        sweep()
        drain(at=penalty.ends_at)
        assert now(shop).state == "suspended"


class TestAppealAndPublication:
    def test_it_is_published_as_soon_as_it_is_in_force_and_the_law_s_clock_is_met(self, shop):
        penalty = a_penalty(shop, at=AT, points=3, urgent=True)
        assert not publication.shown().exists()
        booked = clock(penalty, "penalty_publish")
        # One working day after Tuesday: until Wednesday is over.
        assert (booked.rule_id, booked.due_at) == (
            "cn.penalty.publish", datetime(2026, 11, 11, 16, 0, tzinfo=UTC)
        )  # fmt: skip
        drain(at=AT + HOUR)
        assert [one.pk for one in publication.in_force_of(shop.pk)] == [penalty.pk]
        assert clock(penalty, "penalty_publish").state == "met"

    def test_overturned_everything_is_taken_back(self, shop):
        penalty = a_penalty(shop, at=AT, points=9, urgent=True)
        drain(at=AT)
        overturned(shop, penalty, at=AT + DAY)
        penalty.refresh_from_db()
        assert (penalty.state, penalty.unpublished_at) == ("overturned", AT + DAY)
        assert not publication.shown().exists()
        assert (now(shop).state, ladder.points(shop.pk, at=AT + DAY)) == ("trading", 0)
        assert clock(penalty, "penalty_end").state == "cancelled"
        assert publication.appeal_figures(at=AT + DAY) == (1, 1)
        assert MerchantMove.objects.filter(merchant=shop).order_by("-at").first().reason == "证据成立"

    def test_a_closed_shop_opens_again(self, shop):
        penalty = a_penalty(shop, at=AT, points=15, urgent=True, second=Actor.staff(new_id()))
        assert (now(shop).state, penalty.ends_at) == ("closed", None)
        drain(at=AT)
        overturned(shop, penalty, at=AT + DAY)
        assert now(shop).state == "trading"

    def test_before_it_takes_effect_there_is_nothing_to_appeal(self, shop):
        penalty = a_penalty(shop, at=AT)
        with pytest.raises(NotFound):
            overturned(shop, penalty, at=AT)
