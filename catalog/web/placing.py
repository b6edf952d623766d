"""Paid places in a list: woven between the results, taking turns each minute, counted each time they show."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog import placement_figures, placements
from catalog.placements import Paid
from catalog.search import Wish
from rulebook import policies
from web.paging import Paged
from web.preferences import Preferences

Part = dict[str, Any]
_MOST = 2000
# What the kept pages of this process show in paid places, by all that such a page is asked with.
_shown: OrderedDict[Hashable, tuple[UUID, ...]] = OrderedDict()


def beside(request: HttpRequest, wish: Wish, paged: Paged, *, at: datetime) -> list[Paid]:
    """Those for this page of results; none in the large and plain mode, none that stands here anyway."""
    there = {each.pk for each in paged.items}
    found: list[Paid] = []
    if not Preferences.of(request).elder:
        found = placements.shown_beside(wish, results=len(there), page=paged.page.number, at=at)
        found = [each for each in found if each.listing.pk not in there]
    _shown.pop(_asked(request), None)
    if found:
        _shown[_asked(request)] = tuple(each.placement_id for each in found)
        while len(_shown) > _MOST:
            _shown.popitem(last=False)
    return found


def woven(shown: Sequence[Part], paid: Sequence[tuple[Part, Paid]], *, at: datetime) -> list[Part]:
    """One marked place behind each group of results, so that it is one in so many at most."""
    whole, waiting = list[Part](), list(paid)
    behind = policies.value(placements.POLICY, at)["one_in"] - 1
    for number, each in enumerate(shown, start=1):
        whole.append(each)
        if number % behind == 0 and waiting:
            card, place = waiting.pop(0)
            url = reverse("catalog:placement", args=[place.placement_id])
            whole.append({**card, "url": url, "sponsored": True, "why": _("Paid for by the shop")})
    return whole


def turn(request: HttpRequest, at: datetime) -> int:
    """Which minute a page with paid places is kept for; every other page knows none."""
    return int(at.timestamp()) // 60 if _asked(request) in _shown else 0


def note(request: HttpRequest, *, at: datetime) -> None:
    """Count what this page shows."""
    if request.method == "GET":
        placement_figures.note(_shown.get(_asked(request), ()), "shown", at=at)


def _asked(request: HttpRequest) -> Hashable:
    return request.get_full_path(), get_language(), Preferences.of(request)
