"""Entries become a grade: kept, written down, told to the shop, and the same whenever reckoned again."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, InternalError, connection, transaction

from credit import grading, tasks
from credit.models import Grading, Waiting
from kernel import clock
from kernel.actor import Actor
from kernel.ids import new_id
from merchants.models import Merchant
from notifications.models import Letter
from orders.models import Order
from outbox.models import Message
from privacy.subjects import create_subject
from tests.builders.orders import an_order, drain
from tests.builders.reviews import an_entry
from tests.builders.shops import ADMITTED, a_member, a_merchant

pytestmark = pytest.mark.django_db

NOW = ADMITTED + timedelta(days=100)
SYSTEM = Actor.system()


@pytest.fixture
def shop():
    return a_merchant()


def sent(shop, number, *, late=0, at=NOW):
    """So many dispatched orders; each needs a real row, so they share one buyer and are entered directly."""
    from credit import entries
    from credit.entries import Cases

    for n, order in enumerate(some_orders(shop, number)):
        kind = "dispatch_late" if n < late else "dispatched_on_time"
        entries.record(
            merchant_id=shop.pk, kind=kind, reference=order.pk, happened_at=at, at=at,
            cases=Cases(order_id=order.pk),
        )  # fmt: skip


def some_orders(shop, number):
    pattern = an_order(paid=False, at=ADMITTED + timedelta(days=2))
    copies = []
    for _ in range(number):
        twin = Order.objects.get(pk=pattern.pk)
        twin.pk, twin.number, twin.merchant_id = new_id(), f"A{new_id().hex[-12:]}", shop.pk
        for name in ("recipient", "phone", "address", "note"):
            setattr(twin, name, "x")
        copies.append(twin)
    return Order.objects.bulk_create(copies)


def recalculate(shop, *, at=NOW):
    return grading.recalculate(merchant_id=shop.pk, at=at, actor=SYSTEM)


class TestEffects:
    def test_a_new_shop_is_n_without_a_number(self, shop):
        made = recalculate(shop)
        shop.refresh_from_db()
        assert (made.grade, made.score_permille) == ("N", None)
        assert (shop.grade, shop.score_permille, shop.payout_delay_days) == ("N", None, 0)
        assert shop.credit_facts["parts"] == []

    def test_a_good_shop_is_graded_and_paid_on_the_usual_day(self, shop):
        sent(shop, 30)
        made = recalculate(shop)
        shop.refresh_from_db()
        # dispatch (5×900 + 30×1000)/35 = 985.7; the others at their start: 800, 750, 750
        assert (made.grade, made.score_permille) == ("B", 848)
        assert (shop.grade, shop.score_permille, shop.payout_delay_days) == ("B", 848, 0)
        assert shop.grade_rule_id == "credit.v3.payout.B" and shop.grade_since == NOW
        assert [part["permille"] for part in shop.credit_facts["parts"]] == [986, 800, 750, 750]
        assert shop.credit_facts["why"]["zh-hans"].startswith("30 单全部按时发货。")
        assert shop.credit_facts["why"]["en"].startswith("All 30 parcels were sent in time. No complaint")

    def test_a_bad_shop_waits_longer_for_its_money(self, shop):
        sent(shop, 30, late=10)
        made = recalculate(shop)
        shop.refresh_from_db()
        # dispatch (5×900 + 20×1000)/(5 + 20 + 80) = 233.3, so the whole is 584.2
        assert (made.grade, made.score_permille) == ("D", 584)
        assert (shop.payout_delay_days, shop.grade_rule_id) == (5, "credit.v3.payout.D")

    def test_ninety_days_are_needed_too(self, shop):
        sent(shop, 30, at=ADMITTED + timedelta(days=89))
        assert recalculate(shop, at=ADMITTED + timedelta(days=89)).grade == "N"
        assert recalculate(shop, at=ADMITTED + timedelta(days=90)).grade == "B"


class TestHistory:
    def test_nothing_new_adds_nothing(self, shop):
        sent(shop, 30)
        first = recalculate(shop)
        again = recalculate(shop, at=NOW + timedelta(minutes=5))
        assert again == first and Grading.objects.count() == 1

    def test_each_change_is_kept_and_told_upwards(self, shop):
        sent(shop, 30)
        recalculate(shop)
        for _ in range(3):
            an_entry(shop, "complaint_upheld", at=NOW)
        recalculate(shop, at=NOW + timedelta(days=1))
        grades = list(Grading.objects.order_by("at").values_list("grade", "score_permille"))
        # described (5×800)/(5 + 30) = 114 instead of 800: 848 − 206 = 642
        assert grades == [("B", 848), ("D", 642)]
        told = Message.objects.filter(name="credit.GradeChanged").order_by("id")
        assert [(m.payload["grade_from"], m.payload["grade_to"]) for m in told] == [("N", "B"), ("B", "D")]

    def test_reckoned_again_is_what_stands_stored(self, shop):
        sent(shop, 35, late=2)
        an_entry(shop, "review", at=NOW, measure=750)
        recalculate(shop)
        shop.refresh_from_db()
        found = grading.reckon(shop, at=NOW)
        stored = Grading.objects.newest(shop.pk)
        assert (shop.grade, shop.score_permille) == (found.grade, found.permille)
        assert (stored.grade, stored.score_permille) == (found.grade, found.permille)
        assert [p["points"] for p in stored.parts] == [p.points for p in found.parts]
        assert sum(p["points"] for p in stored.parts) == stored.score_permille

    @pytest.mark.parametrize(
        "attack", ["UPDATE credit_grading SET grade = 'A'", "DELETE FROM credit_grading"]
    )
    def test_the_database_keeps_it(self, shop, attack):
        recalculate(shop)
        refused = pytest.raises(InternalError, match="Cannot update or delete")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)

    def test_a_number_without_a_grade_is_refused_by_the_database(self, shop):
        row = Grading(merchant=shop, grade="N", score_permille=900, orders=1, parts=[], standard=1,
                      actor="system", at=NOW)  # fmt: skip
        with pytest.raises(IntegrityError, match="credit_only_n_has_no_number"), transaction.atomic():
            row.save(force_insert=True)


class TestWhoReckonsWhen:
    def test_shops_with_new_entries_are_reckoned_by_the_loop(self, shop):
        sent(shop, 30)
        with clock.frozen(NOW):
            assert tasks.recalculate_waiting() == Waiting.objects.count() + 1
            assert tasks.recalculate_waiting() == 0
        assert Merchant.objects.get(pk=shop.pk).grade == "B"

    def test_every_night_all_are_because_facts_fade(self, shop):
        sent(shop, 30, late=10)
        before = recalculate(shop).score_permille
        later = NOW + timedelta(days=200)
        with clock.frozen(later):
            tasks.recalculate_all()
        after = Grading.objects.newest(shop.pk)
        assert after.at == later and after.score_permille > before

    def test_the_command_says_how_long_and_why(self, shop, capsys):
        sent(shop, 30)
        with clock.frozen(NOW):
            call_command("credit", "recompute", "--all", "--json")
            call_command("credit", "explain", "--merchant", shop.slug, "--json")
        said = capsys.readouterr().out
        assert '"shops": ' in said and '"score_permille": 848' in said


class TestLetters:
    def test_members_learn_of_a_new_grade_with_reasons(self, shop):
        member = a_member(shop)
        sent(shop, 30, late=10)
        recalculate(shop)
        drain(at=NOW)
        letter = Letter.objects.get(kind="credit.grade_changed", subject_id=member.subject_id)
        assert letter.params["late"] == 10 and letter.params["sent"] == 30
        assert (letter.params["before"], letter.params["grade"], letter.params["delay"]) == ("N", "D", 5)

    def test_nobody_else_does(self, shop):
        create_subject(locale="zh-hans", at=NOW)
        sent(shop, 30)
        recalculate(shop)
        drain(at=NOW)
        letters = Letter.objects.filter(kind="credit.grade_changed")
        members = set(shop.memberships.values_list("subject_id", flat=True))
        assert set(letters.values_list("subject_id", flat=True)) <= members
