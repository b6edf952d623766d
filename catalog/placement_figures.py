"""How often paid places were shown and followed: counted in the cache, of nobody in particular."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db.models import F

from catalog.models import PlacementDay
from catalog.placements import today

_ANY, _KEPT_SECONDS = "placed:any", 3 * 24 * 3600


def note(placements: Iterable[UUID], what: str, *, at: datetime) -> None:
    """`what` is "shown" or "followed". A cache that is away loses the count and stops nobody."""
    for placement in placements:
        key = f"placed:{placement}:{today(at)}:{what}"
        cache.add(key, 0, _KEPT_SECONDS)
        try:
            cache.incr(key)
        except ValueError:
            continue
        cache.set(_ANY, 1, _KEPT_SECONDS)


def collect(*, at: datetime) -> int:
    """Write down what was counted since the last time, today's and yesterday's; gives how many days."""
    if not cache.get(_ANY):
        return 0
    cache.delete(_ANY)
    written = 0
    for row in PlacementDay.objects.filter(day__in=[today(at), today(at) - timedelta(days=1)]):
        keys = {what: f"placed:{row.placement_id}:{row.day}:{what}" for what in ("shown", "followed")}
        counted = {what: cache.get(key) or 0 for what, key in keys.items()}
        if any(counted.values()):
            written += PlacementDay.objects.filter(pk=row.pk).update(
                shown=F("shown") + counted["shown"], followed=F("followed") + counted["followed"]
            )
            for what, key in keys.items():
                if counted[what]:
                    cache.decr(key, counted[what])
    return written
