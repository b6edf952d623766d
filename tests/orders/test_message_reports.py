"""Reported messages: by the side that reads them, opened with a reason on record, answered once to both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.staff import Role
from deadlines.sweep import sweep_all
from kernel import clock
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.ids import new_id
from merchants.parties import PartyMayNotAct
from notifications.models import Letter
from orders.messages import reading, reporting
from orders.models import MessageFile, MessageLook, MessageReport, Order
from orders.states import MessageSeat, ReportCause
from privacy.models import AccessRecord
from tests.builders.messages import a_report, a_reported_message, write
from tests.builders.orders import ORDERED, an_order, drain, member_of
from tests.builders.people import a_buyer, a_member, a_staff
from tests.journeys import shopping
from tests.privacy.pictures import a_jpeg_upload

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(hours=1)
WHY = "举报称引导站外付款，核对原文"
REASON = "消息里留了站外收款方式。"


@pytest.fixture
def order() -> Order:
    return an_order()


def reviewer() -> Actor:
    return Actor.staff(new_id())


def opened(held: MessageReport, actor: Actor, **more: Any) -> reporting.Opened:
    return reporting.open_words(
        report_id=held.pk, reason=WHY, actor=actor, at=LATER, **{"around": False, **more}
    )


def decided(held: MessageReport, outcome: str, actor: Actor) -> MessageReport:
    made = reporting.decide(report_id=held.pk, outcome=outcome, reason=REASON, actor=actor, at=LATER)
    drain(at=LATER)
    return made


class TestReporting:
    def test_starts_the_platform_s_clock_and_tells_nobody(self, order: Order) -> None:
        held = a_reported_message(order, at=LATER)
        due = reporting.answer_by(held.pk)
        assert due is not None and due > LATER + timedelta(days=3)
        assert not Letter.objects.filter(kind__contains="message_re").exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT words FROM orders_messagereport")
            assert "难听" not in bytes(cursor.fetchone()[0]).decode("latin-1")

    def test_not_one_s_own_and_not_another_order_s(self, order: Order) -> None:
        message = write(order, "在吗？", at=LATER)
        said: dict[str, Any] = {"cause": ReportCause.OTHER, "words": "", "actor": Actor.system(), "at": LATER}
        with pytest.raises(NotFound):
            reporting.report(order_id=order.pk, message_id=message.pk, seat=MessageSeat.BUYER, **said)
        with pytest.raises(NotFound):
            reporting.report(order_id=an_order().pk, message_id=message.pk, seat=MessageSeat.MERCHANT, **said)
        assert not MessageReport.objects.exists()

    def test_once_a_message_and_side(self, order: Order) -> None:
        held = a_reported_message(order, at=LATER)
        with pytest.raises(reporting.MessageReportedAlready) as refused:
            a_report(order, at=LATER, by=MessageSeat.BUYER)
        assert held.number in str(refused.value.params.values())

    def test_at_most_ten_open_of_one_side(self, order: Order) -> None:
        for _number in range(10):
            a_reported_message(order, at=LATER)
        write(order, "还有一条。", at=LATER, shop=True)
        with pytest.raises(reporting.TooManyMessageReports):
            a_report(order, at=LATER, by=MessageSeat.BUYER)
        assert MessageReport.objects.count() == 10


class TestReading:
    def test_without_a_reason_nothing_is_opened(self, order: Order) -> None:
        held = a_reported_message(order, at=LATER)
        with pytest.raises(reporting.LookWithoutReason):
            reporting.open_words(report_id=held.pk, reason=" ", around=True, actor=reviewer(), at=LATER)
        assert not MessageLook.objects.exists()
        assert not AccessRecord.objects.filter(purpose=reporting.PURPOSE).exists()

    def test_only_the_reported_one_and_each_look_stays_on_record(self, order: Order) -> None:
        write(order, "我的私事。", at=LATER - timedelta(minutes=1))
        held, actor = a_reported_message(order, at=LATER), reviewer()
        found = opened(held, actor)
        assert [each.text for each in found.said] == ["加我微信，转账更便宜。"]
        assert found.words == "说话难听。"
        look = MessageLook.objects.get()
        assert (look.actor, look.reason, look.around) == (str(actor), WHY, False)
        looked = AccessRecord.objects.filter(purpose=reporting.PURPOSE, actor=str(actor))
        assert set(looked.values_list("subject_id", flat=True)) == {
            order.merchant.subject_id,
            order.subject_id,
        }

    def test_its_neighbours_on_demand_two_each_way(self, order: Order) -> None:
        for minute in range(4):
            write(order, f"前{minute}", at=LATER - timedelta(minutes=9 - minute))
        held = a_reported_message(order, at=LATER)
        write(order, "后", at=LATER + timedelta(minutes=1))
        found = opened(held, reviewer(), around=True)
        assert [each.text for each in found.said] == ["前2", "前3", "加我微信，转账更便宜。", "后"]

    def test_not_by_a_member_of_the_shop(self, order: Order) -> None:
        held = a_reported_message(order, at=LATER)
        member = a_member(order.merchant)
        with pytest.raises(PartyMayNotAct):
            opened(held, Actor.staff(member.subject_id))
        assert not MessageLook.objects.exists()


class TestAnswering:
    def test_nobody_decides_what_they_haven_t_read(self, order: Order) -> None:
        held = a_reported_message(order, at=LATER)
        opened(held, reviewer())
        with pytest.raises(reporting.NotOpenedYet):
            decided(held, "hidden", reviewer())
        held.refresh_from_db()
        assert held.state == "received"

    def test_hidden_it_is_gone_for_both_sides_with_its_files(self, order: Order) -> None:
        write(order, "加我微信。", at=LATER, shop=True, uploads=[a_jpeg_upload()])  # type: ignore[no-untyped-call]
        held, actor = a_report(order, at=LATER, by=MessageSeat.BUYER), reviewer()
        opened(held, actor)
        decided(held, "hidden", actor)
        for reader in (Actor.buyer(order.subject_id), member_of(order)):
            (said,) = reading.of_order(order, reader=reader, at=LATER)
            assert (said.text, said.hidden, list(said.files)) == (None, REASON, [])
        with pytest.raises(NotFound):
            reading.file_of(order, MessageFile.objects.get().file_id)
        kinds = set(Letter.objects.filter(reference=held.pk).values_list("kind", flat=True))
        assert kinds == {"orders.message_report_decided", "orders.message_ruled"}
        assert reporting.breaches(a_reported_message(order, at=LATER), at=LATER) == 1

    def test_no_breach_tells_who_reported_alone(self, order: Order) -> None:
        held, actor = a_reported_message(order, at=LATER), reviewer()
        opened(held, actor)
        decided(held, "no_breach", actor)
        letter = Letter.objects.get(reference=held.pk)
        assert (letter.kind, letter.subject_id) == ("orders.message_report_decided", order.subject_id)
        with pytest.raises(NotFound):
            decided(held, "hidden", actor)

    def test_late_it_is_a_senior_s(self, order: Order) -> None:
        senior = a_staff(Role.SENIOR)
        held = a_reported_message(order, at=LATER)
        late = LATER + timedelta(days=9)
        with clock.frozen(late):
            sweep_all()
        drain(at=late)
        held.refresh_from_db()
        assert held.overdue_at is not None
        letter = Letter.objects.get(reference=held.pk, kind="orders.message_report_overdue")
        assert letter.subject_id == senior.subject_id


class TestBySql:
    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ("state = 'hidden'", "a_message_report_is_answered_with_reasons"),
            ("cause = 'dull'", "a_message_report_stays_what_it_is|message_report_cause_is_known"),
            ("seat = 'merchant'", "a_message_report_stays_what_it_is|Cannot update"),
        ],
    )
    def test_a_report_stays_whole(self, order: Order, change: str, said: str) -> None:
        held = a_reported_message(order, at=LATER)
        with pytest.raises(DatabaseError, match=said), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE orders_messagereport SET {change} WHERE id = %s", [held.pk])

    def test_it_is_answered_once_and_kept(self, order: Order) -> None:
        held, actor = a_reported_message(order, at=LATER), reviewer()
        opened(held, actor)
        decided(held, "warned", actor)
        for statement in (
            "UPDATE orders_messagereport SET reason = 'x'",
            "DELETE FROM orders_messagereport",
            "UPDATE orders_messagelook SET reason = 'x'",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)

    def test_the_writer_never_reports_it(self, order: Order) -> None:
        message = write(order, "在吗？", at=LATER)
        own = MessageReport(
            message=message, seat="buyer", subject_id=order.subject_id, cause="other", made_at=LATER
        )
        with pytest.raises(DatabaseError, match="a_message_is_reported_by_its_reader"), transaction.atomic():
            own.save(force_insert=True)


class TestPages:
    def test_buyer_reports_over_http_and_reads_the_answer(self, platform_at: Any) -> None:
        platform_at(LATER)
        buyer = a_buyer()
        order = an_order(subject_id=buyer.subject_id)
        message = write(order, "加我微信，转账更便宜。", at=LATER, shop=True)
        address = reverse("orders:message-report", args=[order.number, message.pk])
        form = buyer.client.get(address)
        key = {"idempotency_key": shopping.hidden(form, "idempotency_key")}
        assert buyer.client.post(address, key).status_code == 422
        assert not MessageReport.objects.exists()
        key = {"idempotency_key": shopping.hidden(buyer.client.get(address), "idempotency_key")}
        sent = buyer.client.post(address, {**key, "cause": "off_platform", "words": "让我站外付"})
        assert sent.status_code == 303
        held = MessageReport.objects.get()
        thread = reverse("orders:messages", args=[order.number])
        assert held.number in buyer.client.get(thread).content.decode()
        assert address not in buyer.client.get(thread).content.decode()

    def test_the_desk_opens_with_a_reason_and_answers(self, order: Order, platform_at: Any) -> None:
        platform_at(LATER)
        held, desk = a_reported_message(order, at=LATER), a_staff(Role.REVIEWER)
        base = f"/admin/orders/messagereport/{held.pk}"
        shut = desk.client.get(f"{base}/change/").content.decode()
        assert "加我微信" not in shut and "说话难听" not in shut
        assert desk.client.post(f"{base}/words", {"why": ""}).status_code == 302
        assert "加我微信" in desk.client.post(f"{base}/words", {"why": WHY}).content.decode()
        desk.client.post(f"{base}/answer", {"outcome": "hidden", "reason": REASON})
        held.refresh_from_db()
        assert (held.state, held.reason) == ("hidden", REASON)
        assert desk.client.post(f"{base}/answer", {"outcome": "warned", "reason": REASON}).status_code == 302
        held.refresh_from_db()
        assert held.state == "hidden"
