"""No table, session or cache holds an address, a name, a network or a browser in plain text."""

import json
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection

from accounts.models import BrowserSession
from accounts.web.session_store import opened
from notifications.models import Letter
from outbox.relay import drain_all
from tests.accounts.conftest import newest_code
from tests.builders.people import PASSWORD, a_guest

pytestmark = pytest.mark.django_db

ADDRESS, NAME, NETWORK, BROWSER = "canary.lin@example.com", "金丝雀林", "203.0.113.77", "CanaryBrowser/9"
STRANGER = "canary.stranger@example.com"
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
CANARIES = [ADDRESS, "canary.lin", STRANGER, NAME, NETWORK, BROWSER, PASSWORD]


def encodings(text: str) -> list[str]:
    return [text, text.encode().hex(), json.dumps(text)[1:-1], text.upper(), text.encode("utf-16-le").hex()]


def a_life(visitor):
    """Sign up, confirm, fail, reset, change, visit: everything that writes."""
    person = visitor()
    person.browser = a_guest().client
    person.browser.defaults |= {"REMOTE_ADDR": NETWORK, "HTTP_USER_AGENT": BROWSER}
    person.sign_up(ADDRESS, NAME)
    person.confirm(newest_code())
    person.post("/account/", display_name=NAME, locale="zh-hant")
    person.post("/accounts/logout/")
    person.sign_in(ADDRESS, "not the password")
    person.sign_in(STRANGER, "not the password")
    person.post("/accounts/password/reset/", email=STRANGER)
    person.post("/accounts/password/reset/", email=ADDRESS)
    person.post("/accounts/password/reset/confirm/", code=newest_code())
    person.post(
        "/accounts/password/reset/complete/", password1="a new secret 4711", password2="a new secret 4711"
    )
    person.sign_in(ADDRESS, "a new secret 4711")
    visitor().sign_up(ADDRESS, NAME)
    visitor().sign_up(STRANGER, NAME)
    drain_all()
    return person


def every_cell() -> list[tuple[str, str]]:
    """(table, all its rows as text); bytes show as hex."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")
            found += [(table, row[0]) for row in cursor.fetchall()]
    return found


def test_the_canaries_stay_in_the_sealed_columns(visitor):
    person = a_life(visitor)
    assert person.is_signed_in
    assert {letter.to[0] for letter in mail.outbox} == {ADDRESS, STRANGER}

    sessions = [
        ("session", json.dumps(opened(row.session_data, digest=row.pk), ensure_ascii=False))
        for row in BrowserSession.objects.all()
    ]
    caches = [("cache", f"{key} {value!r}") for key, value in cache._cache.items()]
    cells = every_cell()
    assert len({table for table, _ in cells}) > 10 and sessions and caches

    assert leaks(cells + sessions + caches) == []


def leaks(places: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """(place, canary) for every canary in any of its shapes."""
    return [
        (place, canary)
        for place, text in places
        for canary in CANARIES
        for shape in encodings(canary)
        if shape.lower() in text.lower()
    ]


@pytest.mark.parametrize("canary", [ADDRESS, NAME, NETWORK])
def test_the_net_would_catch_one(visitor, canary):
    subject_id = a_guest().subject_id
    Letter.objects.create(
        subject_id=subject_id,
        kind="x",
        reference=subject_id,
        params={"name": canary},
        locale="en",
        created_at=NOW,
    )

    assert ("notifications_letter", canary) in leaks(every_cell())


def test_allauth_s_tables_hold_pseudonyms_only(visitor):
    a_life(visitor)

    with connection.cursor() as cursor:
        cursor.execute("SELECT email FROM account_emailaddress UNION SELECT pseudonym FROM accounts_user")
        stored = [row[0] for row in cursor.fetchall()]

    assert stored and all(
        len(text) == 64 + len("@p.invalid") and text.endswith("@p.invalid") for text in stored
    )
