"""The tables of moves: every pair that isn't in them is refused."""

import pytest

from kernel.errors import IllegalMove
from orders.states import HELD_STATES, OPEN_RETURN_STATES, ORDER, RETURN, OrderState, ReturnState


@pytest.mark.parametrize("table", [ORDER, RETURN], ids=["order", "return"])
def test_every_pair_outside_the_table_is_refused(table) -> None:  # type: ignore[no-untyped-def]
    for name in table.names:
        for state in table.states:
            if table.allows(state, name):
                assert table.target(state, name) in table.states
            else:
                with pytest.raises(IllegalMove):
                    table.target(state, name)


def test_every_state_is_reached() -> None:
    for table, first in ((ORDER, OrderState.AWAITING_PAYMENT), (RETURN, ReturnState.ASKED)):
        reached = {first} | {target for _, target in table.moves.values()}
        assert reached == set(table.states)


def test_endings_stay_endings() -> None:
    assert ORDER.terminal == {OrderState.SETTLED, OrderState.REFUNDED, OrderState.CANCELLED}
    assert RETURN.terminal == {ReturnState.REFUNDED}


def test_money_is_held_between_payment_and_the_end() -> None:
    assert {OrderState.PAID, OrderState.SHIPPED, OrderState.DELIVERED} == HELD_STATES
    assert {ReturnState.REFUNDED, ReturnState.CLOSED}.isdisjoint(OPEN_RETURN_STATES)
