"""The only code that writes `Document.state`."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from merchants.document_lifecycle import DOCUMENT
from merchants.models import Document, DocumentMove
from merchants.moving import leaf


def move(
    document: Document, name: str, *, reason: str, actor: Actor, at: datetime, **changes: object
) -> DocumentMove:
    """Make a move on a locked document and keep it as history. :raises IllegalMove:"""
    came_from = document.state
    document.state = DOCUMENT.target(document.state, name)
    document.reason = reason.strip()
    for field, value in changes.items():
        setattr(document, field, value)
    document.save(update_fields=["state", "reason", *changes])
    return note(document, name, came_from=came_from, reason=document.reason, actor=actor, at=at)


def note(
    document: Document, name: str, *, came_from: str, reason: str, actor: Actor, at: datetime
) -> DocumentMove:
    """The line of history and the evidence of it; the evidence binds the file, not its number."""
    done = DocumentMove.objects.create(
        merchant_id=document.merchant_id,
        document=document,
        name=name,
        from_state=came_from,
        to_state=document.state,
        reason=reason,
        actor=str(actor),
        at=at,
    )
    payload: dict[str, object] = {
        "document": str(document.pk),
        "kind": document.kind,
        "to": str(document.state),
        "file": document.file.sha256,
        "reason": reason,
    }
    leaf(document.merchant, f"document_{name}", payload, at)
    return done
