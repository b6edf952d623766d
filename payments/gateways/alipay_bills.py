"""Alipay's day as a file: a ZIP of two tables in GB18030; the detail is read, the summary isn't."""

from __future__ import annotations

import csv
import io
import zipfile
from urllib.parse import urlsplit

from kernel.errors import DomainError
from kernel.money import Money
from payments.gateways.protocol import StatementLine, Unclear

# A day of a million trades is some 300 MB of text; beyond it somebody sends us a bomb.
MOST_BYTES = 512 * 1024 * 1024
_SUMMARY = "汇总"
TRADE, REFUND_KEY, KIND, RECEIVED, FEE = (
    "支付宝交易号",
    "退款批次号/请求号",
    "业务类型",
    "商家实收（元）",
    "服务费（元）",
)
_KINDS = {"交易": "charge", "退款": "refund"}


def is_file(body: bytes) -> bool:
    return body[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def path_of(url: str, origin: str) -> str:
    """The path of a download's address. :raises Unclear: an address of somebody else than `origin`"""
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" != origin or not parts.path:
        raise Unclear("the statement lies at an address that isn't Alipay's")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def lines(body: bytes) -> tuple[StatementLine, ...]:
    """Charges and refunds of the day, with Alipay's fee in fen. :raises Unclear: when it can't be read"""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            details = [one for one in archive.infolist() if _SUMMARY not in _name(one)]
            if sum(one.file_size for one in details) > MOST_BYTES:
                raise Unclear("the statement is too large")
            return tuple(line for one in details for line in _table(archive.read(one).decode("gb18030")))
    except (zipfile.BadZipFile, UnicodeDecodeError, KeyError, DomainError) as problem:
        raise Unclear("the statement can't be read") from problem


def _name(one: zipfile.ZipInfo) -> str:
    """The name of a member, which is written in GBK without saying so."""
    if one.flag_bits & 0x800:
        return one.filename
    return one.filename.encode("cp437", "replace").decode("gb18030", "replace")


def _table(text: str) -> list[StatementLine]:
    rows = csv.reader(line for line in text.splitlines() if not line.startswith("#"))
    head = [cell.strip() for cell in next(rows)]
    found = [dict(zip(head, (cell.strip() for cell in row), strict=False)) for row in rows]
    return [_line(row) for row in found if row.get(KIND) in _KINDS]


def _line(row: dict[str, str]) -> StatementLine:
    kind = _KINDS[row[KIND]]
    key = row[TRADE] if kind == "charge" else row[REFUND_KEY]
    # Alipay writes what it keeps below zero.
    fee = -_signed(row.get(FEE) or "0").minor
    return StatementLine(kind, key, _signed(row[RECEIVED]), fee)


def _signed(text: str) -> Money:
    return -Money.parse(text[1:]) if text.startswith("-") else Money.parse(text)
