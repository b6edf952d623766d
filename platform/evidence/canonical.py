"""One byte form for one value (after RFC 8785, without fractions)."""

from __future__ import annotations

import json
from typing import Any


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8.

    :raises TypeError: for anything but dict, list, str, int, bool and None (fractions have no one form)
    """
    _check(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _check(value: Any) -> None:
    match value:
        case None | bool() | int() | str():
            return
        case list() | tuple():
            for item in value:
                _check(item)
        case dict():
            for key, item in value.items():
                if type(key) is not str:
                    raise TypeError("keys are texts")
                _check(item)
        case _:
            raise TypeError(f"no canonical form for {type(value).__name__}")
