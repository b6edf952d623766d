"""WeChat Pay's day as a table: cells begin with a grave accent, the last two lines are a sum."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from kernel.errors import DomainError
from kernel.money import Money
from payments.gateways.protocol import StatementLine, Unclear

# The first line of the trades' table, and of the account's ("fund flow") beside it.
_FUNDS = "记账时间,"
_BEGINS = ("交易时间,", "\ufeff交易时间,", _FUNDS, f"\ufeff{_FUNDS}")
_SUMS, _FUND_SUMS = "总交易单数", "资金流水总笔数"
BUSINESS, TRANSFER = "业务名称", "商家转账"
DIRECTION, OUT, SUM, OUR_NUMBER = "收支类型", "支出", "收支金额(元)", "业务凭证号"
TRADE, REFUND_KEY, STATE = "微信订单号", "商户退款单号", "交易状态"
# How far a refund is: while it is on its way the line says so.
PROGRESS, ON_ITS_WAY = "退款状态", "PROCESSING"
_SHA1 = re.compile(r"[0-9a-f]{40}")
PAID, BACK, FEE, CURRENCY = "订单金额", "申请退款金额", "手续费", "货币种类"


def is_file(body: bytes) -> bool:
    return body[:64].decode("utf-8", "ignore").startswith(_BEGINS)


def path_of(url: str, origin: str) -> str:
    """The path of a download's address. :raises Unclear: an address of somebody else than `origin`"""
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" != origin or not parts.query:
        raise Unclear("the statement lies at an address that isn't WeChat Pay's")
    return f"{parts.path}?{parts.query}"


def digest_of(found: Mapping[str, object]) -> str:
    """The digest that the file must have. :raises Unclear: WeChat Pay named none that we can check"""
    digest = str(found.get("hash_value", "")).lower()
    if found.get("hash_type") != "SHA1" or not _SHA1.fullmatch(digest):
        raise Unclear("the statement has no digest")
    return digest


def lines(body: bytes) -> tuple[StatementLine, ...]:
    """Charges and refunds of the day, with the fee in fen. :raises Unclear: when it can't be read"""
    try:
        if body[:64].decode("utf-8", "ignore").lstrip("\ufeff").startswith(_FUNDS):
            return _payouts(body)
        rows = csv.DictReader(io.StringIO(_details(body.decode("utf-8-sig"))))
        return tuple(
            _line({key: (value or "").lstrip("`").strip() for key, value in row.items()}) for row in rows
        )
    except (UnicodeDecodeError, KeyError, DomainError) as problem:
        raise Unclear("the statement can't be read") from problem


def _payouts(body: bytes) -> tuple[StatementLine, ...]:
    """Of the account's bill only what was paid to shops: trades and refunds stand in the other one."""
    rows = csv.DictReader(io.StringIO(body.decode("utf-8-sig").partition(_FUND_SUMS)[0]))
    clean = ({key: (value or "").lstrip("`").strip() for key, value in row.items()} for row in rows)
    return tuple(
        StatementLine("payout", row[OUR_NUMBER], -Money.parse(row[SUM]))
        for row in clean
        if row[BUSINESS] == TRANSFER and row[DIRECTION] == OUT
    )


def _details(text: str) -> str:
    return text.partition(_SUMS)[0]


def _line(row: dict[str, str]) -> StatementLine:
    currency = row.get(CURRENCY) or "CNY"
    fee = row.get(FEE) or "0"
    fee_minor = Money.parse(fee.lstrip("-")).minor * (-1 if fee.startswith("-") else 1)
    if row[STATE] == "REFUND":
        arrived = row.get(PROGRESS) != ON_ITS_WAY
        return StatementLine("refund", row[REFUND_KEY], -Money.parse(row[BACK], currency), fee_minor, arrived)
    return StatementLine("charge", row[TRADE], Money.parse(row[PAID], currency), fee_minor)
