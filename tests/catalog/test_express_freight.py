"""What express costs on top of the standard way; pure, split to the last fen."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.freight import Express, Sent, Terms, Zone, express_days, express_more, of_order
from orders.refund_sums import OutwardFreight, PaidLine, quote

EAST = Zone(frozenset({"CN-ZJ", "CN-SH"}), 1, 600, 1, 200)
_ID = UUID(int=1)
FAST = Express(2, (Zone(frozenset({"CN-ZJ"}), 1, 1500, 1, 500),))
TERMS = Terms("a", "piece", (EAST,), FAST)


def sent(terms=TERMS, pieces=1, goods=1000):
    return Sent(terms, 0, pieces, 0, goods)


def test_is_the_difference_split_by_units():
    assert express_more([sent(pieces=1), sent(pieces=2)], "CN-ZJ") == [500, 1000]


@pytest.mark.parametrize("place", ["CN-SH", "CN-BJ"])
def test_goes_nowhere_else(place):
    assert express_more([sent()], place) is None


@pytest.mark.parametrize(
    "other", [Sent(None, 500, 1, 0, 1000), sent(Terms("b", "piece", (EAST,)))], ids=["fixed", "no express"]
)
def test_one_line_that_can_t_keeps_the_order_from_it(other):
    assert express_more([sent(), other], "CN-ZJ") is None


def test_never_costs_less_than_the_standard_way():
    cheap = Terms("c", "piece", (EAST,), Express(1, (Zone(frozenset({"CN-ZJ"}), 1, 100, 1, 0),)))
    assert express_more([sent(cheap)], "CN-ZJ") == [0]
    assert of_order([sent(cheap)], "CN-ZJ") == [600]


def test_promises_what_the_slowest_promises():
    slower = Terms("d", "piece", (EAST,), Express(5, FAST.zones))
    assert express_days([sent(), sent(slower)]) == 5


@given(
    standard=st.integers(0, 10**7),
    express=st.integers(0, 10**7),
    goods=st.integers(1, 10**8),
    batches=st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=9),
)
def test_returns_in_any_order_never_give_back_more_than_was_paid(standard, express, goods, batches):
    quantity, gone, back = sum(units for units, _ in batches), 0, 0
    for units, faulty in batches:
        line = PaidLine(_ID, quantity, goods, standard + express, gone, back, express)
        way = OutwardFreight.PROPORTIONAL if faulty else OutwardFreight.STANDARD
        step = quote(asked=[(line, units)], outward_freight=way).steps[0]
        assert step.goods.minor >= 0 and step.freight.minor >= 0
        gone, back = gone + units, back + step.amount.minor
    assert goods + standard <= back + len(batches) and back <= goods + standard + express
    if not any(faulty for _, faulty in batches):
        assert back == goods + standard
    if all(faulty for _, faulty in batches):
        assert back == goods + standard + express
