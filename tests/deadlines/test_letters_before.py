"""The two letters before a deadline: each once, at its own instant, to whoever can still act."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.staff import Role
from complaints import reminding as complaints_reminding
from config.reminding import LETTERS_BEFORE
from config.subscriptions import DEADLINES
from deadlines import booking, letters_before, moving, near
from kernel.actor import Actor
from kernel.ids import new_id
from notifications.models import Letter
from outbox import relay
from outbox.models import Message
from rulebook import reminders
from tests.builders.cases import a_complaint
from tests.builders.orders import an_order
from tests.builders.people import a_staff

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DUE = AT + 48 * HOUR
KIND = "tests.answer"


@pytest.fixture(autouse=True)
def two_thresholds():
    letters_before.connect(
        lambda kind, at: (24 * HOUR, 6 * HOUR) if kind == KIND else reminders.before(kind, at)
    )
    yield
    letters_before.connect(reminders.before)


def book(**changes):
    values = {
        "kind": KIND,
        "reference": new_id(),
        "due_at": DUE,
        "rule_id": "policy.test",
        "pack_version": "1",
        "owner": "merchant",
        "at": AT,
    }
    return booking.book(**(values | changes))


def told():
    found = Message.objects.filter(name="deadlines.DeadlineNear").order_by("occurred_at", "id")
    return [each["threshold"] for each in found.values_list("payload", flat=True)]


class TestTell:
    def test_each_threshold_once_and_never_early(self, platform_at):
        book()
        for instant, expected in (
            (DUE - 24 * HOUR - timedelta(microseconds=1), []),
            (DUE - 24 * HOUR, ["first"]),
            (DUE - 7 * HOUR, ["first"]),
            (DUE - 6 * HOUR, ["first", "second"]),
            (DUE - HOUR, ["first", "second"]),
        ):
            platform_at(instant)
            near.tell()
            near.tell()
            assert told() == expected

    def test_a_threshold_that_had_passed_at_booking_gets_no_letter(self, platform_at):
        book(due_at=AT + 10 * HOUR)
        book(due_at=AT + 2 * HOUR)
        platform_at(AT + 4 * HOUR)
        near.tell()
        assert told() == ["second"]

    def test_after_an_outage_only_the_last_one_and_none_about_what_is_overdue(self, platform_at):
        book()
        platform_at(DUE - HOUR)
        near.tell()
        assert told() == ["second"]
        book(at=AT)
        platform_at(DUE)
        assert near.tell() == 1
        assert told() == ["second"]

    def test_what_ended_or_rests_is_left_alone(self, platform_at):
        met, paused = book(), book()
        booking.meet(kind=KIND, reference=met.reference, at=AT)
        booking.pause(kind=KIND, reference=paused.reference, at=AT)
        platform_at(DUE - HOUR)
        assert (near.tell(), told()) == (0, [])

    def test_an_extension_moves_what_was_not_sent_and_repeats_nothing(self, platform_at):
        row = book()
        platform_at(DUE - 24 * HOUR)
        near.tell()
        moving.extend(
            kind=KIND, reference=row.reference, due_at=DUE + 48 * HOUR, reason="Lab", actor=Actor.system(),
            at=DUE - 23 * HOUR,
        )  # fmt: skip
        platform_at(DUE + 47 * HOUR)
        near.tell()
        assert told() == ["first", "second"]


# Their outcome is itself the letter that warns; and what nobody has to act on.
WARNINGS = {
    "catalog.certificate_warning",
    "merchants.document_warning",
    "payments.reserve",
    "payments.authorisation",
    # The payer stands before the provider's page; and nobody has to act for a deposit to go back.
    "payments.deposit_payment",
    "payments.deposit_back",
}


class TestTheHouse:
    def test_every_kind_of_deadline_has_a_letter_and_two_thresholds(self):
        assert set(LETTERS_BEFORE) == set(DEADLINES) - WARNINGS
        for kind in LETTERS_BEFORE:
            # A kind that came later has its letters from the day on which it came.
            first, second = reminders.before(kind, datetime(2026, 12, 1, tzinfo=UTC))
            assert first > second > timedelta(0)

    def test_a_paid_order_reminds_the_shop_twice(self, platform_at):
        """Paid at T; promise 48 h: letters at T + 24 h and T + 42 h."""
        platform_at(AT)
        order = an_order(paid=True, at=AT)
        due = booking.find(kind="orders.dispatch", reference=order.pk).due_at
        for before, number in ((24, 1), (6, 2)):
            platform_at(due - before * HOUR)
            near.tell()
            relay.drain_all()
            letters = Letter.objects.filter(kind="deadlines.dispatch").order_by("created_at")
            members = order.merchant.memberships.count()
            assert letters.count() == number * members
            assert letters.last().params["hours"] == before

    def test_a_shop_that_sends_in_between_hears_nothing(self, platform_at):
        platform_at(AT)
        order = an_order(paid=True, at=AT)
        due = booking.find(kind="orders.dispatch", reference=order.pk).due_at
        platform_at(due - 24 * HOUR)
        near.tell()
        booking.meet(kind="orders.dispatch", reference=order.pk, at=due - 24 * HOUR)
        relay.drain_all()
        assert not Letter.objects.filter(kind="deadlines.dispatch").exists()

    def test_an_extension_reaches_the_copy_on_the_order(self, platform_at):
        platform_at(AT)
        order = an_order(paid=True, at=AT)
        due = booking.find(kind="orders.dispatch", reference=order.pk).due_at
        moving.extend(
            kind="orders.dispatch", reference=order.pk, due_at=due + HOUR, reason="Storm",
            actor=Actor.staff(new_id()), at=AT,
        )  # fmt: skip
        relay.drain_all()
        order.refresh_from_db()
        assert order.dispatch_by == due + HOUR

    def test_our_own_delay_is_told_to_every_reviewer(self, platform_at):
        reviewers = {a_staff(Role.REVIEWER).subject_id for _ in range(2)}
        a_staff(Role.LAW_EDITOR)
        case = a_complaint()
        found = complaints_reminding.reviewers(case.pk)
        assert {each.subject_id for each in found.readers} == reviewers
        assert found.number == case.number
