"""What goes back of goods that a threshold offer lowered: worked examples, in any order to the whole."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from orders.offer_refunds import Lowered, Offered, OfferShare, goods_back
from orders.promotions.splitting import split
from orders.refund_sums import PaidLine
from orders.set_refunds import BoughtSet, Member

TEA, POT, CUP = UUID(int=1), UUID(int=2), UUID(int=3)
Bought = dict[UUID, tuple[int, int]]


def offered(bought: Bought, from_minor: int, off: int, coupon: int = 0, *, missing: int = 0) -> Offered:
    """`bought`: {line: (price of a piece, pieces)}, lowered by the offer, then by a coupon over all lines."""
    alone = [unit * pieces for unit, pieces in bought.values()]
    offs = split(off, alone)
    stays = split(coupon, [whole - part for whole, part in zip(alone, offs, strict=True)])
    lines = tuple(
        Lowered(PaidLine(line, pieces, unit * pieces - minus - also, 0), unit, minus, also, missing)
        for (line, (unit, pieces)), minus, also in zip(bought.items(), offs, stays, strict=True)
    )
    return Offered(from_minor, lines)


def returned(goods: Offered, units: dict[UUID, int], *, faulty: bool = False) -> tuple[OfferShare, Offered]:
    """What goes back, and the goods afterwards; each line's own share first, then those that came back."""
    share = goods_back(goods, units, at_least_share=faulty)
    assert all(minor >= 0 for minor in share.by_line.values())
    rest, lines = share.minor, []
    for each in goods.lines:
        line = each.line
        back = line.returned + units.get(line.line_id, 0)
        fits = min(rest, line.goods_minor - line.refunded_minor) if back else 0
        rest -= fits
        lines.append(
            replace(each, line=replace(line, returned=back, refunded_minor=line.refunded_minor + fits))
        )
    assert rest == 0, "every fen finds a line that came back"
    known = {each.line.line_id: each.line for each in lines}
    sets = tuple(
        replace(one, members=tuple(replace(m, line=known[m.line.line_id]) for m in one.members))
        for one in goods.sets
    )
    return share, replace(goods, lines=tuple(lines), sets=sets)


class TestThresholdLost:
    """60.00 + 50.00, 30.00 off from 100.00: 80.00 paid, split 16.36 + 13.64."""

    def test_what_is_kept_counts_without_the_offer(self) -> None:
        share, rest = returned(offered({TEA: (6000, 1), POT: (5000, 1)}, 10000, 3000), {POT: 1})
        # Kept: 60.00 alone, below 100.00; 80.00 - 60.00 = 20.00 go back, not the pot's 36.36.
        assert (share.minor, share.lost, share.worth_minor, share.counted_minor) == (2000, True, 6000, 6000)
        assert returned(rest, {TEA: 1})[0].minor == 6000

    def test_what_is_kept_counts_at_most_what_the_threshold_costs(self) -> None:
        """95.00 + 55.00, 30.00 off from 100.00: 120.00 paid. 100.00 would have cost 100 x 120/150 = 80.00."""
        share, rest = returned(offered({TEA: (9500, 1), POT: (5500, 1)}, 10000, 3000), {POT: 1})
        assert (share.minor, share.counted_minor) == (12000 - 8000, 8000)
        assert returned(rest, {TEA: 1})[0].minor == 8000

    def test_the_rest_still_reaches_it_and_the_piece_gives_what_was_paid(self) -> None:
        """100.00 + 50.00, 30.00 off: the pot cost 40.00, and 100.00 still reaches 100.00."""
        share, _rest = returned(offered({TEA: (10000, 1), POT: (5000, 1)}, 10000, 3000), {POT: 1})
        assert (share.minor, share.lost, share.reckoned) == (4000, False, False)

    def test_nothing_is_asked_for(self) -> None:
        """99.00 + 1.00, 50.00 off from 100.00: 50.00 paid, the tea alone counts at 50.00 at most."""
        share, rest = returned(offered({TEA: (9900, 1), POT: (100, 1)}, 10000, 5000), {POT: 1})
        assert share.minor == 0
        assert returned(rest, {TEA: 1})[0].minor == 5000

    def test_all_at_once_gives_back_all(self) -> None:
        goods = offered({TEA: (6000, 1), POT: (5000, 1)}, 10000, 3000)
        assert returned(goods, {TEA: 1, POT: 1})[0].minor == 8000

    def test_what_is_faulty_goes_back_at_what_was_paid(self) -> None:
        goods = offered({TEA: (6000, 1), POT: (5000, 1)}, 10000, 3000)
        assert returned(goods, {POT: 1}, faulty=True)[0].minor == 5000 - 1364

    def test_what_never_came_does_not_lose_the_offer(self) -> None:
        """Two teas for 40.00 are kept and one never came; sending one back leaves 80.00 that count."""
        goods = offered({TEA: (4000, 3)}, 10000, 3000, missing=1)
        line = replace(goods.lines[0].line, returned=1, refunded_minor=3000)
        goods = replace(goods, lines=(replace(goods.lines[0], line=line),))
        assert goods_back(goods, {TEA: 1}, at_least_share=False).lost
        whole = replace(goods, from_minor=8000)
        assert goods_back(whole, {TEA: 1}, at_least_share=False).minor == 3000


