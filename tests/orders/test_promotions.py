"""What a shop may offer, who may claim it and how often; every rule by use case and by SQL."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from kernel.actor import Actor
from kernel.errors import NotFound
from merchants.models import Merchant
from orders.models import Coupon, Promotion
from orders.promotions import claiming, offering
from tests.builders.orders import ORDERED, a_subject
from tests.builders.promotions import a_promotion, terms
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(hours=1)
SYSTEM = Actor.system()


@pytest.fixture
def shop() -> Merchant:
    return a_merchant()


def make(shop: Merchant, **changed: Any) -> Promotion:
    return offering.make(merchant_id=shop.pk, terms=replace(terms(), **changed), actor=SYSTEM, at=ORDERED)


class TestMake:
    def test_holds_from_now_on_at_the_earliest(self, shop: Merchant) -> None:
        made = make(shop)
        assert (made.starts_at, made.ends_at) == (ORDERED, ORDERED + timedelta(days=7))
        assert list(Promotion.objects.on(ORDERED)) == [made]
        assert not Promotion.objects.on(made.ends_at).exists()

    @pytest.mark.parametrize(
        ("changed", "refusal", "field"),
        [
            ({"names": {"en": "Thirty off"}}, offering.PromotionNameRefused, "name_zh_hans"),
            ({"names": {"zh-hans": "减" * 41}}, offering.PromotionNameRefused, "name_zh_hans"),
            ({"names": {"zh-hans": "减", "en": "x\x07"}}, offering.PromotionNameRefused, "name_en"),
            ({"kind": "raffle"}, offering.PromotionSumRefused, "threshold"),
            ({"from_minor": 0}, offering.PromotionSumRefused, "threshold"),
            ({"off_minor": 0}, offering.PromotionSumRefused, "off"),
            ({"off_minor": 20000}, offering.PromotionSumRefused, "off"),
            ({"off_minor": 100, "off_permille": 100}, offering.PromotionSumRefused, "percent"),
            (
                {"off_minor": None, "off_permille": 1000, "most_minor": 1},
                offering.PromotionSumRefused,
                "percent",
            ),
            ({"off_minor": None, "off_permille": 100}, offering.PromotionSumRefused, "percent"),
            ({"ends_at": ORDERED}, offering.PromotionTimeRefused, "ends_on"),
            ({"ends_at": ORDERED + timedelta(days=91)}, offering.PromotionTimeRefused, "ends_on"),
            ({"pieces": 0}, offering.PromotionNumberRefused, "pieces"),
            ({"each": 21}, offering.PromotionNumberRefused, "pieces"),
            ({"categories": ("nowhere",)}, offering.PromotionCategoryUnknown, "categories"),
        ],
        ids=lambda value: value.__name__ if isinstance(value, type) else None,
    )
    def test_refuses_with_the_field(
        self, shop: Merchant, changed: dict[str, Any], refusal: type[Exception], field: str
    ) -> None:
        with pytest.raises(refusal) as refused:
            make(shop, **changed)
        assert refused.value.params["field"] == field  # type: ignore[attr-defined]
        assert not Promotion.objects.exists()

    def test_a_shop_has_so_many_at_a_time(self, shop: Merchant) -> None:
        for _each in range(20):
            first = make(shop)
        with pytest.raises(offering.TooManyPromotions):
            make(shop)
        offering.withdraw(promotion_id=first.pk, merchant_id=shop.pk, actor=SYSTEM, at=ORDERED)
        assert make(shop)


class TestWithdraw:
    def test_ends_it_for_everybody_new(self, shop: Merchant) -> None:
        made = make(shop)
        offering.withdraw(promotion_id=made.pk, merchant_id=shop.pk, actor=SYSTEM, at=LATER)
        assert not Promotion.objects.on(LATER).exists()
        with pytest.raises(offering.PromotionOver):
            offering.withdraw(promotion_id=made.pk, merchant_id=shop.pk, actor=SYSTEM, at=LATER)

    def test_another_shop_has_none_such(self, shop: Merchant) -> None:
        made = make(shop)
        with pytest.raises(NotFound):
            offering.withdraw(promotion_id=made.pk, merchant_id=a_merchant().pk, actor=SYSTEM, at=LATER)
        assert Promotion.objects.on(LATER).exists()


def claim(promotion: Promotion, subject: Any, at: Any = LATER) -> Coupon:
    return claiming.claim(promotion_id=promotion.pk, subject_id=subject, actor=Actor.buyer(subject), at=at)


class TestClaim:
    def test_counts_those_of_the_promotion_and_of_the_person(self, shop: Merchant) -> None:
        made = a_promotion(shop, "coupon", each=2, pieces=3)
        first, second = a_subject(), a_subject()
        claimed = [claim(made, first), claim(made, first), claim(made, second)]
        assert [(each.serial, each.number) for each in claimed] == [(1, 1), (2, 2), (3, 1)]
        assert {each.valid_until for each in claimed} == {made.ends_at}
        with pytest.raises(claiming.CouponClaimed):
            claim(made, first)
        with pytest.raises(claiming.CouponsGone):
            claim(made, a_subject())
        assert Coupon.objects.count() == 3

    @pytest.mark.parametrize("at", [ORDERED - timedelta(hours=2), ORDERED + timedelta(days=7)])
    def test_only_while_it_is_on(self, shop: Merchant, at: Any) -> None:
        made = a_promotion(shop, "coupon", starts_at=ORDERED)
        with pytest.raises(claiming.CouponNotThere):
            claim(made, a_subject(), at)

    def test_not_once_withdrawn_but_a_claimed_one_stays(self, shop: Merchant) -> None:
        made, subject = a_promotion(shop, "coupon"), a_subject()
        claim(made, subject)
        offering.withdraw(promotion_id=made.pk, merchant_id=shop.pk, actor=SYSTEM, at=LATER)
        with pytest.raises(claiming.CouponNotThere):
            claim(made, a_subject(), LATER)
        assert Coupon.objects.of_person(subject).usable(LATER).exists()

    def test_a_threshold_offer_is_no_coupon(self, shop: Merchant) -> None:
        with pytest.raises(NotFound):
            claim(a_promotion(shop), a_subject())


def sql(statement: str, *parameters: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


class TestBySql:
    def test_terms_never_change(self, shop: Merchant) -> None:
        made = make(shop)
        for column in ("off_minor = 1", "ends_at = now()", "names = '{}'", "kind = 'coupon'"):
            with pytest.raises(Exception, match=r"a_promotion_keeps_its_terms|Cannot update"):
                sql(f"UPDATE orders_promotion SET {column} WHERE id = %s", made.pk)
        with pytest.raises(Exception, match=r"a_promotion_is_kept|Cannot delete"):
            sql("DELETE FROM orders_promotion WHERE id = %s", made.pk)

    @pytest.mark.parametrize(
        "off",
        [
            "20000, NULL, NULL",
            "NULL, NULL, NULL",
            "100, 100, 100",
            "NULL, 1000, 5",
            "NULL, 100, NULL",
            "-1, NULL, NULL",
        ],
    )
    def test_no_promotion_that_takes_everything(self, shop: Merchant, off: str) -> None:
        make(shop)
        with pytest.raises(IntegrityError):
            sql(
                "INSERT INTO orders_promotion (id, merchant_id, kind, names, currency, from_minor, off_minor,"
                " off_permille, most_minor, categories, starts_at, ends_at, each, made_at, made_by)"
                f" SELECT gen_random_uuid(), merchant_id, kind, names, currency, from_minor, {off},"
                " categories, starts_at, ends_at, each, made_at, made_by FROM orders_promotion"
            )
        assert Promotion.objects.count() == 1

    @pytest.mark.parametrize(
        ("serial", "number", "later"), [(4, 1, 0), (2, 3, 0), (2, 1, 8), (1, 1, 0), (2, 1, -1)]
    )
    def test_no_coupon_above_its_numbers_or_out_of_its_time(
        self, shop: Merchant, serial: int, number: int, later: int
    ) -> None:
        made = a_promotion(shop, "coupon", each=2, pieces=3)
        first = claim(made, a_subject())
        with pytest.raises(IntegrityError):
            sql(
                "INSERT INTO orders_coupon"
                " (id, promotion_id, subject_id, serial, number, claimed_at, valid_until)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                uuid4(), made.pk, a_subject(), serial, number, ORDERED + timedelta(days=later), made.ends_at,
            )  # fmt: skip
        assert list(Coupon.objects.all()) == [first]

    def test_a_used_coupon_names_its_purchase(self, shop: Merchant) -> None:
        coupon = claim(a_promotion(shop, "coupon"), a_subject())
        with pytest.raises(IntegrityError, match="a_used_coupon_names_its_purchase"):
            sql("UPDATE orders_coupon SET used_at = now() WHERE id = %s", coupon.pk)
        with pytest.raises(Exception, match=r"a_coupon_stays_whose_it_is|Cannot update"):
            sql("UPDATE orders_coupon SET serial = 9 WHERE id = %s", coupon.pk)
