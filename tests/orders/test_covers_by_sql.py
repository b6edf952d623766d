"""What nobody with the database's password can make of covers and claims on them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from kernel.ids import new_id
from orders.models import CoverClaim, OrderCover
from payments.models import PaymentPart
from tests.builders.covers import a_cover, a_cover_claim
from tests.builders.orders import ORDERED, an_order

pytestmark = pytest.mark.django_db
CLAIMED = ORDERED + timedelta(days=2)


@pytest.fixture
def cover() -> OrderCover:
    return a_cover()


@pytest.fixture
def claim(cover: OrderCover) -> CoverClaim:
    return a_cover_claim(cover, at=CLAIMED)


def sql(statement: str, *parameters: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


class TestACover:
    @pytest.mark.parametrize(
        "change",
        [
            "premium_minor = 1",
            "limit_minor = 999999",
            "terms = '{}'",
            "insurer = 'other'",
            "kind = 'authenticity'",
            "version = 2",
        ],
    )
    def test_terms_never_change(self, cover: OrderCover, change: str) -> None:
        with pytest.raises(Exception, match=r"a_cover_keeps_its_terms|Cannot update"):
            sql(f"UPDATE orders_ordercover SET {change} WHERE id = %s", cover.pk)

    def test_it_is_never_removed(self, cover: OrderCover) -> None:
        with pytest.raises(Exception, match=r"a_cover_is_kept|Cannot delete"):
            sql("DELETE FROM orders_ordercover WHERE id = %s", cover.pk)

    @pytest.mark.parametrize(
        ("change", "constraint"),
        [
            ("state = 'free'", "cover_state_is_known|a_running_cover_says_since_when"),
            ("state = 'waiting'", "a_running_cover_says_since_when"),
            ("began_at = NULL", "a_running_cover_says_since_when"),
        ],
    )
    def test_its_state_is_whole(self, cover: OrderCover, change: str, constraint: str) -> None:
        with pytest.raises(IntegrityError, match=constraint):
            sql(f"UPDATE orders_ordercover SET {change} WHERE id = %s", cover.pk)

    def test_only_of_a_line_of_its_order(self, cover: OrderCover) -> None:
        other = an_order()
        cover.pk, cover.number, cover.order_id = new_id(), "C0000000000", other.pk
        with pytest.raises(IntegrityError, match="a_cover_is_of_its_line"), transaction.atomic():
            cover.save(force_insert=True)

    def test_a_line_is_covered_once_of_a_kind(self, cover: OrderCover) -> None:
        cover.pk, cover.number = new_id(), "C0000000000"
        with pytest.raises(IntegrityError, match="a_line_is_covered_once_of_a_kind"), transaction.atomic():
            cover.save(force_insert=True)


class TestAClaim:
    @pytest.mark.parametrize(
        "change",
        ["goods_minor = 1", "beside_minor = 99999", "cause = 'lost'", "facts = '[]'", "quantity = 2"],
    )
    def test_what_was_asked_never_changes(self, claim: CoverClaim, change: str) -> None:
        with pytest.raises(Exception, match=r"a_cover_claim_keeps_what_was_asked|Cannot update"):
            sql(f"UPDATE orders_coverclaim SET {change} WHERE id = %s", claim.pk)

    @pytest.mark.parametrize(
        ("change", "constraint"),
        [
            ("state = 'maybe'", "cover_claim_state_is_known"),
            ("state = 'refused', ended_at = now()", "a_refused_cover_claim_says_why"),
            ("refusal = 'excluded'", "a_refused_cover_claim_says_why"),
            ("state = 'withdrawn'", "a_cover_claim_that_is_over_says_since_when"),
            ("state = 'paid', ended_at = now()", "what_is_paid_beside_the_price_is_proved"),
            ("paid_goods_minor = 1", "a_cover_claim_pays_at_most_what_was_asked"),
            ("state = 'accepted', paid_goods_minor = 99999", "a_cover_claim_pays_at_most_what_was_asked"),
        ],
    )
    def test_its_end_is_whole(self, claim: CoverClaim, change: str, constraint: str) -> None:
        with pytest.raises(IntegrityError, match=constraint):
            sql(f"UPDATE orders_coverclaim SET {change} WHERE id = %s", claim.pk)

    def test_never_two_at_a_time(self, claim: CoverClaim) -> None:
        claim.pk, claim.number = new_id(), "K0000000000"
        with pytest.raises(IntegrityError, match="a_cover_pays_once"), transaction.atomic():
            claim.save(force_insert=True)

    def test_never_above_the_limit(self, cover: OrderCover) -> None:
        above = CoverClaim(
            cover=cover,
            subject_id=cover.subject_id,
            cause="lost",
            quantity=1,
            goods_minor=cover.limit_minor,
            beside_minor=1,
            asked_at=CLAIMED,
        )
        with pytest.raises(IntegrityError, match="a_cover_pays_within_its_limit"), transaction.atomic():
            above.save(force_insert=True)

    def test_never_on_one_that_does_not_run(self) -> None:
        waiting = a_cover(sent=False)
        early = CoverClaim(
            cover=waiting,
            subject_id=waiting.subject_id,
            cause="lost",
            quantity=1,
            beside_minor=1,
            asked_at=CLAIMED,
        )
        with pytest.raises(IntegrityError, match="a_cover_pays_within_its_limit"), transaction.atomic():
            early.save(force_insert=True)


def test_a_premium_is_never_paid_with_a_gift_card(cover: OrderCover) -> None:
    part = PaymentPart.objects.get(reference=cover.pk)
    part.pk, part.reference, part.tendered_minor = new_id(), new_id(), 1
    with (
        pytest.raises(IntegrityError, match="an order's, a card's, a cover's or a deposit's"),
        transaction.atomic(),
    ):
        part.save(force_insert=True)
