"""Sessions whose table tells nothing: found by a keyed digest, sealed inside, on real time.

A code on its way, a half-made authenticator app or a typed address never lies in the database as it is,
and a copy of the table lets nobody in. A shifted platform clock signs nobody out.
"""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.utils import timezone

from accounts import sessions
from privacy import blind_index, master, sealing

# How exact "last seen" is: one small write per browser in this time.
SEEN_EVERY = timedelta(minutes=10)
LABEL = "browser"
PURPOSE = "accounts.sessions"


def digest_of(session_key: str) -> str:
    return blind_index.of("accounts.session", session_key)


class SessionStore(SessionBase):
    """Django's session over our own table."""

    def load(self) -> dict[str, Any]:
        now = timezone.now()
        row = sessions.row(digest_of(str(self.session_key)), now=now)
        if row is None:
            self._session_key = None
            return {}
        if now - row.seen_at > SEEN_EVERY:
            sessions.rewrite(row.pk, {"seen_at": now})
        return opened(row.session_data, digest=row.pk)

    def exists(self, session_key: str) -> bool:
        return sessions.exists(digest_of(session_key))

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        content = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        digest = digest_of(self.session_key)
        columns = self._columns(content, digest=digest)
        if must_create and not sessions.begin(digest, columns, now=timezone.now()):
            raise CreateError
        if not must_create and not sessions.rewrite(digest, columns):
            raise UpdateError
        return None

    def _columns(self, content: dict[str, Any], *, digest: str) -> dict[str, Any]:
        told = content.get(LABEL, {})
        return {
            "session_data": sealed(content, digest=digest),
            "expire_date": self.get_expiry_date(),
            "user_id": content.get("_auth_user_id"),
            "device": told.get("device", "other"),
            "browser": told.get("browser", "other"),
        }

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            sessions.drop(digest_of(key))

    @classmethod
    def clear_expired(cls) -> None:
        sessions.drop_expired(now=timezone.now())


def sealed(content: dict[str, Any], *, digest: str) -> str:
    plain = json.dumps(content, separators=(",", ":")).encode()
    key = master.fixed_key(PURPOSE)
    return base64.b64encode(sealing.seal(plain, key=key, key_version=1, context=_place(digest))).decode()


def opened(text: str, *, digest: str) -> dict[str, Any]:
    """The content; empty, as for a stranger, when the row was changed or its key is another."""
    try:
        cipher = base64.b64decode(text)
        key = master.fixed_key(PURPOSE)
        content: dict[str, Any] = json.loads(sealing.unseal(cipher, key=key, context=_place(digest)))
    except (sealing.SealBroken, ValueError):
        return {}
    return content


def _place(digest: str) -> bytes:
    return f"accounts_browsersession|session_data|{digest}".encode()
