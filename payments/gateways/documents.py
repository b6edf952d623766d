"""Reading a signed JSON document strictly: one object, no repeated keys, whole numbers only."""

from __future__ import annotations

import json
from typing import Any

from payments.gateways.protocol import ForgedNotice

LIMIT_BYTES = 64 * 1024


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice")
    return result


def _refuse(text: str) -> Any:
    raise ValueError(f"not a whole number: {text}")


def read(body: bytes) -> dict[str, Any]:
    """The document in `body`. :raises ForgedNotice: when it isn't one"""
    if len(body) > LIMIT_BYTES:
        raise ForgedNotice()
    try:
        document = json.loads(
            body.decode("utf-8"), object_pairs_hook=_pairs, parse_float=_refuse, parse_constant=_refuse
        )
        # What the database can't keep: half a surrogate pair (encode refuses) and the null character.
        again = json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise ForgedNotice() from None
    if not isinstance(document, dict) or b"\\u0000" in again:
        raise ForgedNotice()
    return document


def text(document: dict[str, Any], key: str, *, limit: int = 80) -> str:
    """A text without control characters, "" when absent. :raises ForgedNotice:"""
    value = document.get(key, "")
    if not isinstance(value, str) or len(value) > limit or not (value.isprintable() or value == ""):
        raise ForgedNotice()
    return value


def whole(document: dict[str, Any], key: str) -> int:
    """A whole number within a bigint. :raises ForgedNotice:"""
    value = document.get(key)
    if type(value) is not int or not 0 <= value < 2**63:
        raise ForgedNotice()
    return value


def write(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
