"""The simulated Stripe's payment intents: captured by hand, cancelled, and looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from payments.simulators.books import Books, Trade, TradeIs

STATUS = {
    TradeIs.WAITING: "requires_payment_method",
    TradeIs.HELD: "requires_capture",
    TradeIs.PAID: "succeeded",
    TradeIs.CLOSED: "canceled",
}
EVENTS = {
    TradeIs.WAITING: "payment_intent.payment_failed",
    TradeIs.HELD: "payment_intent.amount_capturable_updated",
    TradeIs.PAID: "payment_intent.succeeded",
    TradeIs.CLOSED: "payment_intent.canceled",
}


def intent(trade: Trade) -> dict[str, Any]:
    """A trade as Stripe tells it."""
    return {
        "id": trade.charge_id,
        "object": "payment_intent",
        "amount": trade.amount,
        "amount_capturable": trade.amount if trade.state is TradeIs.HELD else 0,
        "amount_received": trade.amount if trade.state is TradeIs.PAID else 0,
        "capture_method": "manual" if trade.holds else "automatic",
        "currency": trade.currency.lower(),
        "status": STATUS[trade.state],
        "cancellation_reason": None,
        "metadata": {"trade": trade.number},
    }


def do(
    books: Books, name: str, step: str, fields: dict[str, str], *, at: datetime
) -> tuple[int, dict[str, Any]]:
    """One call about the intent `name`: "" looks at it, else `step` is capture or cancel."""
    trade = next((one for one in books.trades.values() if one.charge_id == name), None)
    if trade is None:
        return 404, {"error": {"type": "invalid_request_error", "code": "resource_missing"}}
    if step == "capture":
        done = books.capture(trade, int(fields.get("amount_to_capture", trade.amount)), at=at)
    else:
        done = books.release(trade) if step == "cancel" else True
    if not done:
        return 400, {"error": {"code": "payment_intent_unexpected_state"}}
    return 200, intent(trade)
