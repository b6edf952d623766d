"""A cache that may be lost: when its server is away or holds nonsense, pages go on without it.

Values are plain JSON: Django's own serializer is pickle, and whoever writes to the cache would run code here.
"""

from __future__ import annotations

import json
import logging
from functools import partial
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from web import kept

log = logging.getLogger(__name__)


class Unreadable(RedisError):
    """The cache holds bytes that nobody of us wrote: they count as absent."""


class JsonSerializer:
    """None, true, false, numbers, texts, lists and tables with text keys; anything else is a bug of ours."""

    def dumps(self, value: Any) -> int | bytes:
        """Whole numbers stay bare, so that the server can count.

        :raises TypeError: for what JSON would change or not hold
        """
        if type(value) is int:
            return value
        written = json.dumps(value, allow_nan=False).encode()
        if json.loads(written) != value:
            raise TypeError(f"{type(value).__name__} is no plain value")
        return written

    def loads(self, data: bytes) -> Any:
        """:raises Unreadable:"""
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            raise Unreadable(type(error).__name__) from None


class PlainLocMemCache(LocMemCache):
    """This process's own, without a server; takes the same values as the other, and no more."""

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        JsonSerializer().dumps(value)
        super().set(key, value, *args, **kwargs)

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        JsonSerializer().dumps(value)
        return bool(super().add(key, value, *args, **kwargs))


class ForgivingRedisCache(RedisCache):
    """Every operation that fails reads as a miss or does nothing; only limits go on in the database."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        options = {**params.get("OPTIONS", {}), "serializer": JsonSerializer}
        super().__init__(server, {**params, "OPTIONS": options})

    def _forgive(self, name: str, instead: Any, *args: Any, **kwargs: Any) -> Any:
        """`instead` is a value, or a call that does without the server (limits: see web/kept.py)."""
        try:
            return getattr(super(), name)(*args, **kwargs)
        except RedisError:
            log.warning("cache is away: %s", name)
            return instead() if callable(instead) else instead

    def add(self, key: Any, value: Any, timeout: Any = None, version: Any = None) -> bool:
        seconds = timeout or self.default_timeout or 300.0
        instead = partial(kept.add, key, value, seconds=seconds) if kept.is_limit(key) else True
        return bool(self._forgive("add", instead, key, value, seconds, version))

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        instead = partial(kept.get, key, default) if kept.is_limit(key) else default
        return self._forgive("get", instead, key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = None, version: Any = None) -> None:
        seconds = timeout or self.default_timeout or 300.0
        instead = partial(kept.put, key, value, seconds=seconds) if kept.is_limit(key) else None
        self._forgive("set", instead, key, value, seconds, version)

    def touch(self, key: Any, timeout: Any = None, version: Any = None) -> bool:
        return bool(self._forgive("touch", False, key, timeout or self.default_timeout, version))

    def delete(self, key: Any, version: Any = None) -> bool:
        instead = partial(kept.delete, key) if kept.is_limit(key) else False
        return bool(self._forgive("delete", instead, key, version))

    def get_many(self, keys: Any, version: Any = None) -> dict[Any, Any]:
        """Key by key: one unreadable value must not hide the others."""
        missing = object()
        found = {key: self.get(key, missing, version) for key in keys}
        return {key: value for key, value in found.items() if value is not missing}

    def has_key(self, key: Any, version: Any = None) -> bool:
        return bool(self._forgive("has_key", False, key, version))

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        return int(self._forgive("incr", delta, key, delta, version))

    def set_many(self, data: Any, timeout: Any = None, version: Any = None) -> list[Any]:
        return list(self._forgive("set_many", [], data, timeout or self.default_timeout, version))

    def delete_many(self, keys: Any, version: Any = None) -> None:
        self._forgive("delete_many", None, keys, version)

    def clear(self) -> None:
        self._forgive("clear", None)
