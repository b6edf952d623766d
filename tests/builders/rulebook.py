"""The whole bundled rulebook, loaded as the platform does it at start."""

from datetime import UTC, datetime

from kernel.actor import Actor
from rulebook import loading, shelf
from rulebook.models import PackVersion

LOADED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def the_rulebook() -> None:
    """Load packs, calendars, policies and texts unless they are there; the shelf is read anew."""
    if not PackVersion.objects.exists():
        loading.load_bundled(actor=Actor.system(), at=LOADED_AT)
    shelf.forget()
