"""The whole bundled rulebook, loaded as the platform does it at start."""

from datetime import UTC, datetime
from functools import cache

from kernel.actor import Actor
from rulebook import loading, shelf
from rulebook.models import PackVersion, Policy

LOADED_AT = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def bundled_policies() -> int:
    """How many versions the files have: a kept database may be older than they are."""
    return (loading.DATA / "policies.toml").read_text().count("[[policies]]")


def the_rulebook() -> None:
    """Load packs, calendars, policies and texts unless they are there; the shelf is read anew."""
    if not PackVersion.objects.exists() or Policy.objects.count() < bundled_policies():
        loading.load_bundled(actor=Actor.system(), at=LOADED_AT)
    shelf.forget()
