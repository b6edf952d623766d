"""A cache that may be lost: when its server is away, pages go on without it."""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Every operation that fails reads as a miss or does nothing."""

    def _forgive(self, name: str, instead: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(), name)(*args, **kwargs)
        except RedisError:
            log.warning("cache is away: %s", name)
            return instead

    def add(self, key: Any, value: Any, timeout: Any = None, version: Any = None) -> bool:
        return bool(self._forgive("add", True, key, value, timeout or self.default_timeout, version))

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._forgive("get", default, key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = None, version: Any = None) -> None:
        self._forgive("set", None, key, value, timeout or self.default_timeout, version)

    def touch(self, key: Any, timeout: Any = None, version: Any = None) -> bool:
        return bool(self._forgive("touch", False, key, timeout or self.default_timeout, version))

    def delete(self, key: Any, version: Any = None) -> bool:
        return bool(self._forgive("delete", False, key, version))

    def get_many(self, keys: Any, version: Any = None) -> dict[Any, Any]:
        return dict(self._forgive("get_many", {}, keys, version))

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
