"""The staff's queues, more time by a staff member, and the public figures."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.staff import Role
from deadlines import booking, queues
from deadlines.models import Deadline, State
from deadlines.sweep import sweep_all
from kernel.ids import new_id
from tests.builders.people import a_buyer, a_staff

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def no_old_figures():
    cache.clear()


def book(kind="orders.dispatch", owner="merchant", due_at=AT + HOUR, **changes):
    values = {"rule_id": "policy.silence.order_dispatch", "pack_version": "policy.v1", "at": AT - 48 * HOUR}
    return booking.book(kind=kind, reference=new_id(), due_at=due_at, owner=owner, **(values | changes))


class TestQueues:
    def test_count_by_owner_and_give_the_overdue_first(self):
        late = book(due_at=AT - HOUR)
        soon, ours = book(), book(kind="complaints.decision", owner="platform", due_at=AT + 2 * HOUR)
        book(due_at=AT + timedelta(days=8))
        met = book(due_at=AT - HOUR)
        booking.meet(kind=met.kind, reference=met.reference, at=AT - 2 * HOUR)
        found = queues.queues(at=AT)
        assert [row.pk for row in found.rows] == [late.pk, soon.pk, ours.pk]
        assert [(each.owner, each.overdue, each.due) for each in found.owners] == [
            ("merchant", 1, 2),
            ("platform", 0, 1),
        ]
        assert [row.pk for row in queues.queues(at=AT, owner="platform").rows] == [ours.pk]
        assert [row.pk for row in queues.queues(at=AT, overdue=True).rows] == [late.pk]

    def test_the_staff_page_shows_them(self, at):
        at(AT)
        book(due_at=AT - HOUR)
        answer = a_staff(Role.REVIEWER).client.get(reverse("admin:deadlines_queues"), {"owner": "merchant"})
        assert answer.status_code == 200
        assert "policy.silence.order_dispatch" in answer.content.decode()

    def test_shoppers_and_visitors_do_not_see_it(self, client):
        for who in (client, a_buyer().client):
            assert who.get(reverse("admin:deadlines_queues")).status_code in (302, 404)


class TestMoreTime:
    def extend(self, row, due_at, reason="Flood in the warehouse"):
        return a_staff(Role.SENIOR).client.post(
            reverse("admin:deadlines_extend", args=[row.pk]), {"due_at": due_at, "reason": reason}
        )

    def test_is_given_by_the_clock_in_china_and_shown_with_its_reason(self, at):
        at(AT)
        row = book()
        answer = self.extend(row, "2026-11-23T18:00")
        assert answer.status_code == 302
        row.refresh_from_db()
        assert row.due_at == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
        page = a_staff(Role.REVIEWER).client.get(answer.url).content.decode()
        assert "Flood in the warehouse" in page
        assert row.changes.get().actor.startswith("staff:")

    @pytest.mark.parametrize(
        ("due_at", "reason"), [("2026-11-23T18:00", ""), ("2026-11-20T18:00", "x"), ("", "x"), ("9", "x")]
    )
    def test_is_refused_with_a_sentence(self, at, due_at, reason):
        at(AT)
        row = book()
        assert self.extend(row, due_at, reason).status_code == 302
        row.refresh_from_db()
        assert (row.due_at, row.extended_at) == (AT + HOUR, None)


class TestFigures:
    def test_count_what_was_kept_and_broken_by_those_who_owed_it(self, platform_at):
        kept, broken, buyers = book(), book(), book(kind="orders.return_window", owner="buyer")
        booking.meet(kind=kept.kind, reference=kept.reference, at=AT)
        platform_at(AT + HOUR)
        sweep_all()
        assert set(Deadline.objects.filter(state=State.FIRED)) == {broken, buyers}
        found = queues.figures(at=AT + HOUR)
        assert [(each.kind, each.kept, each.broken, each.kept_permille) for each in found] == [
            ("orders.dispatch", 1, 1, 500)
        ]

    def test_are_public_in_three_languages(self, client):
        for language, words in (("zh-hans", "守住"), ("zh-hant", "沒守住"), ("en", "Promises kept")):
            client.cookies["django_language"] = language
            answer = client.get(reverse("deadlines:figures"), headers={"Accept-Language": language})
            assert answer.status_code == 200
            assert words in answer.content.decode()
