"""Acting for somebody under a mandate: found once per request, and only for browsers that say they do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import guests, mandates
from accounts.mandate_scopes import Scope
from accounts.models import Mandate
from kernel.actor import Actor
from kernel.errors import NotFound
from privacy import access_record, opened

SESSION_KEY = "mandate"
# Says only that the session should be asked, so that nobody else's pages cost a query.
COOKIE = f"{settings.COOKIE_PREFIX}anxin_acting"
# Where in the privacy centre a proxy asks and looks; nothing that ends, takes back or hands out a copy.
PRIVACY_PAGES = re.compile(r"/privacy/((policy|see|looked|requests|requests/[^/]+)/)?")


_ORDER = ("orders.Order.recipient", "orders.Order.phone", "orders.Order.address")
# What a page of each scope may show of the principal's.
SHOWN: dict[str, tuple[str, ...]] = {
    Scope.ORDERS: _ORDER,
    Scope.BUY: _ORDER,
    Scope.RETURNS: _ORDER,
    Scope.COMPLAINTS: (*_ORDER, "complaints.Statement.text"),
    Scope.PRIVACY: ("privacy.Request.details",),
}


@dataclass(frozen=True, slots=True)
class Acting:
    """`mandate` is None when it has ended: then nothing is open until the browser switches back."""

    proxy_id: UUID
    mandate: Mandate | None

    @property
    def actor(self) -> Actor:
        """:raises NotFound: the mandate has ended"""
        if self.mandate is None:
            raise NotFound()
        return Actor.proxy(self.mandate.principal_id, by=self.proxy_id, mandate_id=self.mandate.pk)

    @property
    def name(self) -> str:
        """Whom the banner names: the proxy knows it from the mandate, so it is no look."""
        with opened.by_machine():
            return mandates.name_of(self.mandate.principal_id) if self.mandate else ""

    def may(self, scope: str) -> bool:
        return self.mandate is not None and scope in self.mandate.scopes


def of_request(request: HttpRequest, *, at: datetime) -> Acting | None:
    """None for everybody who acts for themselves."""
    if COOKIE not in request.COOKIES or not request.user.is_authenticated:
        return None
    kept = request.session.get(SESSION_KEY)
    if not kept:
        return None
    proxy_id = request.user.subject_id
    return Acting(proxy_id, mandates.running(mandate_id=UUID(kept), proxy_id=proxy_id, at=at))


def actor_for(request: HttpRequest, scope: str) -> Actor | None:
    """The actor under the mandate; None when nobody acts for anybody.

    :raises NotFound: outside of the scope, or the mandate has ended
    """
    acting = getattr(request, "acting", None)
    if not acting:
        return None
    if not acting.may(scope):
        raise NotFound()
    request.__dict__.setdefault("_acted", set()).add(scope)
    found: Actor = acting.actor
    return found


def begin(request: HttpRequest, response: HttpResponse, mandate: Mandate) -> None:
    """From the next page on this browser acts for the principal."""
    request.session[SESSION_KEY] = str(mandate.pk)
    response.set_cookie(COOKIE, "1", httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")


def end(request: HttpRequest, response: HttpResponse) -> None:
    """Back to one's own."""
    request.session.pop(SESSION_KEY, None)
    response.delete_cookie(COOKIE, samesite="Lax")


def was_used(request: HttpRequest) -> bool:
    """Whether this request opened something of the principal's."""
    return "_acted" in request.__dict__


def record(request: HttpRequest, *, at: datetime) -> None:
    """Each page under a mandate stands in the principal's access record."""
    actor: Actor = request.acting.actor  # type: ignore[attr-defined]
    assert actor.subject_id is not None
    fields = sorted({column for scope in request.__dict__["_acted"] for column in SHOWN[scope]})
    access_record.record(actor=actor, subject_id=actor.subject_id, purpose="mandate", fields=fields, at=at)


def visitor_of(request: HttpRequest) -> UUID | None:
    """For the privacy centre: under a mandate its principal, but only where one looks and asks.

    :raises NotFound: a part of the centre that no mandate opens
    """
    acting = getattr(request, "acting", None)
    if not acting or not request.path.startswith("/privacy/"):
        return guests.actor_of(request).subject_id
    if not PRIVACY_PAGES.fullmatch(request.path):
        raise NotFound()
    found = actor_for(request, Scope.PRIVACY)
    return found.subject_id if found else None
