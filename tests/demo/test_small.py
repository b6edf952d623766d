"""The small demonstration: broken off, taken up again, whole; every state, and the money right."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from catalog.models import Certificate
from demo import acting, counting, running, sign_ins
from demo.models import Mark
from merchants.models import Appeal, Document, Merchant, Penalty
from orders.lifecycle import OrderState, ReturnState
from orders.models import Order
from outbox import platform_clock
from tests.builders.market import a_market

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class PowerCut(Exception):
    pass


def break_off_after(number, monkeypatch):
    """The process ends in the middle of a day, at the `number`-th step."""
    taken = iter(range(number))

    def counted(act):
        def take(stage, step):
            if next(taken, None) is None:
                raise PowerCut
            act(stage, step)

        return take

    monkeypatch.setattr(running, "ACTS", {name: counted(act) for name, act in acting.ACTS.items()})


def test_it_is_taken_up_again_after_a_power_cut_and_made_only_once(db, monkeypatch):
    with monkeypatch.context() as patch:
        break_off_after(180, patch)
        with pytest.raises(PowerCut):
            a_market(now=NOW)
    begun = Order.objects.count()
    assert Mark.objects.filter(key__startswith="day:").exists()
    assert platform_clock.is_played()

    played = running.small(now=NOW + timedelta(minutes=7))

    assert not platform_clock.is_played()
    assert played.script.ends == NOW
    assert played.refused == {}
    assert counting.troubles() == []
    states = counting.states()
    assert sum(states["orders"].values()) == sum(played.script.orders.values()) > begun
    assert set(states["orders"]) == set(OrderState)
    assert set(states["returns"]) == set(ReturnState)
    assert set(states["complaints"]) == {"open", "answered", "deciding", "withdrawn"}
    assert running.small(now=NOW).steps == 0
    counted = Counter(Merchant.objects.values_list("state", flat=True))
    assert (counted["preparing"], counted["applied"], counted["closed"]) == (1, 1, 1)
    assert Appeal.objects.get().about == "application"
    assert {each.state for each in Penalty.objects.all()} == {"noticed", "in_force"}
    assert Certificate.objects.get().state == "verified"
    ends = Document.objects.filter(state="verified", valid_until__lt=NOW + timedelta(days=30))
    assert ends.count() == 2


def test_it_is_refused_in_production(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(running.NotHere):
        running.make(now=NOW)


def test_the_sign_ins_name_every_role_and_a_password(tmp_path):
    script = running.planning.plan(NOW, small=True)
    text = sign_ins.write(script.content, tmp_path).read_text("utf-8")
    for role in ("shopper", "open case", "grade A", "grade D", "most desks", "reviewer", "staff_code"):
        assert role in text
    assert text.count(sign_ins.PASSWORD) == 6
