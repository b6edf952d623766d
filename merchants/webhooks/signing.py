"""How a call is signed: HMAC-SHA256 over "timestamp.body"; docs/webhooks.md shows how it is checked."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from merchants.models import Webhook
from privacy import blind_index

HEADER = "Anxin-Signature"
MARK = "whsec_"
_PURPOSE = "merchants.webhook_secret"


def secret_of(secret_id: UUID) -> str:
    """Derived under a key outside the database, so that a copy of the database signs nothing."""
    return MARK + blind_index.of(_PURPOSE, str(secret_id))


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """64 hex characters."""
    return hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()


def header(webhook: Webhook, body: bytes, *, at: datetime) -> str:
    """`t=…,v1=…`, and a second `v1` while an old secret still holds."""
    timestamp, secrets = int(at.timestamp()), [webhook.secret_id]
    if webhook.old_secret_id and webhook.old_until and at < webhook.old_until:
        secrets.append(webhook.old_secret_id)
    signed = [f"v1={signature(secret_of(each), timestamp, body)}" for each in secrets]
    return ",".join([f"t={timestamp}", *signed])
