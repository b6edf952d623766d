"""The simulated WeChat Pay's tables of a day: as text, each cell behind a grave accent."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

from kernel.money import Money
from payments.gateways.wechatpay import BEIJING
from payments.simulators.books import Books

HEAD = [
    "交易时间",
    "微信订单号",
    "商户订单号",
    "交易状态",
    "货币种类",
    "商户退款单号",
    "申请退款金额",
    "订单金额",
    "手续费",
]


def trades(books: Books, day: date) -> bytes:
    """Every paid trade and arrived refund of the day."""
    paid, back = books.day(day, BEIJING)
    rows = [
        [_time(t.paid_at), t.charge_id, t.number, "SUCCESS", t.currency, "", "0.00", _text(t.amount), "0.10"]
        for t in paid
    ]
    rows += [
        [_time(r.ended_at), r.trade.charge_id, r.trade.number, "REFUND", r.trade.currency, r.key,
         _text(r.amount), _text(r.trade.amount), "0.00"]
        for r in back
    ]  # fmt: skip
    return _table(HEAD, rows, "总交易单数,应结订单总金额")


def _table(head: list[str], rows: list[list[str]], totals: str) -> bytes:
    table = io.StringIO()
    csv.writer(table).writerows([head, *([f"`{cell}" for cell in row] for row in rows)])
    table.write(f"{totals}\n`{len(rows)},`0.00\n")
    return table.getvalue().encode()


def _text(minor: int) -> str:
    return Money(minor).decimal_text


def _time(at: datetime | None) -> str:
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S") if at else ""
