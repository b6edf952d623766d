"""A key service in a process of its own, asked over a unix socket (HTTP/1.1, JSON, keys in base64).

What it has to answer is described in docs/keys.md; the master keys stay with it.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import stat
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from typing import Any

from kernel.errors import Away
from privacy.key_service import KEY_BYTES, MasterKeyMissing, Wrapped
from privacy.sealing import SealBroken

SECONDS = 5.0
BATCH = 1000
_OTHERS_MAY_WRITE = stat.S_IWOTH


class KeyServiceAway(MasterKeyMissing, Away):
    """The key service doesn't answer; keys that this process holds work on for at most five minutes."""


class _Line(HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("keys", timeout=SECONDS)
        self._path = path

    def connect(self) -> None:
        if os.stat(self._path).st_mode & _OTHERS_MAY_WRITE:
            raise MasterKeyMissing(f"everybody may write to {self._path}; close it to its owner and group")
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(SECONDS)
        self.sock.connect(self._path)


class ExternalKeys:
    """`unix:/path/of/socket`; nothing is kept here but the keys that never rotate."""

    def __init__(self, address: str) -> None:
        if not address.startswith("unix:/"):
            raise MasterKeyMissing("ANXIN_KEY_SERVICE must look like unix:/run/anxin-keys.sock")
        self._path = address.removeprefix("unix:")
        self._fixed: dict[str, bytes] = {}

    def primary(self) -> int:
        return int(self._ask("GET", "/keys")["primary"])

    def versions(self) -> list[int]:
        return sorted(int(one) for one in self._ask("GET", "/keys")["versions"])

    def wrap(self, items: Sequence[tuple[bytes, bytes]]) -> list[Wrapped]:
        made: list[Wrapped] = []
        for part in _parts(items):
            told = [{"key": _text(key), "context": _text(context)} for key, context in part]
            answer = self._ask("POST", "/wrap", {"items": told})
            version = int(answer["version"])
            wrapped = _bytes_of(answer["items"], len(part))
            made += [
                Wrapped(version, each, context) for each, (_, context) in zip(wrapped, part, strict=True)
            ]
        return made

    def unwrap(self, items: Sequence[Wrapped]) -> list[bytes]:
        keys: list[bytes] = []
        for part in _parts(items):
            told = [
                {
                    "version": each.master_version,
                    "wrapped": _text(each.wrapped),
                    "context": _text(each.context),
                }
                for each in part
            ]
            keys += _bytes_of(self._ask("POST", "/unwrap", {"items": told})["items"], len(part))
        if any(len(key) != KEY_BYTES for key in keys):
            raise MasterKeyMissing("the key service gave a key of a wrong length")
        return keys

    def fixed_key(self, purpose: str) -> bytes:
        if purpose not in self._fixed:
            answer = self._ask("POST", "/fixed", {"purpose": purpose})
            self._fixed[purpose] = _bytes_of([answer["key"]], 1)[0]
        return self._fixed[purpose]

    def add(self) -> int:
        return int(self._ask("POST", "/add", {})["version"])

    def promote(self) -> int:
        return int(self._ask("POST", "/promote", {})["version"])

    def drop(self, version: int) -> None:
        self._ask("POST", "/drop", {"version": version})

    def _ask(self, method: str, path: str, told: dict[str, Any] | None = None) -> dict[str, Any]:
        """:raises KeyServiceAway, SealBroken, MasterKeyMissing: never with what was asked in their words"""
        line = _Line(self._path)
        try:
            body = None if told is None else json.dumps(told)
            line.request(method, path, body, {"Content-Type": "application/json"})
            answer = line.getresponse()
            status, found = answer.status, answer.read(64 * 1024 * 1024)
        except (OSError, HTTPException) as error:
            raise KeyServiceAway(f"the key service doesn't answer ({type(error).__name__})") from None
        finally:
            line.close()
        return _understood(status, found)


def _understood(status: int, found: bytes) -> dict[str, Any]:
    if status == 422:
        raise SealBroken("the key service refused: changed, or not in its place")
    if status == 404:
        raise MasterKeyMissing("the key service has no master key of this version")
    if status != 200:
        raise KeyServiceAway(f"the key service answered {status}")
    try:
        answer: dict[str, Any] = json.loads(found)
    except ValueError:
        raise KeyServiceAway("the key service answered something else than JSON") from None
    return answer


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes_of(texts: Any, count: int) -> list[bytes]:
    if not isinstance(texts, list) or len(texts) != count:
        raise KeyServiceAway("the key service gave another number of keys than was asked")
    return [base64.b64decode(each, validate=True) for each in texts]


def _parts(items: Sequence[Any]) -> list[Sequence[Any]]:
    return [items[i : i + BATCH] for i in range(0, len(items), BATCH)]
