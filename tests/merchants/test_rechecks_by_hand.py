"""The half-yearly check where no register can be asked, and of shops admitted before it had a clock."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.staff import Role
from deadlines.models import Deadline, State
from merchants import rechecking, standing
from merchants.models import IdentityConfirmation, Merchant
from tests.builders.papers import DESK
from tests.builders.people import a_buyer, a_member, a_staff
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SAID = "对照了营业执照原件的照片。"


@pytest.fixture(autouse=True)
def _now(at):
    at(AT)


@pytest.fixture
def shop():
    return a_merchant()


def clocks(shop):
    return Deadline.objects.filter(kind="merchants.recheck", reference=shop.pk)


class TestTheDesk:
    def press(self, person, shop, reason=SAID):
        return person.client.post(f"/admin/merchants/merchant/{shop.pk}/compared", {"reason": reason})

    def test_reads_what_registers_said_and_checks_by_hand(self, shop):
        desk = a_staff(Role.MERCHANT_DESK)
        page = desk.client.get(f"/admin/merchants/merchant/{shop.pk}/change/").content.decode()
        assert f"/admin/merchants/merchant/{shop.pk}/compared" in page
        before = clocks(shop).get().due_at
        assert self.press(desk, shop).status_code == 302
        assert clocks(shop).get(state=State.OPEN).due_at > before
        assert Merchant.objects.get(pk=shop.pk).verified_at == AT
        line = IdentityConfirmation.objects.get(merchant=shop)
        assert (line.actor, line.reason) == (f"staff:{desk.subject_id}", SAID)
        assert SAID in desk.client.get(f"/admin/merchants/merchant/{shop.pk}/change/").content.decode()

    def test_without_words_or_for_a_closed_shop_nothing_changes(self, shop):
        desk, before = a_staff(Role.MERCHANT_DESK), clocks(shop).get().due_at
        self.press(desk, shop, "  ")
        assert clocks(shop).get().due_at == before
        standing.close(merchant_id=shop.pk, reason="x", rule_id="r", actor=DESK, at=AT)
        self.press(desk, shop)
        assert not IdentityConfirmation.objects.exists()

    def test_nobody_else_may(self, shop):
        for person in (a_buyer(), a_member(shop), a_staff(Role.REVIEWER)):
            assert self.press(person, shop).status_code in (302, 403, 404)
        assert not IdentityConfirmation.objects.exists()


def test_the_database_wants_words_of_staff(shop):
    rechecking.pass_by_hand(merchant_id=shop.pk, reason=SAID, actor=DESK, at=AT)
    with (
        pytest.raises(IntegrityError, match="identity_compared_by_hand_says_with_what"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO merchants_identityconfirmation (id, merchant_id, actor, reason, at)"
            " SELECT gen_random_uuid(), merchant_id, actor, '', at FROM merchants_identityconfirmation"
        )


class TestShopsFromBeforeTheClock:
    def before_the_clock(self, shop, *, checked):
        clocks(shop).delete()
        Merchant.objects.filter(pk=shop.pk).update(verified_at=checked)

    def test_it_runs_from_the_last_check(self, shop):
        self.before_the_clock(shop, checked=AT - timedelta(days=30))
        assert rechecking.book_missing(at=AT, limit=10) == 1
        row = clocks(shop).get()
        assert (row.rule_id, row.due_at) == ("cn.kyc.recheck", datetime(2027, 4, 24, 16, 0, tzinfo=UTC))
        assert row.next_letter_at is not None
        assert rechecking.book_missing(at=AT, limit=10) == 0

    def test_who_would_be_late_gets_time(self, shop):
        self.before_the_clock(shop, checked=AT - timedelta(days=400))
        assert rechecking.book_missing(at=AT, limit=10) == 1
        row = clocks(shop).get()
        assert row.rule_id == "policy.identity.recheck_missed"
        assert row.due_at == datetime(2026, 12, 23, 16, 0, tzinfo=UTC)

    def test_neither_one_that_runs_nor_a_closed_shop(self, shop):
        gone = a_merchant()
        standing.close(merchant_id=gone.pk, reason="x", rule_id="r", actor=DESK, at=AT)
        clocks(gone).delete()
        assert rechecking.book_missing(at=AT, limit=10) == 0
        assert clocks(shop).count() == 1
