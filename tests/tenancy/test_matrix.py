"""Every address of the URLconf × every kind of person × every method: the table says who gets in."""

import re
from dataclasses import replace
from http.cookies import SimpleCookie

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from accounts.staff import Role
from kernel import clock
from kernel.ids import new_id
from tests.builders.people import a_staff
from tests.builders.two_shops import NOW
from tests.tenancy import addresses, few, people

NAMES = addresses.names()
READING = ("get", "head", "options")
NEVER = ("put", "patch", "delete")
# Lines that reading may leave: who looked, the browser's session, when a copy was fetched, read messages.
MAY_BE_WRITTEN = {
    "privacy_accessrecord", "django_session", "web_idempotencykey", "accounts_staffsession",
    "accounts_browsersession", "accounts_knowndevice", "privacy_personalcopy",
    "orders_messagethread",
}  # fmt: skip
# What a form must hold to be read at all.
FORMS = {"payments:provider": {"provider": "sandbox"}, "privacy:spending-answer": {"answer": "refuse"}}
# A step of signing in answers whoever has not come to it, or is past it, by sending them on.
STEPS = ("before_signing_in", "after_a_step")
A_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
# Outsiders stand before the staff's area as one: five of them knock at each of its pages.
BEFORE_STAFF = ("anonymous", "owner", "shop's owner", "staff", "proxy: privacy")
cells = {"tested": 0}


@pytest.fixture(scope="module")
def persons(world, django_db_blocker):
    with django_db_blocker.unblock():
        return people.everybody(*world[:2])


@pytest.fixture(scope="module")
def a_world(world, persons, django_db_blocker):
    """As in conftest, and what only one person or one link has."""
    with django_db_blocker.unblock():
        return replace(world[0], few=few.made_for(persons["owner"], persons)), *world[1:]


@pytest.fixture
def shops(a_world, db):
    return a_world


@pytest.fixture(autouse=True)
def now():
    with clock.frozen(NOW):
        yield


