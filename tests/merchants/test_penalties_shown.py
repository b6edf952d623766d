"""What a penalty does to listings, and how shop, staff and public see it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.staff import Role
from catalog.drafting import edit_draft
from catalog.publishing import ShopMayNotPublish, publish
from deadlines.models import Deadline
from kernel.actor import Actor
from kernel.ids import new_id
from merchants import limits, penalties
from merchants.capabilities import Capability
from merchants.models import Merchant, Penalty
from tests.builders.orders import drain
from tests.builders.penalties import a_penalty, overturned
from tests.builders.people import a_member, a_staff
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 10, 3, 0, tzinfo=UTC)
THINGS = (
    "茶壶 瓷碗 竹篮 木梳 铜锁 毛笔 砚台 纸伞 布包 香囊 花瓶 烛台 皮带 草帽 陶罐 银匙 玉佩 屏风 棋盘 风筝"
).split()
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


class TestEffectsOnListings:
    def test_hidden_goods_are_found_on_the_shop_s_page_alone(self, shop, client):
        a_listing(merchant=shop, title="青瓷盖碗一只")
        a_penalty(shop, at=AT, points=6, urgent=True)
        assert "青瓷盖碗一只" not in client.get("/search/", {"q": "青瓷盖碗"}).content.decode()
        assert "青瓷盖碗一只" in client.get(f"/shop/{shop.slug}/").content.decode()

    def test_few_listings_refuse_one_more_and_let_a_change_through(self, shop):
        live = [a_listing(merchant=shop, code=f"K-{thing}", title=f"手作{thing}") for thing in THINGS]
        a_penalty(shop, at=AT, points=3, urgent=True)
        with pytest.raises(limits.TooManyListings) as refused:
            a_listing(merchant=shop, code="K-21", title="一幅山水挂画")
        assert refused.value.params["limit"] == 20
        actor = Actor.member(new_id(), shop.pk)
        edit_draft(listing_id=live[0].pk, changes={"price_minor": 4000}, actor=actor, at=AT)
        assert publish(listing_id=live[0].pk, actor=actor, at=AT).number == 2

    def test_a_grade_has_a_limit_of_its_own(self, shop):
        for grade, most in (("A", None), ("N", None), ("D", 500), ("E", 100)):
            shop.grade, shop.few_listings = grade, False
            assert limits.most_live(shop, at=AT) == most
            shop.few_listings = True
            assert limits.most_live(shop, at=AT) == 20

    def test_nothing_new_on_sale_while_restricted(self, shop):
        a_penalty(shop, at=AT, points=9, urgent=True)
        with pytest.raises(ShopMayNotPublish):
            a_listing(merchant=shop)


class TestPages:
    @pytest.fixture(autouse=True)
    def _now(self, at):
        at(AT + HOUR)

    def test_the_owner_answers_and_a_reader_only_reads(self, shop):
        owner, reader = a_member(shop), a_member(shop, [Capability.READ])
        penalty = a_penalty(shop, at=AT, points=6)
        page, answer = (
            reverse("merchants:standing", args=[shop.slug]),
            reverse("merchants:penalty-answer", args=[shop.slug, penalty.pk]),
        )
        said = owner.client.get(page).content.decode()
        assert "拒收七天无理由退货三次。" in said
        assert answer in said
        assert answer not in reader.client.get(page).content.decode()
        assert reader.client.post(answer, {"text": "x"}).status_code == 404
        assert owner.client.post(answer, {"text": ""}).status_code == 422
        assert owner.client.post(answer, {"text": "已改正"}).status_code == 303
        assert Penalty.objects.get().answer == "已改正"

    def test_staff_impose_and_weigh(self, shop):
        staff = a_staff(Role.MERCHANT_DESK)
        impose = f"/admin/merchants/penalty/of/{shop.pk}/"
        given = {"rule_id": "cn.return.window", "facts": "拒退", "reasons": "第二次", "points": "6"}
        assert staff.client.get(impose).status_code == 200
        assert staff.client.post(impose, given | {"points": "99"}).status_code == 422
        assert staff.client.post(impose, given | {"rule_id": "nothing"}).status_code == 422
        assert not Penalty.objects.exists()
        staff.client.post(impose, given)
        penalty = Penalty.objects.get()
        assert (penalty.step, penalty.state, penalty.imposed_by) == ("hidden", "noticed", staff.subject_id)
        penalties.answer(
            penalty_id=penalty.pk, merchant_id=shop.pk, text="缺货", at=AT + HOUR,
            actor=Actor.member(new_id(), shop.pk),
        )  # fmt: skip
        assert "缺货" in staff.client.get(f"/admin/merchants/penalty/{penalty.pk}/change/").content.decode()
        weigh = f"/admin/merchants/penalty/{penalty.pk}/weighing"
        staff.client.post(weigh, {"weighing": "drop", "reason": ""})
        assert Penalty.objects.get().state == "answered"
        staff.client.post(weigh, {"weighing": "uphold"})
        assert Penalty.objects.get().state == "in_force"
        assert a_staff(Role.CATALOGUE_DESK).client.post(weigh, {"weighing": "drop"}).status_code == 403

    def test_the_public_reads_what_was_done_and_why(self, shop, client):
        penalty = a_penalty(shop, at=AT, points=6, urgent=True)
        drain(at=AT)
        said = client.get("/sanctions/").content.decode()
        assert shop.display_name in said
        assert "拒收七天无理由退货三次。" in said
        assert shop.display_name not in client.get("/sanctions/?step=warning").content.decode()
        overturned(shop, penalty, at=AT + HOUR)
        said = client.get("/sanctions/").content.decode()
        assert shop.display_name not in said
        assert "100" in said
