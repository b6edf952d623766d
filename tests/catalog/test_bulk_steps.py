"""One step for many rows: sums, percents with their rounding, pieces; and the plan as text."""

from uuid import UUID

import pytest

from catalog.bulk import changes
from catalog.bulk.changes import Change, NothingToChange, PlanUnreadable, TooManyChanges
from catalog.bulk.steps import (
    PercentRefused,
    PriceStep,
    Rounding,
    Step,
    StepWithoutAmount,
    StockStep,
    amount_of,
)
from kernel.money import InvalidAmount

ROW = Change(UUID(int=7), was_price=3990, was_on_hand=4)


class TestPriced:
    @pytest.mark.parametrize(
        ("step", "amount", "rounding", "minor"),
        [
            (PriceStep.SET, 1200, Rounding.FEN, 1200),
            (PriceStep.PLUS, 110, Rounding.FEN, 4100),
            (PriceStep.MINUS, 3990, Rounding.FEN, 0),
            (PriceStep.RAISE, 725, Rounding.FEN, 4279),
            (PriceStep.RAISE, 725, Rounding.JIAO, 4280),
            (PriceStep.RAISE, 725, Rounding.YUAN, 4300),
            (PriceStep.LOWER, 1500, Rounding.FEN, 3392),
            (PriceStep.LOWER, 1500, Rounding.JIAO, 3390),
            (PriceStep.LOWER, 10_000, Rounding.FEN, 0),
            (PriceStep.KEEP, 1, Rounding.YUAN, 3990),
        ],
    )
    def test_is_exact_to_the_minor_unit(self, step, amount, rounding, minor):
        assert Step(price=step, amount=amount, rounding=rounding).priced(3990) == minor

    def test_a_half_goes_up(self):
        assert Step(PriceStep.LOWER, 5000, Rounding.FEN).priced(3) == 2
        assert Step(PriceStep.LOWER, 5000, Rounding.YUAN).priced(300) == 200

    def test_leaves_an_open_price_open(self):
        assert Step(PriceStep.RAISE, 500).priced(None) is None
        assert Step(PriceStep.SET, 500).priced(None) == 500


class TestAmountOf:
    @pytest.mark.parametrize(
        ("step", "text", "amount"),
        [
            (PriceStep.SET, "¥39", 3900),
            (PriceStep.RAISE, "5", 500),
            (PriceStep.RAISE, "7.25 %", 725),
            (PriceStep.LOWER, "0.5", 50),
        ],
    )
    def test_reads_sums_and_percents(self, step, text, amount):
        assert amount_of(step, text) == amount

    @pytest.mark.parametrize(
        ("step", "text", "refusal"),
        [
            (PriceStep.SET, "", StepWithoutAmount),
            (PriceStep.SET, "-1", InvalidAmount),
            (PriceStep.RAISE, "1.234", PercentRefused),
            (PriceStep.RAISE, "１０", PercentRefused),
            (PriceStep.LOWER, "-5", PercentRefused),
        ],
    )
    def test_refuses_what_is_neither(self, step, text, refusal):
        with pytest.raises(refusal):
            amount_of(step, text)


class TestStepped:
    def test_what_was_typed_into_the_row_holds(self):
        typed = Change(ROW.variant_id, 3990, 4, price=5000)
        after = typed.stepped(Step(PriceStep.SET, 100, stock=StockStep.ADD, pieces=3))
        assert (after.price, after.added, after.on_hand) == (5000, 3, None)

    def test_sets_adds_and_takes_pieces(self):
        assert ROW.stepped(Step(stock=StockStep.SET, pieces=9)).on_hand == 9
        assert ROW.stepped(Step(stock=StockStep.TAKE, pieces=3)).added == -3

    def test_a_step_that_changes_nothing_is_no_change(self):
        assert not ROW.stepped(Step(PriceStep.SET, 3990, stock=StockStep.SET, pieces=4)).is_one


class TestWrittenAndRead:
    @pytest.mark.parametrize(
        "change",
        [
            Change(UUID(int=1), 3990, 4, price=100),
            Change(UUID(int=2), None, 0, price=100, on_hand=3),
            Change(UUID(int=3), 3990, 4, added=-3),
            Change(UUID(int=4), 3990, 4, price=-5, added=3),
        ],
    )
    def test_come_back_the_same(self, change):
        assert changes.read(changes.written([change])) == [change]

    def test_the_same_row_twice_is_refused(self):
        line = changes.written([Change(UUID(int=1), 3990, 4, price=100)])
        with pytest.raises(PlanUnreadable):
            changes.read(f"{line}\n{line}")


class TestLimited:
    def test_counts_only_what_changes(self):
        some = [Change(UUID(int=n), 100, 1, price=100 + n) for n in range(3)]
        assert len(changes.limited(some, most=2)) == 2
        with pytest.raises(TooManyChanges):
            changes.limited(some, most=1)
        with pytest.raises(NothingToChange):
            changes.limited(some[:1], most=1)
