"""HMAC-SHA256 over an instant and the raw body; see docs/payments-sandbox.md."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from payments.gateways.protocol import ForgedNotice

TIMESTAMP = "anxin-sandbox-timestamp"
SIGNATURE = "anxin-sandbox-signature"
WINDOW_SECONDS = 300

# ASCII only: int() would also read other scripts' digits, and a joined (repeated) header has a comma.
_TIMESTAMP = re.compile(r"[0-9]{10}", re.ASCII)
_SIGNATURE = re.compile(r"v1=[0-9a-f]{64}", re.ASCII)


def digest(secret: str, label: bytes, body: bytes) -> str:
    """HMAC-SHA256 of `label`, a full stop and `body`, in lower-case hexadecimal."""
    return hmac.new(secret.encode(), label + b"." + body, hashlib.sha256).hexdigest()


def same(given: str, expected: str) -> bool:
    """Equal, in a time that doesn't tell where they differ."""
    return hmac.compare_digest(given.encode(), expected.encode())


def sign(body: bytes, *, secret: str, at: datetime) -> dict[str, str]:
    """The two headers that prove `body` at `at`."""
    timestamp = str(int(at.timestamp()))
    return {TIMESTAMP: timestamp, SIGNATURE: f"v1={digest(secret, timestamp.encode(), body)}"}


def verify(headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str], at: datetime) -> None:
    """Check the two headers (names in lower case) against `body`; any of `secrets` will do.

    :raises ForgedNotice:
    """
    timestamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
        raise ForgedNotice()
    if abs(int(at.timestamp()) - int(timestamp)) > WINDOW_SECONDS:
        raise ForgedNotice()
    given = signature.removeprefix("v1=")
    # Every secret is tried, so that the time taken doesn't tell which one matched.
    matches = [same(given, digest(secret, timestamp.encode(), body)) for secret in secrets]
    if not any(matches):
        raise ForgedNotice()
