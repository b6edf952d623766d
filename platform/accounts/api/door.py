"""The door of the API for programs: a token in the Authorization header, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from accounts import tokens
from accounts.models import ApiToken
from accounts.token_scopes import Scope
from kernel import clock
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from rulebook import policies
from web import errors

AREA = "/api/"
# Below these nobody gets in without a token; a browser's session opens nothing here.
CLOSED = ("/api/v1/merchant/", "/api/v1/me/")


class TokenNeeded(DomainError):
    code = "token_needed"
    message = N_("Send a token that is neither expired nor revoked, as “Authorization: Bearer …”.")
    status = 401


class TokenInAddress(DomainError):
    code = "token_in_address"
    message = N_(
        "A token must never stand in an address: addresses are kept in logs. Revoke this one, make another"
        " and send it in the Authorization header."
    )
    status = 400


class ScopeMissing(DomainError):
    code = "token_scope"
    message = N_("This token may not do that. Make one with “%(scope)s”.")
    status = 403


class ApiDoorMiddleware:
    """Sets `request.api_token` and, for a token, `request.actor`; costs other pages nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(AREA):
            return self.get_response(request)
        try:
            token = _token(request)
        except DomainError as refusal:
            answer = errors.refused(request, refusal)
            if refusal.status == TokenNeeded.status:
                answer["WWW-Authenticate"] = 'Bearer realm="anxin"'
            return answer
        request.api_token = token  # type: ignore[attr-defined]
        request.actor = (  # type: ignore[attr-defined]
            Actor.buyer(token.subject_id) if token else Actor.anonymous()
        )
        return self.get_response(request)


def _token(request: HttpRequest) -> ApiToken | None:
    """:raises TokenInAddress: :raises TokenNeeded:"""
    if f"{tokens.MARK}_" in request.META.get("QUERY_STRING", "") or f"/{tokens.MARK}_" in request.path:
        raise TokenInAddress
    given = request.headers.get("Authorization", "")
    if not given and not request.path.startswith(CLOSED):
        return None
    kind, _, secret = given.partition(" ")
    found = tokens.presented(secret.strip(), at=clock.now()) if kind.lower() == "bearer" else None
    if found is None:
        raise TokenNeeded
    return found


def token_of(request: HttpRequest) -> ApiToken:
    """:raises TokenNeeded:"""
    found: ApiToken | None = getattr(request, "api_token", None)
    if found is None:
        raise TokenNeeded
    return found


def require(request: HttpRequest, scope: Scope) -> ApiToken:
    """:raises TokenNeeded: :raises ScopeMissing:"""
    found = token_of(request)
    if scope not in found.scopes:
        raise ScopeMissing(scope=str(scope))
    return found


class ByToken(BaseAuthentication):
    """What the middleware found, for the API framework and its description."""

    def authenticate(self, request: Request) -> tuple[object, ApiToken] | None:
        found = getattr(request._request, "api_token", None)
        return (request._request.user, found) if found is not None else None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="anxin"'


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description of the API names it."""

    target_class = ByToken
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class PerToken(SimpleRateThrottle):
    """So many requests a minute, counted by token."""

    scope = "token"

    def get_rate(self) -> str:
        return f"{policies.number('tokens.per_minute', clock.now())}/min"

    def get_cache_key(self, request: Request, view: object) -> str | None:
        found = getattr(request._request, "api_token", None)
        return None if found is None else f"api-token-{found.pk}"
