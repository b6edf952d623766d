"""Limits of the sign-in doors: over many accounts, and while the cache's server is away."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from django.db import connection
from redis.exceptions import ConnectionError as Away

from accounts import limits
from rulebook import policies
from tests.builders.people import a_buyer
from web import kept
from web.cache import ForgivingRedisCache

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@pytest.fixture
def away(monkeypatch):
    """The cache that production uses, with no server behind it."""

    def gone(*_: object, **__: object) -> None:
        raise Away

    for name in ("get", "set", "add", "delete", "has_key", "get_many"):
        monkeypatch.setattr(RedisCache, name, gone)
    lost = ForgivingRedisCache("redis://127.0.0.1:1", {})
    for module in ("allauth.core.internal.ratelimit", "accounts.limits", "allauth.mfa.totp.internal.auth"):
        monkeypatch.setattr(f"{module}.cache", lost)
    return lost


def test_a_limit_holds_without_the_cache_s_server(away, visitor):
    a_buyer(email="lin@example.com")
    lin = visitor()
    for _ in range(5):
        lin.sign_in("lin@example.com", "not the password")

    assert "失败次数太多" in lin.sign_in("lin@example.com").content.decode()
    assert not lin.is_signed_in


def test_what_stands_in_the_table_says_nothing(away, visitor):
    visitor().sign_in("lin@example.com", "not the password")
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM web_keptvalue t")
        rows = " ".join(row[0] for row in cursor.fetchall())

    assert rows and "lin@" not in rows and "p.invalid" not in rows and "127.0.0.1" not in rows


def test_other_keys_are_simply_lost(away):
    away.set("page", 1)
    assert away.get("page") is None and away.add("page", 1)


def test_adding_succeeds_once_and_again_after_its_time(away):
    assert away.add("limit:x", 1, 60) and not away.add("limit:x", 2, 60)
    assert away.get("limit:x") == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE web_keptvalue SET until = clock_timestamp() - interval '1 second'")
    assert away.get("limit:x") is None and away.add("limit:x", 3, 60)
    away.delete("limit:x")
    assert kept.prune(limit=10) == 0


def test_one_network_can_t_try_a_list_of_accounts(monkeypatch, visitor):
    cache.clear()
    most = policies.value(limits.POLICY, AT)["accounts_per_network"]
    for number in range(most):
        assert limits.may_try(network="n", account=f"account {number:04}", at=AT, now=1000.0)

    assert not limits.may_try(network="n", account="one more acc", at=AT, now=1000.0)
    assert limits.may_try(network="n", account="account 0003", at=AT, now=1000.0)
    assert limits.may_try(network="another", account="one more acc", at=AT, now=1000.0)
    assert limits.may_try(network="n", account="one more acc", at=AT, now=1000.0 + 3600)


@pytest.mark.parametrize("known", [True, False])
def test_the_refusal_is_the_same_for_known_and_unknown(monkeypatch, visitor, known):
    if known:
        a_buyer(email="lin@example.com")
    monkeypatch.setattr(limits, "may_try", lambda **_: False)
    answer = visitor().sign_in("lin@example.com")

    assert answer.status_code == 200 and "短时间里试了太多次" in answer.content.decode()


def test_one_network_can_t_open_accounts_by_the_dozen(monkeypatch, visitor):
    monkeypatch.setattr(limits, "may_open", lambda **_: False)
    answer = visitor().sign_up("new@example.com")

    assert answer.status_code == 200 and "短时间里试了太多次" in answer.content.decode()
