"""Programs for tests: a token of a person or of a shop's member, and its calls over HTTP."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.http import HttpResponse

from accounts import tokens
from accounts.token_scopes import OF_A_PERSON, OF_A_SHOP, Scope
from kernel import clock
from tests.builders.orders import ORDERED
from tests.builders.people import Person, a_visitor

_keys = count(1)


def a_key() -> str:
    return f"key-{next(_keys):08d}"


class Program:
    """Calls below `/api/v1/me` or a shop's part, as of `at`."""

    def __init__(
        self,
        person: Person,
        *,
        merchant: Any = None,
        scopes: Sequence[Scope] = (),
        at: datetime = ORDERED + timedelta(hours=3),
    ) -> None:
        self.base = f"/api/v1/merchant/{merchant.slug}" if merchant else "/api/v1/me"
        self.at, self.person = at, person
        self.secret = tokens.issue(
            subject_id=person.subject_id,
            merchant_id=merchant.pk if merchant else None,
            scopes=list(scopes or (OF_A_SHOP if merchant else OF_A_PERSON)),
            days=365,
            actor=person.actor,
            at=ORDERED,
        )[1]
        self.client = a_visitor().client

    def call(
        self, method: str, path: str, body: Any = None, *, key: str = "", language: str = "en", **more: Any
    ) -> HttpResponse:
        """`body` as JSON, or as it is where it is text or bytes."""
        headers = {"HTTP_AUTHORIZATION": f"Bearer {self.secret}", "HTTP_ACCEPT_LANGUAGE": language, **more}
        if key:
            headers["HTTP_IDEMPOTENCY_KEY"] = key
        url = path if path.startswith("/api/") else self.base + path
        sent = body if isinstance(body, str | bytes) else json.dumps({} if body is None else body)
        with clock.frozen(self.at):
            if method == "get":
                return self.client.get(url, **headers)
            return getattr(self.client, method)(url, sent, content_type="application/json", **headers)

    def get(self, path: str, **more: Any) -> HttpResponse:
        return self.call("get", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> HttpResponse:
        return self.call("post", path, body, **more)

    def step(self, path: str, body: Any = None, **more: Any) -> HttpResponse:
        """With a fresh key."""
        return self.call("post", path, body, key=a_key(), **more)
