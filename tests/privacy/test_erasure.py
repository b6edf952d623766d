"""Erasing a person: all goes but what a rule keeps, under a restricted key, with a signed certificate."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from accounts import linking
from accounts.models import User
from deadlines import booking
from deadlines.sweep import sweep_all
from kernel.actor import Actor
from kernel.errors import IllegalMove
from notifications import addressees
from notifications.models import Letter
from orders import cancellation
from orders.models import Order
from outbox import relay
from payments.sandbox import straight
from privacy import certificates, copy_parts, erasure, keys, obstacles, persons, requests
from privacy.models import AccessRecord, Certificate, Request, Subject, SubjectKey, Tombstone
from privacy.states import RequestKind, RequestState
from tests.builders.cases import a_complaint
from tests.builders.orders import LIN_WEI, ORDERED, a_subject, an_order, drain
from tests.builders.people import a_buyer, a_staff
from tests.builders.requests import ASKED, a_request

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SETTLED = ORDERED + 40 * DAY
LATE = SETTLED + 30 * DAY


@pytest.fixture
def buyer():
    return a_buyer("林未")


@pytest.fixture
def settled(buyer, platform_at):
    """A buyer whose one order is over."""
    order = an_order(subject_id=buyer.subject_id, delivered_at=ORDERED + 2 * DAY)
    platform_at(SETTLED)
    while sweep_all():
        relay.drain_all()
    order.refresh_from_db()
    assert order.closed_at is not None
    return order


def erased(subject_id, *, at=LATE):
    request = a_request(subject_id, RequestKind.CLOSE, at=at - DAY)
    return erasure.erase(request_id=request.pk, actor=Actor.system(), at=at)


def said(certificate):
    return json.loads(bytes(certificate.content))


class TestErasing:
    def test_what_no_rule_keeps_is_gone_and_the_trade_is_kept_for_three_years(self, buyer, settled):
        addressees.record(subject_id=buyer.subject_id, email="linwei@example.com", at=ORDERED)
        certificate = erased(buyer.subject_id)

        assert not User.objects.filter(subject_id=buyer.subject_id).exists()
        assert addressees.of(buyer.subject_id) is None
        assert not Letter.objects.filter(subject_id=buyer.subject_id).exists()
        subject = Subject.objects.get(pk=buyer.subject_id)
        assert subject.erased_at == LATE
        assert Tombstone.objects.filter(subject_id=subject.pk, erased_at=LATE).exists()
        order = Order.objects.get(pk=settled.pk)
        with pytest.raises(keys.KeyRestricted):
            str(order.recipient)
        kept = {row["column"]: row for row in said(certificate)["kept"]}
        assert kept["orders.Order.recipient"]["rule"] == "cn.trade.retention"
        until = datetime.fromisoformat(kept["orders.Order.recipient"]["until"])
        assert until.date() in (
            (settled.closed_at.replace(year=settled.closed_at.year + 3) + n * DAY).date() for n in (0, 1)
        )
        assert kept["payments.Payment.payer_subject"]["rule"] == "cn.payment.retention"
        gone = {(row["column"], row["how"]) for row in said(certificate)["gone"]}
        assert ("accounts.User.display_name", "delete_row") in gone
        assert ("notifications.Addressee.email", "delete_row") in gone

    def test_an_officer_opens_what_is_kept_for_a_purpose_and_it_is_written_down(self, buyer, settled):
        erased(buyer.subject_id)
        officer = a_staff().actor
        with keys.opening_kept(actor=officer, subject_id=buyer.subject_id, purpose="court order", at=LATE):
            assert Order.objects.get(pk=settled.pk).recipient == LIN_WEI.name
        assert AccessRecord.objects.filter(subject_id=buyer.subject_id, purpose="court order").exists()
        keys.forget_all()
        with pytest.raises(keys.KeyRestricted):
            str(Order.objects.get(pk=settled.pk).phone)

    def test_after_the_rules_day_nobody_reads_it(self, buyer, settled):
        erased(buyer.subject_id)
        kept = SubjectKey.objects.get(subject_id=buyer.subject_id, use="kept")
        keys.destroy_kept(subject_id=buyer.subject_id, version=kept.version, at=kept.destroy_after)
        officer = a_staff().actor
        opened = keys.opening_kept(actor=officer, subject_id=buyer.subject_id, purpose="curious", at=LATE)
        with opened, pytest.raises(keys.KeyDestroyed):
            str(Order.objects.get(pk=settled.pk).recipient)

    def test_an_order_that_nobody_paid_is_no_trade(self, platform_at):
        subject_id = a_subject()
        order = an_order(subject_id=subject_id, paid=False)
        platform_at(LATE)
        while sweep_all():
            relay.drain_all()
        certificate = erased(subject_id)
        assert not [row for row in said(certificate)["kept"] if row["column"].startswith("orders.")]
        assert ("orders.Order.address", "shred") in {
            (row["column"], row["how"]) for row in said(certificate)["gone"]
        }
        with pytest.raises(keys.KeyDestroyed):
            str(Order.objects.get(pk=order.pk).address)

    def test_a_guest_without_anything_can_be_erased(self):
        certificate = erased(a_subject())
        assert said(certificate)["kept"] == []
        assert [row["use"] for row in said(certificate)["keys_destroyed"]] == ["data", "salt"]


class TestGuestsOfAnAccount:
    def test_what_somebody_bought_as_a_guest_is_copied_and_erased_with_them(self, buyer, platform_at):
        guest = a_subject()
        linking.link(owner_id=buyer.subject_id, guest_id=guest, at=ORDERED)
        order = an_order(subject_id=guest)
        assert {one.code for one in obstacles.of(buyer.subject_id)} == {"order_open"}
        part = next(one for one in copy_parts.parts() if one.name == "orders.Order")
        assert LIN_WEI.name in next(copy_parts.rows(part, persons.all_of(buyer.subject_id)))
        cancellation.cancel(order_id=order.pk, actor=Actor.buyer(guest), at=ORDERED + timedelta(hours=1))
        drain(at=ORDERED + timedelta(hours=1))
        straight.run(at=LATE)
        drain(at=LATE)
        certificate = erased(buyer.subject_id)
        assert Subject.objects.get(pk=guest).erased_at == LATE
        assert Tombstone.objects.filter(subject_id=guest).exists()
        assert len(said(certificate)["keys_destroyed"]) == 4
        with pytest.raises(keys.KeyDestroyed):
            str(Order.objects.get(pk=order.pk).recipient)


class TestWaiting:
    def test_what_is_open_is_listed_with_what_to_do(self, buyer):
        order = an_order(subject_id=buyer.subject_id, delivered_at=ORDERED + 2 * DAY)
        case = a_complaint(order=order, at=ORDERED + 3 * DAY)
        codes = {one.code: one for one in obstacles.of(buyer.subject_id)}
        assert set(codes) == {"order_open", "case_open"}
        assert order.number in codes["order_open"].text and case.number in codes["case_open"].path
        request = a_request(buyer.subject_id, RequestKind.ERASE)
        with pytest.raises(obstacles.ErasureBlocked):
            erasure.erase(request_id=request.pk, actor=Actor.system(), at=ASKED)

    def test_the_time_to_think_ends_in_an_erasure(self, platform_at):
        subject_id = a_subject()
        request = a_request(subject_id, RequestKind.ERASE)
        platform_at(request.erase_after - timedelta(seconds=1))
        sweep_all()
        relay.drain_all()
        assert not Certificate.objects.filter(request=request).exists()
        platform_at(request.erase_after)
        sweep_all()
        relay.drain_all()
        assert Request.objects.get(pk=request.pk).state == RequestState.ANSWERED
        assert Certificate.objects.filter(request=request).exists()
        assert not booking.open_for([request.pk])

    def test_it_waits_for_what_is_open_and_says_so(self, buyer, platform_at):
        request = a_request(buyer.subject_id, RequestKind.ERASE)
        an_order(subject_id=buyer.subject_id, at=request.erase_after - DAY)
        erasure.carry_out(request_id=request.pk, at=request.erase_after)
        again = booking.find(kind="privacy.cooling_off", reference=request.pk)
        assert again.due_at > request.erase_after and not hasattr(request, "certificate")
        drain(at=request.erase_after)
        assert Letter.objects.filter(kind="privacy.erasure_blocked", reference=request.pk).count() == 1

    def test_who_took_it_back_is_not_erased(self):
        subject_id = a_subject()
        request = a_request(subject_id, RequestKind.ERASE)
        requests.withdraw(request_id=request.pk, actor=Actor.buyer(subject_id), at=ASKED)
        assert erasure.carry_out(request_id=request.pk, at=request.erase_after) is None
        with pytest.raises(IllegalMove):
            erasure.erase(request_id=request.pk, actor=Actor.system(), at=ASKED)
        assert Subject.objects.get(pk=subject_id).erased_at is None

    def test_erasing_twice_gives_the_same_certificate(self):
        request = a_request(a_subject(), RequestKind.CLOSE)
        first, second = (
            erasure.erase(request_id=request.pk, actor=Actor.system(), at=LATE) for _ in range(2)
        )
        assert first == second
        erasure.erase_again(subject_id=request.subject_id, at=LATE + DAY)
        assert Subject.objects.get(pk=request.subject_id).erased_at == LATE


class TestTheCertificate:
    def test_anybody_checks_it_with_the_published_key(self, buyer, settled):
        handed = certificates.as_json(erased(buyer.subject_id))
        assert handed["valid"]
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(handed["public_key"]))
        key.verify(base64.b64decode(handed["signature"]), base64.b64decode(handed["signed"]))
        text = json.dumps(handed, ensure_ascii=False)
        assert str(buyer.subject_id) not in text and "林" not in text and buyer.email not in text

    def test_a_changed_one_is_refused(self):
        certificate = erased(a_subject())
        content = bytes(certificate.content).replace(b'"rows":1', b'"rows":2') + b" "
        assert not certificates.verify(
            content=content, signature=bytes(certificate.signature), key_id=certificate.key_id
        )
        assert not certificates.verify(content=b"{}", signature=b"x" * 64, key_id="unknown")

    def test_the_database_keeps_it_as_it_was_given(self):
        certificate = erased(a_subject())
        for statement in (
            "UPDATE privacy_certificate SET key_id = 'x' WHERE id = %s",
            "DELETE FROM privacy_certificate WHERE id = %s",
        ):
            refused = pytest.raises((IntegrityError, InternalError))
            with refused, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [certificate.pk])

    def test_the_signing_key_lies_apart_and_is_nobody_elses(self, tmp_path):
        path = tmp_path / "certificate-keys.json"
        certificates.create(path)
        made = path.read_text()
        certificates.create(path)
        assert path.read_text() == made and path.stat().st_mode & 0o777 == 0o600
        assert sorted(tmp_path.iterdir()) == [path]

    def test_everything_was_looked_at_in_this_instant(self, buyer, settled):
        assert (
            said(erased(buyer.subject_id))["erased_at"]
            == datetime(*LATE.timetuple()[:6], tzinfo=UTC).isoformat()
        )
