"""Pages kept ready in this process by all that they show; what is one visitor's own is put in anew.

Only here and not in the shared cache: whoever could write there would write on our pages.
"""

from __future__ import annotations

import re
import secrets
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers
from django.utils.html import escape
from django.utils.translation import get_language

from web import respond
from web.formats import reading_year
from web.idempotency import FIELD
from web.preferences import Preferences

# Gives the key of the very state that it read, and the context.
Build = Callable[[], tuple[Hashable, Mapping[str, Any]]]
Shown = Callable[[], Mapping[str, Any]]
Asked = Callable[[], Hashable]
MOST_BYTES, LONGEST_PATH, LONGEST_QUERY = 24 * 1024 * 1024, 300, 600
# Nobody outside of this process can write these words, so no seller's text makes a hole.
_TOKEN, _HERE = secrets.token_hex(16), secrets.token_hex(16)
_HOLE = re.compile(rf'{_TOKEN}|{_HERE}|(?<=name="{FIELD}" value=")[0-9a-f]{{32}}(?=")')


@dataclass(frozen=True, slots=True)
class Kept:
    """`parts` stand between the holes; `holes` say what goes in: token, here or a fresh key."""

    parts: tuple[bytes, ...]
    holes: tuple[str, ...]

    @classmethod
    def cut(cls, text: str) -> Kept:
        parts, holes, end = [], [], 0
        for found in _HOLE.finditer(text):
            parts.append(text[end : found.start()].encode())
            holes.append(found.group() if found.group() in (_TOKEN, _HERE) else FIELD)
            end = found.end()
        return cls((*parts, text[end:].encode()), tuple(holes))

    def filled(self, request: HttpRequest) -> bytes:
        own = {_HERE: escape(request.get_full_path()).encode()}
        if _TOKEN in self.holes:
            own[_TOKEN] = get_token(request).encode()
        whole = [self.parts[0]]
        for hole, part in zip(self.holes, self.parts[1:], strict=True):
            whole += (own.get(hole) or uuid.uuid4().hex.encode(), part)
        return b"".join(whole)

    @property
    def size(self) -> int:
        """What it takes in memory, roughly."""
        return sum(map(len, self.parts)) + 120 * len(self.parts) + 2000


class Drawer:
    """The pages asked for last, in at most so many bytes; threads may share it."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._size, self._lock = most_bytes, 0, threading.Lock()
        self._pages: OrderedDict[Hashable, Kept] = OrderedDict()

    def get(self, key: Hashable) -> Kept | None:
        with self._lock:
            found = self._pages.get(key)
            if found is not None:
                self._pages.move_to_end(key)
            return found

    def put(self, key: Hashable, page: Kept) -> None:
        with self._lock:
            old = self._pages.pop(key, None)
            self._pages[key] = page
            self._size += page.size - (old.size if old else 0)
            while self._size > self._most:
                self._size -= self._pages.popitem(last=False)[1].size

    def empty(self) -> None:
        with self._lock:
            self._pages.clear()
            self._size = 0

    def __len__(self) -> int:
        return len(self._pages)


pages = Drawer(MOST_BYTES)


def page(
    request: HttpRequest, template: str, build: Build, *, key: Asked, fragment: str | None = None
) -> HttpResponse:
    """As `respond.page`; rendered once for everybody with the same key, which holds all that is shown.

    Frame, language and display choices belong to the key by themselves. Somebody signed in, with a message
    waiting or acting for another gets a page of their own.
    """
    frame = _frame(request)
    if frame is None:
        return respond.page(request, template, build()[1], fragment=fragment)
    about = (template, fragment and respond.wants_fragment(request), frame)
    found = pages.get((*about, key())) or _made(request, template, build, about, fragment)
    response = HttpResponse(found.filled(request))
    patch_vary_headers(response, ["HX-Request"])
    return response


def versioned(
    request: HttpRequest, template: str, build: Shown, *, version: Asked, fragment: str | None = None
) -> HttpResponse:
    """As `page`, under a version that never comes back once it moved on; the address belongs to the key.

    The version is asked before any row is read. So a page may show more than its version stands for,
    never less, and whoever sees the newer state asks for the newer version.
    """
    asked: list[Hashable] = [None]

    def key() -> Hashable:
        asked[0] = version(), request.META["QUERY_STRING"]
        return asked[0]

    return page(request, template, lambda: (asked[0], build()), key=key, fragment=fragment)


def _made(
    request: HttpRequest, template: str, build: Build, about: tuple[Hashable, ...], fragment: str | None
) -> Kept:
    state, context = build()
    holes = {"csrf_token": _TOKEN, "here": _HERE}
    fresh = respond.page(request, template, {**context, **holes}, fragment=fragment)
    made = Kept.cut(fresh.content.decode())
    pages.put((*about, state), made)
    return made


def _frame(request: HttpRequest) -> Hashable | None:
    """What the frame around every page shows of a visitor; None where it shows more than that."""
    if request.method not in ("GET", "HEAD") or len(request.path) > LONGEST_PATH:
        return None
    if len(request.META["QUERY_STRING"]) > LONGEST_QUERY:
        return None
    if request.user.is_authenticated or request.acting or len(get_messages(request)):  # type: ignore[attr-defined]
        return None
    preferences = getattr(request, "preferences", Preferences())
    in_cart = request.session.get("cart_count")
    return request.path, get_language(), reading_year.get(), preferences, in_cart