def written():
    """Tables with rows added, changed or removed in this transaction, so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())


def asked(person, methods, url, form=()):
    """Method → answer, one after the other; then the database and the browser are as before."""
    cookies, answers = dict(person.client.cookies), {}
    with transaction.atomic():
        for method in methods:
            sent = {"idempotency_key": f"matrix-{new_id()}", **dict(form)} if method == "post" else None
            answer = answers[method] = getattr(person.client, method)(url, sent)
            if answer.streaming:
                b"".join(answer.streaming_content)
            assert answer.status_code < 500, (method, url, answer.status_code)
        transaction.set_rollback(True)
    person.client.cookies = SimpleCookie({name: morsel.value for name, morsel in cookies.items()})
    cells["tested"] += len(answers)
    return answers


def got(person, url):
    return asked(person, ["get"], url)["get"]


def refused(answer, *, a_step=False):
    """Absent, not for this method, forbidden, or first sign in."""
    if a_step and 300 <= answer.status_code < 400:
        return True
    where = answer.headers.get("Location", "")
    return (
        answer.status_code in (400, 401, 403, 404, 405)
        or "/accounts/login/" in where
        or "/staff/start/" in where
    )


def test_every_address_stands_in_the_table_once():
    told = [name for names in people.TABLE.values() for name in names]
    real = {name for name in NAMES if not name.startswith(("admin:", "staff:"))}
    assert sorted(real - set(told)) == [], "no line in tests/tenancy/addresses.toml"
    assert sorted(set(told) - real) == [], "a line for no address"
    assert len(told) == len(set(told))
    assert set(people.TABLE) == set(people.LET_IN) - {"staff", "staff_door"}
    assert set(people.UNDER_A_MANDATE) <= real


def url_of(name, shops):
    return addresses.real(name, NAMES[name], shops[0]) or addresses.absent(name, NAMES[name], shops[0])


@pytest.mark.parametrize("name", sorted(NAMES))
def test_who_gets_in(shops, persons, name):
    url, let_in = url_of(name, shops), people.let_in(name)
    assert url is not None, "nothing to put into this address: see addresses.py"
    policy, form = people.policy_of(name), FORMS.get(name, {})
    before = written()
    for who in BEFORE_STAFF if policy.startswith("staff") else persons:
        if policy in STEPS:
            cache.clear()  # the limits of these pages count by network, and all of us are one
        answers = asked(persons[who], READING, url)
        assert answers["head"].status_code == answers["get"].status_code, (who, told(answers))
        grown = {table for table, count in written().items() if count > before.get(table, 0)}
        assert grown <= MAY_BE_WRITTEN, (who, grown)
        answers |= asked(persons[who], NEVER, url)
        answers |= asked(persons[who], ["post"], url, form)
        before = written()
        opened = {each for each in answers if not refused(answers[each], a_step=policy in STEPS)} - {
            "options"
        }
        if who in let_in:
            assert opened & {"get", "post"}, (who, told(answers))
            assert not opened & set(NEVER), (who, told(answers))
        else:
            assert not opened, (who, told(answers))


def told(answers):
    return " ".join(f"{method}:{answer.status_code}" for method, answer in answers.items())


def without(text, *words):
    for word in words:
        text = text.replace(str(word), "…")
    return A_TOKEN.sub("", text)


@pytest.mark.parametrize(
    "name",
    sorted(name for name in NAMES if people.POLICY.get(name, "")[:6] in ("own", "portal") and NAMES[name]),
)
def test_foreign_and_absent_look_the_same(shops, persons, name):
    ours = shops[0]
    foreign, absent = addresses.real(name, NAMES[name], ours), addresses.absent(name, NAMES[name], ours)
    for who in ("other owner", "other shop's", "anonymous"):
        for method in ("get", "post"):
            one, other = (asked(persons[who], [method], url)[method] for url in (foreign, absent))
            assert one.status_code == other.status_code, (who, method)
            bodies = [
                without(answer.content.decode(), url, answer.headers["X-Request-ID"])
                for answer, url in ((one, foreign), (other, absent))
            ]
            assert bodies[0] == bodies[1], (who, method)


def test_nobody_s_list_shows_another_s_words(shops, persons):
    ours = shops[0]
    words = [ours.order.number, ours.returning.number, ours.case.number, str(ours.order.pk)]
    for name in people.TABLE["each_their_own"] + people.TABLE["signed_in"] + people.TABLE["known"]:
        url = url_of(name, shops)
        for who in ("anonymous", "guest", "other owner", "other shop's", "staff"):
            body = got(persons[who], url).content.decode()
            assert not [word for word in words if word in body], (who, name)


PROBES = [
    "user__password__startswith=p", "subject__user__password__startswith=p", "merchant__subject__id=1",
    "recipient__contains=a",
    "order__subject__user__password__regex=.", "_popup=1&id__regex=.",
]  # fmt: skip


@pytest.mark.parametrize("name", sorted(name for name in NAMES if name.endswith("_changelist")))
def test_the_admin_refuses_to_be_asked_by_look_ups(shops, auditor, name):
    url = addresses.real(name, NAMES[name], shops[0])
    plain = got(auditor, url)
    for probe in PROBES:
        answer = got(auditor, f"{url}?{probe}")
        shown = plain.status_code == 200 and "_popup" in probe
        assert shown or answer.status_code in (302, 400, 403, 404), probe


@pytest.fixture(scope="module")
def auditor(world, django_db_blocker):
    with django_db_blocker.unblock():
        person = a_staff(Role.AUDITOR)
    person.client.raise_request_exception = False
    return person


def test_how_many(capsys):
    with capsys.disabled():
        print(f"\n  {len(NAMES)} addresses, {len(people.ALL)} people, 7 methods: {cells['tested']} cells")
