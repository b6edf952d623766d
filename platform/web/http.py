"""A request as the middleware hands it to views: annotate views with this type."""

from __future__ import annotations

from django.http import HttpRequest

from kernel.actor import Actor


class Request(HttpRequest):
    """`actor` is set by the accounts' middleware, LANGUAGE_CODE by Django's."""

    actor: Actor
    # Truthy while this browser acts for somebody under a mandate (accounts/acting.py).
    acting: object
    LANGUAGE_CODE: str
