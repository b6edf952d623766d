"""Answers: a whole page, or the named fragment of it that htmx asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme


def wants_fragment(request: HttpRequest) -> bool:
    """Htmx asks for a part; a boosted link or a restored history entry needs the whole page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    fragment: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or only its partial `fragment` for htmx. 422 says that a form needs changes."""
    name = f"{template}#{fragment}" if fragment and wants_fragment(request) else template
    response = render(request, name, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def redirect(request: HttpRequest, to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """See other: after a POST the browser GETs `to` (URL, view name or object)."""
    url = resolve_url(to, *args, **kwargs)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url, status=303)


def is_own_path(request: HttpRequest, target: str) -> bool:
    """A page of this site, as a form sends it back. A bare word would be taken for the name of a view."""
    hosts = {request.get_host()}
    allowed = url_has_allowed_host_and_scheme(target, hosts, require_https=request.is_secure())
    return target.startswith("/") and allowed
