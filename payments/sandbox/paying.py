"""The payer's choice at the till: charged at once, or only set aside where the shop asked for that."""

from __future__ import annotations

from datetime import datetime

from payments.sandbox import holds, till
from payments.sandbox.till import LATE_BY, Choice, Order
from payments.sandbox_models import SandboxDelivery


def choose(order: Order, choice: Choice, *, at: datetime) -> SandboxDelivery | None:
    """Play one ending; gives the notice that the payer may carry back, if the ending has one."""
    if not order.holds or choice is Choice.DECLINE:
        return till.choose(order, choice, at=at)
    late = choice is Choice.LATE
    more = 100 if choice is Choice.WRONG_AMOUNT else 0
    due_at = max(at, order.expires_at + LATE_BY) if late else at
    notice = holds.hold(order, more=more, due_at=due_at, at=at)
    return None if late else notice
