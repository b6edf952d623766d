"""What goes back for a part of a set: worked examples, and that any order of returns ends at the whole."""

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.set_offers import shares
from orders.refund_sums import PaidLine
from orders.set_refunds import BoughtSet, Member, goods_back, kept_cost

POT, CUP, TRAY = UUID(int=1), UUID(int=2), UUID(int=3)


def bought(price, members, count=1, *, reprices=True):
    """`members`: {line: (single price, pieces in one set)}, paid at their shares."""
    alone = [unit * per_set * count for unit, per_set in members.values()]
    paid = shares(price * count, alone)
    lines = tuple(
        Member(PaidLine(line, per_set * count, goods, 0), unit, per_set)
        for (line, (unit, per_set)), goods in zip(members.items(), paid, strict=True)
    )
    return BoughtSet(price, count, lines, reprices)


def returned(sets, units, *, faulty=False):
    """What goes back, and the same sets afterwards; a line's own share first, then those that came back."""
    share = goods_back(sets, units, at_least_share=faulty)
    assert all(minor >= 0 for minor in share.by_line.values())
    rest, lines = share.minor, []
    for each in sets.members:
        line = each.line
        back = line.returned + units.get(line.line_id, 0)
        fits = min(rest, line.goods_minor - line.refunded_minor) if back else 0
        rest -= fits
        new = PaidLine(line.line_id, line.quantity, line.goods_minor, 0, back, line.refunded_minor + fits)
        lines.append(Member(new, each.unit_minor, each.per_set))
    assert rest == 0, "every fen finds a line that came back"
    return share.minor, BoughtSet(sets.price_minor, sets.count, tuple(lines), sets.reprices)


TEA = {POT: (8000, 1), CUP: (2000, 1)}


class TestWorkedExamples:
    def test_the_cup_comes_back_and_the_pot_costs_its_single_price(self):
        """90.00 for both; the pot alone 80.00: 10.00 go back, not the cup's share of 18.00."""
        assert returned(bought(9000, TEA), {CUP: 1})[0] == 1000

    def test_the_pot_comes_back_and_the_cup_costs_its_single_price(self):
        assert returned(bought(9000, TEA), {POT: 1})[0] == 7000

    def test_what_is_kept_costs_no_more_than_the_set(self):
        """70.00 for both; the pot alone 80.00 counts at 70.00: nothing goes back, nothing is asked for."""
        first, rest = returned(bought(7000, TEA), {CUP: 1})
        assert first == 0
        assert returned(rest, {POT: 1})[0] == 7000

    def test_both_at_once_give_back_all(self):
        assert returned(bought(7000, TEA), {POT: 1, CUP: 1})[0] == 7000

    def test_a_whole_set_of_three_goes_back_at_the_set_s_price(self):
        sets = bought(7000, TEA, count=3)
        assert returned(sets, {POT: 1, CUP: 1})[0] == 7000

    def test_of_two_sets_the_kept_pieces_make_as_many_sets_as_they_can(self):
        """Kept: two pots and a cup. One set 70.00 and a pot 80.00 would be 150.00; two sets are 140.00."""
        first, rest = returned(bought(7000, TEA, count=2), {CUP: 1})
        assert first == 0
        assert returned(rest, {POT: 1})[0] == 7000

    def test_what_is_faulty_goes_back_at_its_share(self):
        """Repricing would give nothing for the cup; its share of 70.00 is 14.00."""
        first, rest = returned(bought(7000, TEA), {CUP: 1}, faulty=True)
        assert first == 1400
        assert returned(rest, {POT: 1})[0] == 5600

    def test_what_is_faulty_gets_the_better_of_both(self):
        """Repricing gives 90.00 - 20.00 = 70.00 for the pot, its share 72.00."""
        assert returned(bought(9000, TEA), {POT: 1}, faulty=True)[0] == 7200

    def test_where_no_rule_reckons_anew_the_share_goes_back(self):
        assert returned(bought(7000, TEA, reprices=False), {CUP: 1})[0] == 1400

    def test_several_of_one_member(self):
        """One pot and six cups, 150.00 together: the pot and four cups cost 160.00 alone, 150.00 at most."""
        sets = bought(15000, {POT: (8000, 1), CUP: (2000, 6)})
        two, rest = returned(sets, {CUP: 2})
        assert two == 0
        assert returned(rest, {CUP: 4})[0] == 7000

    def test_what_a_case_paid_already_isn_t_paid_again(self):
        pot, cup = bought(9000, TEA).members
        line = cup.line
        settled = PaidLine(line.line_id, 1, line.goods_minor, 0, 0, line.goods_minor)
        sets = BoughtSet(9000, 1, (pot, Member(settled, 2000, 1)))
        assert goods_back(sets, {CUP: 1}, at_least_share=True).minor == 0


prices = st.integers(1, 5000)


@st.composite
def journeys(draw):
    """Sets of two or three, and returns of single pieces in any order, faulty or not."""
    members = {
        line: (draw(prices), draw(st.integers(1, 3)))
        for line in draw(st.sampled_from([(POT, CUP), (POT, CUP, TRAY)]))
    }
    alone = sum(unit * per_set for unit, per_set in members.values())
    count = draw(st.integers(1, 3))
    sets = bought(draw(st.integers(1, alone)), members, count)
    pieces = [line for line, (_, per_set) in members.items() for _ in range(per_set * count)]
    order = draw(st.permutations(pieces))
    return sets, [(line, draw(st.booleans())) for line in order]


@settings(max_examples=120, deadline=None)
@given(journeys())
def test_in_any_order_the_parts_give_back_the_whole(journey):
    sets, steps = journey
    whole, back = sets.price_minor * sets.count, 0
    for line, faulty in steps:
        minor, sets = returned(sets, {line: 1}, faulty=faulty)
        assert minor >= 0
        back += minor
        assert back <= whole
    assert back == whole


@settings(max_examples=120, deadline=None)
@given(journeys())
def test_without_faults_what_is_kept_costs_the_same_on_every_way_there(journey):
    sets, steps = journey
    start, back = sets, 0
    for line, _ in steps:
        minor, sets = returned(sets, {line: 1})
        back += minor
        kept = {each.line.line_id: each.kept for each in sets.members}
        assert start.price_minor * start.count - back == kept_cost(start, kept)


@pytest.mark.parametrize("unit", [1, 999])
def test_a_set_at_exactly_the_sum_goes_back_piece_by_piece(unit):
    sets = bought(unit * 2, {POT: (unit, 1), CUP: (unit, 1)})
    assert returned(sets, {POT: 1})[0] == unit
