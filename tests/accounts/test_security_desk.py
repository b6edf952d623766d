"""What happens more than usual is seen by those who watch, and by nobody else."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import security_desk
from accounts.staff_roles import Role
from config.workbench_site import DESKS
from tests.builders.people import a_buyer, a_staff
from web import watching
from web.models import SecurityCount

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_gathered(monkeypatch):  # type: ignore[no-untyped-def]
    watching._counts.clear()
    monkeypatch.setattr(watching, "_written", time.monotonic())
    yield
    watching._counts.clear()


def counted(what: str, *numbers: int, now: datetime = NOW) -> None:
    """So many today, so many on each day before it."""
    SecurityCount.objects.add(
        {
            (now - timedelta(days=day, hours=1), what, "/x"): number
            for day, number in enumerate(numbers)
            if number
        }
    )


class TestCounting:
    def test_one_process_gathers_and_writes_once(self, monkeypatch, django_assert_num_queries):  # type: ignore[no-untyped-def]
        monkeypatch.setattr(watching, "connection", Outside())
        for _ in range(3):
            watching.count("forbidden", "/admin/", at=NOW)
        watching.count("forbidden", "/admin/", at=NOW + timedelta(hours=1))
        with django_assert_num_queries(0):
            assert watching.write_if_due() == 0
        with django_assert_num_queries(1):
            assert watching.write_if_due(now=True) == 2
        assert watching.write_if_due(now=True) == 0
        hour = NOW.replace(minute=0)
        numbers = dict(SecurityCount.objects.values_list("hour", "number"))
        assert numbers == {hour: 3, hour + timedelta(hours=1): 1}

    def test_a_second_process_adds_to_the_same_hour(self):
        hour = NOW.replace(minute=0)
        for number in (3, 4):
            SecurityCount.objects.add({(hour, "refused", "/x"): number, (hour, "refused", "/y"): 1})
        assert dict(SecurityCount.objects.values_list("route", "number")) == {"/x": 7, "/y": 2}

    def test_inside_a_transaction_nothing_is_written(self):
        watching.count("forbidden", "/x", at=NOW)
        with transaction.atomic():
            assert watching.write_if_due(now=True) == 0
        assert sum(watching._counts.values()) == 1

    def test_a_flood_of_kinds_stays_small(self):
        for number in range(watching.MOST_KINDS + 50):
            watching.count("refused", f"/{number}", at=NOW)
        assert len(watching._counts) == watching.MOST_KINDS + 1
        assert sum(watching._counts.values()) == watching.MOST_KINDS + 50

    def test_a_database_that_is_away_loses_no_count(self, monkeypatch):  # type: ignore[no-untyped-def]
        monkeypatch.setattr(watching, "connection", Outside())
        monkeypatch.setattr(SecurityCount.objects, "add", broken, raising=False)
        watching.count("forbidden", "/x", at=NOW)
        assert watching.write_if_due(now=True) == 0
        assert sum(watching._counts.values()) == 1

    @pytest.mark.parametrize("number", [0, -1])
    def test_the_database_refuses_a_count_of_nothing(self, number: int):
        with pytest.raises(IntegrityError), transaction.atomic():
            SecurityCount.objects.create(hour=NOW, what="x", route="/", number=number)


class Outside:
    in_atomic_block = False


def broken(*_: Any) -> int:
    raise IntegrityError


class TestJudging:
    @pytest.mark.parametrize(
        ("numbers", "unusual"),
        [
            ((19,), False),
            ((20,), True),
            ((60, 20, 20, 20, 20, 20, 20, 20), False),
            ((61, 20, 20, 20, 20, 20, 20, 20), True),
            ((30, 70), False),
            ((31, 70), True),
        ],
        ids=["too few", "new", "three times the mean", "more than that", "mean of ten", "above it"],
    )
    def test_unusual_is_often_and_more_than_thrice_the_mean_of_seven_days(self, numbers, unusual):  # type: ignore[no-untyped-def]
        counted("too_many", *numbers)
        (kind,) = security_desk.kinds(now=NOW)
        assert (kind.today, kind.unusual) == (numbers[0], unusual)

    def test_the_unusual_comes_first_and_the_past_is_shown_in_tenths(self):
        counted("refused", 100, 700)
        counted("forbidden", 25, 4)
        assert [(one.what, one.usual, one.unusual) for one in security_desk.kinds(now=NOW)] == [
            ("forbidden", "0.5", True),
            ("refused", "100.0", False),
        ]


class TestThePage:
    def test_a_refused_form_is_on_it(self):
        Client(enforce_csrf_checks=True).post("/language", {"language": "en"})
        hour = timezone.now()
        for (_hour, what, route), number in list(watching._counts.items()):
            SecurityCount.objects.add(
                {(hour.replace(minute=0, second=0, microsecond=0), what, route): number}
            )
        page = a_staff(Role.SECURITY_OFFICER).client.get(reverse("staff:security")).content.decode()
        assert "表单没有令牌或令牌不符" in page and "<code>/language</code>" in page

    @pytest.mark.parametrize("role", list(Role))
    def test_only_those_who_watch_get_in(self, role: Role):
        status = a_staff(role).client.get(reverse("staff:security")).status_code
        assert status == (200 if role in (Role.SECURITY_OFFICER, Role.AUDITOR) else 403)

    def test_a_shopper_finds_nothing(self):
        assert a_buyer().client.get(reverse("staff:security")).status_code == 404

    def test_nothing_in_the_table_is_about_anybody(self):
        buyer = a_buyer()
        buyer.client.post(reverse("orders:cancellation", args=["A0000000000"]), {"idempotency_key": "k" * 20})
        SecurityCount.objects.add(dict(watching._counts))
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(row_to_json(c)::text, '') FROM web_securitycount c")
            written = cursor.fetchone()[0]
        assert "refused" in written
        assert str(buyer.subject_id) not in written and "A0000000000" not in written


@pytest.mark.parametrize("role", list(Role))
def test_the_first_page_leads_to_every_desk_of_the_role_and_to_no_other(role: Role):
    client = a_staff(role).client
    page = client.get(reverse("admin:index")).content.decode()
    for route, _permissions, _label in DESKS:
        address = reverse(route)
        opened = client.get(address).status_code == 200
        assert (f'<li><a href="{address}">' in page) is opened, route