class TestThirds:
    def test_indivisible_thirds_add_up_to_the_fen(self) -> None:
        """Three for 33.33, 10.00 off from 30.00: 89.99 paid, and each kept one still reaches it."""
        goods, back = offered({TEA: (3333, 3)}, 3000, 1000), []
        for _each in range(3):
            share, goods = returned(goods, {TEA: 1})
            back.append(share.minor)
        assert back == [2999, 3000, 3000] and sum(back) == 8999

    def test_and_where_the_offer_is_lost_on_the_way(self) -> None:
        """Three for 33.33, 10.00 off from 99.99: kept two count at 66.66, kept one at 33.33."""
        goods, back = offered({TEA: (3333, 3)}, 9999, 1000), []
        for _each in range(3):
            share, goods = returned(goods, {TEA: 1})
            back.append(share.minor)
        assert back == [8999 - 6666, 3333, 3333] and sum(back) == 8999


class TestMixed:
    def test_a_coupon_keeps_its_share_and_the_offer_is_lost(self) -> None:
        """60.00 + 50.00, 30.00 off from 100.00, then a coupon of 8.00: 72.00 paid.

        The offer takes 16.36 and 13.64, the coupon 4.36 of 43.64 and 3.64 of 36.36. The pot goes back: the
        tea counts at 60.00 without the offer and keeps its coupon's 4.36: 72.00 - 55.64 = 16.36 go back.
        """
        share, rest = returned(offered({TEA: (6000, 1), POT: (5000, 1)}, 10000, 3000, 800), {POT: 1})
        assert (share.minor, share.counted_minor) == (1636, 5564)
        assert returned(rest, {TEA: 1})[0].minor == 7200 - 1636

    def test_a_set_within_an_offer(self) -> None:
        """A set of pot 80.00 and cup 20.00 for 90.00, tea 30.00: 120.00, 12.00 off from 100.00, 108.00 paid.

        The cup goes back: pot alone 80.00 and tea 30.00 are 110.00 and reach 100.00, so the offer stays at
        its shares: 110.00 less 10.20 and 3.00 of pot and tea... the cup gives what the rest doesn't cost.
        """
        goods = in_offer_with_a_set()
        share, rest = returned(goods, {CUP: 1})
        # Set: pot 72.00, cup 18.00. The offer took 7.20, 1.80 and 3.00. Rest: 80.00 - 7.20 + 27.00 = 99.80.
        assert (share.minor, share.lost) == (10800 - 9980, False)
        assert returned(rest, {POT: 1, TEA: 1})[0].minor == 9980

    def test_a_set_whose_rest_loses_the_offer(self) -> None:
        """The pot goes back: cup 20.00 and tea 30.00 are 50.00, below 100.00, and count at 50.00."""
        share, rest = returned(in_offer_with_a_set(), {POT: 1})
        assert (share.minor, share.lost, share.worth_minor) == (10800 - 5000, True, 5000)
        assert returned(rest, {CUP: 1, TEA: 1})[0].minor == 5000


def in_offer_with_a_set() -> Offered:
    rows = {POT: (8000, 7200), CUP: (2000, 1800), TEA: (3000, 3000)}
    offs = split(1200, [paid for _unit, paid in rows.values()])
    lines = tuple(
        Lowered(PaidLine(line, 1, paid - off, 0), unit, off)
        for (line, (unit, paid)), off in zip(rows.items(), offs, strict=True)
    )
    members = tuple(Member(each.line, each.unit_minor, 1) for each in lines[:2])
    return Offered(10000, lines, (BoughtSet(9000, 1, members),))


prices = st.integers(1, 5000)


@st.composite
def journeys(draw: st.DrawFn) -> tuple[Offered, list[tuple[UUID, bool]]]:
    """Goods under an offer and perhaps a coupon, and returns of single pieces in any order, faulty or not."""
    bought = {line: (draw(prices), draw(st.integers(1, 3))) for line in (TEA, POT, CUP)}
    whole = sum(unit * pieces for unit, pieces in bought.values())
    from_minor = draw(st.integers(2, whole)) if whole > 1 else 1
    off = draw(st.integers(1, max(1, from_minor - 1)))
    coupon = draw(st.integers(0, max(0, whole - off - 1)))
    pieces = [line for line, (_unit, number) in bought.items() for _ in range(number)]
    goods = offered(bought, from_minor, min(off, whole - 1), coupon)
    return goods, [(line, draw(st.booleans())) for line in draw(st.permutations(pieces))]


@settings(max_examples=200, deadline=None)
@given(journeys())
def test_in_any_order_the_parts_give_back_the_whole(journey: tuple[Offered, list[tuple[UUID, bool]]]) -> None:
    goods, steps = journey
    whole, back = sum(each.line.goods_minor for each in goods.lines), 0
    for line, faulty in steps:
        share, goods = returned(goods, {line: 1}, faulty=faulty)
        back += share.minor
        assert 0 <= back <= whole
    assert back == whole
