"""Letters about tokens: whoever has one made in their name hears of it."""

from __future__ import annotations

from datetime import datetime

from accounts.events import TokenMade, TokenRevoked
from notifications.sending import send

_PATH = "/account/tokens/"


def on_token_made(event: TokenMade, *, at: datetime) -> None:
    _send("accounts.token_made", event, at)


def on_token_revoked(event: TokenRevoked, *, at: datetime) -> None:
    _send("accounts.token_revoked", event, at)


def _send(kind: str, event: TokenMade | TokenRevoked, at: datetime) -> None:
    send(
        subject_id=event.subject_id,
        kind=kind,
        reference=event.token_id,
        params={"prefix": event.prefix, "path": _PATH},
        at=at,
    )
