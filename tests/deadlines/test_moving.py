"""A running deadline moves: extended once with a reason, recounted never to the buyer's harm."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from deadlines import booking, moving
from deadlines.models import Cause, Deadline, DeadlineChange
from kernel.actor import Actor
from kernel.ids import new_id
from outbox.models import Message

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
DUE = AT + timedelta(days=2)
LATER = DUE + timedelta(days=1)
STAFF = Actor.staff(new_id())
KIND = "tests.answer"


def book(**changes):
    values = {
        "kind": KIND,
        "reference": new_id(),
        "due_at": DUE,
        "rule_id": "policy.test",
        "pack_version": "1",
        "calendar_version": "cn-old",
        "owner": "merchant",
        "provisional": True,
        "at": AT,
    }
    return booking.book(**(values | changes))


def extend(row, **changes):
    values = {"due_at": LATER, "reason": "The lab needs a day", "actor": STAFF, "at": AT}
    return moving.extend(kind=row.kind, reference=row.reference, **(values | changes))


def recount(row, due_at, at=AT):
    return moving.recount(
        deadline_id=row.pk, due_at=due_at, provisional=False, calendar_version="cn-new", at=at
    )


def moves():
    return list(Message.objects.filter(name="deadlines.DeadlineMoved").values_list("payload", flat=True))


class TestExtend:
    def test_moves_it_with_reason_trail_and_word_to_those_who_copied_it(self):
        row = book()
        assert extend(row).due_at == LATER
        trail = row.changes.get()
        assert (trail.cause, trail.due_from, trail.due_to) == (Cause.EXTENDED, DUE, LATER)
        assert (trail.reason, trail.actor, trail.at) == ("The lab needs a day", str(STAFF), AT)
        assert [each["reference"] for each in moves()] == [str(row.reference)]

    def test_once_only(self):
        row = book()
        extend(row)
        with pytest.raises(moving.ExtendedAlready):
            extend(row, due_at=LATER + timedelta(days=1))
        assert Deadline.objects.get(pk=row.pk).due_at == LATER

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"reason": "  "}, moving.ReasonMissing),
            ({"due_at": DUE}, moving.NotLater),
            ({"due_at": DUE - timedelta(seconds=1)}, moving.NotLater),
            ({"at": DUE}, moving.NotRunning),
        ],
    )
    def test_refusals_change_nothing(self, changes, refusal):
        row = book()
        with pytest.raises(refusal):
            extend(row, **changes)
        row.refresh_from_db()
        assert (row.due_at, row.extended_at, row.changes.count(), moves()) == (DUE, None, 0, [])

    def test_what_is_over_cannot_be_extended(self):
        row = book()
        booking.meet(kind=KIND, reference=row.reference, at=AT)
        with pytest.raises(moving.NotRunning):
            extend(row)

    def test_time_that_the_law_gives_the_merchant_is_not_ours(self):
        with pytest.raises(moving.LawNotOurs):
            extend(book(rule_id="cn.return.refund"))

    def test_the_buyers_own_legal_time_may_be_lengthened(self):
        assert extend(book(rule_id="cn.return.window", owner="buyer")).due_at == LATER

    def test_the_trail_can_be_neither_changed_nor_doubled(self):
        row = book()
        extend(row)
        for attack in (
            "UPDATE deadlines_deadlinechange SET reason = ''",
            "DELETE FROM deadlines_deadlinechange",
            "INSERT INTO deadlines_deadlinechange SELECT gen_random_uuid(), cause, due_from, due_to, reason,"
            " actor, at, deadline_id FROM deadlines_deadlinechange",
        ):
            with (
                pytest.raises((IntegrityError, InternalError)),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(attack)
        assert DeadlineChange.objects.count() == 1


class TestRecount:
    @pytest.mark.parametrize(
        ("owner", "counted", "becomes"),
        [
            ("buyer", LATER, LATER),
            ("buyer", DUE - timedelta(days=1), DUE),
            ("merchant", LATER, DUE),
            ("merchant", DUE - timedelta(days=1), DUE - timedelta(days=1)),
            ("platform", DUE - timedelta(days=1), DUE - timedelta(days=1)),
        ],
    )
    def test_never_to_the_buyers_harm(self, owner, counted, becomes):
        row = recount(book(owner=owner), counted)
        row.refresh_from_db()
        assert (row.due_at, row.provisional, row.calendar_version) == (becomes, False, "cn-new")

    def test_nobodys_time_is_moved_into_the_past(self):
        row = recount(book(), AT - timedelta(hours=1))
        assert row.due_at == DUE

    def test_leaves_the_one_extension_unused(self):
        row = book(owner="buyer")
        recount(row, LATER)
        assert extend(row, due_at=LATER + timedelta(days=1)).changes.count() == 2

    def test_what_is_over_stays(self):
        row = book()
        booking.cancel(kind=KIND, reference=row.reference, at=AT)
        assert recount(row, LATER) is None
        row.refresh_from_db()
        assert (row.due_at, row.provisional) == (DUE, True)


def test_resuming_leaves_a_trail_too():
    row = book()
    booking.pause(kind=KIND, reference=row.reference, at=AT)
    booking.resume(kind=KIND, reference=row.reference, at=AT + timedelta(hours=3), actor=STAFF)
    assert [(each.cause, each.actor) for each in row.changes.all()] == [(Cause.RESUMED, str(STAFF))]
