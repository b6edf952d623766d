"""What the database itself refuses about penalties, whoever asks."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from kernel.actor import Actor
from kernel.ids import new_id
from merchants.models import Penalty
from tests.builders.penalties import a_penalty
from tests.builders.people import a_member
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 10, 3, 0, tzinfo=UTC)


def attack(statement, *parameters):
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    return str(refused.value)


def change(penalty, what, *parameters):
    return attack(f"UPDATE merchants_penalty SET {what} WHERE id = %s", *parameters, penalty.pk)


@pytest.fixture
def held():
    return a_penalty(a_merchant(), at=AT, points=9, urgent=True)


@pytest.mark.parametrize(
    "what",
    ["points = 1", "facts = 'x'", "reasons = 'x'", "rule_id = 'x'", "step = 'warning'", "sum_before = 5",
     "imposed_at = now()", "imposed_by = gen_random_uuid()", "urgent = false", "in_force_at = now()",
     "in_force_at = NULL"],
)  # fmt: skip
def test_what_it_says_stays(held, what):
    assert "append only" in change(held, what)


def test_it_is_never_removed(held):
    assert "append only" in attack("DELETE FROM merchants_penalty WHERE id = %s", held.pk)


@pytest.mark.parametrize("state", ["proposed", "noticed", "answered", "dropped"])
def test_it_only_goes_on(held, state):
    assert "only goes on" in change(held, f"state = '{state}'")


def test_nothing_goes_on_from_the_end(held):
    Penalty.objects.filter(pk=held.pk).update(state="ended", ended_at=AT, why_ended="x")
    for state in ("in_force", "noticed", "proposed"):
        assert "append only" in change(held, f"state = '{state}', ended_at = NULL")
    assert Penalty.objects.get(pk=held.pk).state == "ended"


def test_off_sale_takes_two_different_people():
    first = Actor.staff(new_id())
    held = a_penalty(a_merchant(), at=AT, points=12, actor=first)
    assert "penalty_off_sale_takes_two" in change(held, "state = 'noticed'")
    own = "state = 'noticed', confirmed_by = %s"
    assert "penalty_off_sale_takes_two" in change(held, own, first.subject_id)


def test_nobody_of_the_shop_confirms():
    shop = a_merchant()
    held = a_penalty(shop, at=AT, points=12)
    assert "no shop of their own" in change(held, "confirmed_by = %s", a_member(shop).subject_id)


def test_it_is_not_published_before_it_is_in_force():
    held = a_penalty(a_merchant(), at=AT)
    assert "penalty_published_only_once_decided" in change(held, "published_at = now()")


def test_an_overturned_one_is_no_longer_shown(held):
    Penalty.objects.filter(pk=held.pk).update(published_at=AT)
    said = change(held, "state = 'overturned', ended_at = now(), why_ended = 'x'")
    assert "penalty_overturned_is_no_longer_shown" in said


def test_it_doesn_t_end_without_a_reason(held):
    said = change(held, "state = 'ended', ended_at = now()")
    assert "penalty_over_says_when_and_why" in said
