"""The script: worked out before anything is done, the same every time, and about things that exist."""

from datetime import UTC, datetime, timedelta

import pytest

from demo import planning
from demo.acting import ACTS
from demo.script import CHINA

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def script():
    return planning.plan(NOW)


def steps(script):
    return [step for _, found in script.by_day() for step in found]


def test_the_same_instant_gives_the_same_script(script):
    again = steps(planning.plan(NOW))
    assert [(s.at, s.act, s.key) for s in steps(script)] == [(s.at, s.act, s.key) for s in again]


def test_it_has_the_size_that_was_asked_for(script):
    assert script.days == 120
    assert 400 <= sum(script.orders.values()) <= 600
    assert 20 <= sum(planning.plan(NOW, small=True).orders.values()) <= 55


def test_every_act_is_known_and_nothing_happens_after_the_end(script):
    assert {step.act for step in steps(script)} == set(ACTS)
    assert all(step.at <= script.ends for step in steps(script))
    assert steps(script)[0].at.astimezone(CHINA).date() == script.begins


def test_every_shop_gets_enough_orders_for_a_grade_but_the_new_one(script):
    for slug, shop in script.content.shops.items():
        assert (script.orders[slug] >= 33) is not shop.is_new


def test_no_more_is_bought_than_there_is(script):
    bought = {}
    for step in steps(script):
        if step.act == "buy":
            for goods, quantity in step.facts["basket"]:
                bought[goods] = bought.get(goods, 0) + quantity
    assert all(number <= script.content.goods[goods].stock for goods, number in bought.items())


def test_every_told_complaint_and_review_is_played(script):
    told = script.content.stories
    assert sum(1 for step in steps(script) if step.act == "complain") == len(told["complaints"])
    assert sum(1 for step in steps(script) if step.act == "review") == len(told["reviews"])


@pytest.mark.parametrize("hours", [0, 5, 11, 17, 22, 24 * 10, 24 * 75, 24 * 180])
def test_it_can_end_at_any_hour_of_any_day(hours):
    planned = planning.plan(NOW + timedelta(hours=hours, minutes=31))
    assert planned.days == 120
    assert len(steps(planned)) > 2000
