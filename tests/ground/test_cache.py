"""The cache on a real server: plain values only, and nonsense in it is as good as nothing."""

import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from embedded.valkey import Valkey
from web.cache import ForgivingRedisCache, JsonSerializer, PlainLocMemCache

NONSENSE = (b"", b"{", b"\xff\xfe", b"nan-", b"[" * 100_000, pickle.dumps({"a": 1}), b"'quoted'", b"1 2")


@pytest.fixture
def cache(valkey: Callable[[], Valkey]) -> Iterator[ForgivingRedisCache]:
    server = valkey()
    port = server.ensure()
    yield ForgivingRedisCache(f"redis://:{server.password}@127.0.0.1:{port}/0", {})


class Trap:
    """Runs when it is unpickled."""

    sprung = False

    def __reduce__(self) -> Any:
        return (setattr, (Trap, "sprung", True))


def test_values_come_back_as_they_were(cache: ForgivingRedisCache) -> None:
    for value in (0, -7, True, None, 1.5, "退款", [1, "a"], {"a": [None]}):
        cache.set("k", value)
        assert cache.get("k", "missed") == value and type(cache.get("k")) is type(value)
    cache.set("n", 1)
    assert cache.incr("n") == 2 and cache.get("n") == 2
    assert cache.add("once", True) and not cache.add("once", True)


def test_what_somebody_else_wrote_is_a_miss_and_never_run(cache: ForgivingRedisCache) -> None:
    client = cache._cache.get_client(write=True)
    for written in (*NONSENSE, pickle.dumps(Trap())):
        client.set(cache.make_key("k"), written)
        assert cache.get("k", "missed") == "missed"
        assert cache.get_many(["k", "other"]) == {}
    assert Trap.sprung is False
    cache.set("k", "fresh")
    assert cache.get("k") == "fresh"


@pytest.mark.parametrize("value", [(1, 2), {1, 2}, b"bytes", object(), {1: "a"}, float("nan"), {"a": (1,)}])
def test_what_json_would_change_is_a_bug_of_ours(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        JsonSerializer().dumps(value)
    plain = PlainLocMemCache("a-test", {})
    for write in (plain.set, plain.add):
        with pytest.raises((TypeError, ValueError)):
            write("k", value)
    assert plain.get("k") is None
