"""Every address below a shop runs inside that shop: the member's door first, then the database's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver

from kernel.errors import DomainError
from merchants import access
from web.http import Request

# Pages and the merchant's API; what follows belongs to the shop of that name.
SHOP = "merchant/<slug:slug>/"
_MARK = "bound_to_its_shop"


def bind(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> None:
    """Wrap the view of every pattern below SHOP, so that a new page can't forget it."""
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            bind(each.url_patterns, route)
        elif SHOP in route and not is_bound(each):
            each.callback = bound(each.callback)


def is_bound(pattern: URLPattern) -> bool:
    return getattr(pattern.callback, _MARK, False)


def bound(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Run `view` in one transaction under the portal's role.

    A named refusal leaves what was written before it, as it does elsewhere; anything else rolls back.
    """

    @wraps(view)
    def inside(request: Request, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal: DomainError
        with access.portal(request.actor, slug):
            try:
                return view(request, *args, slug=slug, **kwargs)
            except DomainError as refused:
                refusal = refused
        raise refusal

    setattr(inside, _MARK, True)
    return inside
