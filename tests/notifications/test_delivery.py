"""Copies leave after the commit, at least once, with patience, and never say where to in a table."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from kernel.actor import Actor
from kernel.money import Money
from notifications import addressees, channels, kinds
from notifications.delivery import LEASE, PATIENCE, deliver_due, drop_held, held
from notifications.kinds import LetterKind, UnknownKind
from notifications.models import Delivery, Letter
from notifications.params import WrongParameters
from notifications.sending import send
from privacy import keys, restored, subjects

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
KIND = "accounts.password_changed"


@pytest.fixture
def reader():
    subject = subjects.create_subject(locale="zh-hant", at=NOW)
    addressees.record(subject_id=subject.pk, email="lin@example.com", locale="zh-hant", at=NOW)
    return subject.pk


def a_letter(subject_id, **changes):
    return send(
        **(
            {
                "subject_id": subject_id,
                "kind": KIND,
                "reference": uuid4(),
                "params": {"path": "/account/"},
                "at": NOW,
            }
            | changes
        )
    )


def states() -> dict[str, str]:
    return dict(Delivery.objects.values_list("channel", "state"))


def test_a_letter_is_in_the_inbox_at_once_and_by_mail_after_the_sweep(reader):
    a_letter(reader)
    assert states() == {"in_app": "sent", "email": "queued"}
    assert mail.outbox == []

    assert deliver_due(limit=10, at=NOW) == 1

    assert states() == {"in_app": "sent", "email": "sent"}
    assert mail.outbox[0].to == ["lin@example.com"]
    assert mail.outbox[0].subject == "你的密碼改過了"
    assert deliver_due(limit=10, at=NOW + timedelta(days=1)) == 0


def test_a_mail_names_its_page_when_the_house_knows_its_address(reader, settings):
    settings.BASE_URL = "https://anxin.example"
    a_letter(reader)
    deliver_due(limit=10, at=NOW)

    assert "https://anxin.example/account/" in mail.outbox[0].body
    assert "https://anxin.example/inbox/" in mail.outbox[0].body


def test_without_an_address_the_inbox_is_all_there_is():
    subject = subjects.create_subject(locale="en", at=NOW)
    a_letter(subject.pk)

    assert states() == {"in_app": "sent"}


def test_a_rolled_back_letter_never_leaves(reader):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        a_letter(reader)
        raise ZeroDivisionError

    assert deliver_due(limit=10, at=NOW) == 0
    assert Letter.objects.count() == 0


def test_a_server_that_is_away_is_tried_again_later_and_at_last_given_up(reader, monkeypatch):
    def away(letter):
        raise ConnectionRefusedError("lin@example.com: no route")

    monkeypatch.setitem(channels.CHANNELS, "email", away)
    a_letter(reader)
    at = NOW
    for wait in PATIENCE:
        assert deliver_due(limit=10, at=at) == 0
        copy = Delivery.objects.get(channel="email")
        assert (copy.state, copy.next_attempt_at - at, copy.failure) == (
            "queued",
            wait,
            "ConnectionRefusedError",
        )
        assert deliver_due(limit=10, at=at) == 0
        at += wait
    deliver_due(limit=10, at=at)

    copy.refresh_from_db()
    assert (copy.state, copy.attempts, copy.next_attempt_at) == ("failed", len(PATIENCE) + 1, None)


def test_one_bad_letter_does_not_stop_the_others(reader, monkeypatch):
    bad, good = a_letter(reader), a_letter(reader)
    real = channels.CHANNELS["email"]

    def picky(letter):
        if letter.pk == bad.pk:
            raise RuntimeError("torn")
        real(letter)

    monkeypatch.setitem(channels.CHANNELS, "email", picky)

    assert deliver_due(limit=10, at=NOW) == 1
    assert Delivery.objects.get(channel="email", letter=good).state == "sent"
    assert Delivery.objects.get(channel="email", letter=bad).state == "queued"


def test_a_worker_that_died_gives_its_copies_back_after_the_lease(reader, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(letter):
        raise Killed

    a_letter(reader)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setitem(channels.CHANNELS, "email", killed)
        deliver_due(limit=10, at=NOW)

    assert deliver_due(limit=10, at=NOW + LEASE - timedelta(seconds=1)) == 0
    assert deliver_due(limit=10, at=NOW + LEASE) == 1
    assert len(mail.outbox) == 1


def test_an_erased_reader_gets_nothing_and_the_copy_is_closed(reader):
    a_letter(reader)
    keys.destroy(subject_id=reader, at=NOW)

    assert deliver_due(limit=10, at=NOW) == 0
    assert mail.outbox == []
    copy = Delivery.objects.get(channel="email")
    assert (copy.state, copy.failure) == ("failed", "NoAddress")


def test_parameters_are_exactly_those_of_the_kind(reader, monkeypatch):
    with pytest.raises(UnknownKind):
        a_letter(reader, kind="accounts.unheard_of")
    with pytest.raises(WrongParameters):
        a_letter(reader, params={})
    with pytest.raises(WrongParameters):
        a_letter(reader, params={"path": "/", "name": "林安"})
    monkeypatch.setitem(kinds._KINDS, "x.y", LetterKind("x.y", sample={"amount": Money(1)}))
    with pytest.raises(WrongParameters):
        a_letter(reader, kind="x.y", params={"amount": True})
    letter = a_letter(reader, kind="x.y", params={"amount": Money(12900)})
    assert letter.params == {"amount": {"minor": 12900, "currency": "CNY"}}


@pytest.mark.parametrize(
    "broken, rule",
    [
        ({"state": "lost"}, "a_delivery_has_a_known_state"),
        ({"state": "failed"}, "only_a_queued_delivery_has_a_next_attempt"),
        ({"next_attempt_at": None}, "only_a_queued_delivery_has_a_next_attempt"),
        ({"state": "sent", "next_attempt_at": None}, "a_sent_delivery_says_when"),
    ],
)
def test_the_database_refuses_a_delivery_that_makes_no_sense(reader, broken, rule):
    a_letter(reader)
    with pytest.raises(IntegrityError, match=rule):
        Delivery.objects.filter(channel="email").update(**broken)


def test_a_letter_leaves_once_on_each_channel(reader):
    letter = a_letter(reader)
    with pytest.raises(IntegrityError, match="a_letter_leaves_once_on_each_channel"):
        Delivery.objects.create(letter=letter, channel="email", next_attempt_at=NOW)


def test_after_a_restore_copies_that_may_have_left_before_wait_for_staff(reader):
    old, later = NOW - timedelta(hours=1), NOW + timedelta(minutes=1)
    a_letter(reader, at=old)
    made = restored.note(backup_id="b", taken_at=old, keys_missing=False, leaves_lost=0, at=NOW)
    restored.finish(tombstones_replayed=0, at=NOW)
    a_letter(reader, at=later)

    assert deliver_due(limit=10, at=later) == 1
    assert held(until=NOW) == 1

    staff = Actor.staff(uuid4())
    restored.decide_letters(restoration_id=made.pk, send=True, actor=staff, at=later)
    assert deliver_due(limit=10, at=later) == 1


def test_copies_held_after_a_restore_can_be_taken_as_sent(reader):
    a_letter(reader)

    assert (drop_held(until=NOW), drop_held(until=NOW)) == (1, 0)
    assert deliver_due(limit=10, at=NOW) == 0
    assert states() == {"in_app": "sent", "email": "failed"}
