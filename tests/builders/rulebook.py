"""The whole bundled rulebook, loaded as the platform does it at start."""

from datetime import UTC, datetime

from kernel.actor import Actor
from rulebook import loading, shelf

LOADED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def the_rulebook() -> None:
    """Load packs, calendars, policies and texts; idempotent. The shelf is warm afterwards."""
    loading.load_bundled(actor=Actor.system(), at=LOADED_AT)
    shelf.forget()
    shelf.current()
