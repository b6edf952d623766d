"""The simulated WeChat Pay's tables of a day: as text, each cell behind a grave accent."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

from kernel.money import Money
from payments.gateways.wechatpay import BEIJING
from payments.simulators.books import Books
from payments.simulators.payout_books import PayoutBooks

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

FUND_HEAD = [
    *("记账时间", "微信支付业务单号", "资金流水单号", "业务名称", "业务类型", "收支类型"),
    *("收支金额(元)", "账户结余(元)", "资金变更提交申请人", "备注", "业务凭证号"),
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


def funds(payouts: PayoutBooks, day: date) -> bytes:
    """The account's bill of the day: what was paid out of it."""
    rows = [
        [
            _time(p.ended_at),
            p.own_id,
            p.own_id,
            "商家转账",
            "商家转账",
            "支出",
            _text(p.amount),
            "0.00",
            "",
            "",
            p.key,
        ]
        for p in payouts.day(day, BEIJING)
    ]
    return _table(FUND_HEAD, rows, "资金流水总笔数,收入笔数")


def _table(head: list[str], rows: list[list[str]], totals: str) -> bytes:
    table = io.StringIO()
    csv.writer(table).writerows([head, *([f"`{cell}" for cell in row] for row in rows)])
    table.write(f"{totals}\n`{len(rows)},`0.00\n")
    return table.getvalue().encode()


def _text(minor: int) -> str:
    return Money(minor).decimal_text


def _time(at: datetime | None) -> str:
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S") if at else ""
