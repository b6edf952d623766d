"""The thread of an order: sealed, told without words, answered in time or not, warned of ways round."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from deadlines import booking
from kernel import clock
from merchants.capabilities import Capability
from notifications.models import Letter
from orders import access
from orders.messages import reading, writing
from orders.models import MessageThread, MessageTurn, Order, OrderMessage
from orders.states import MessageSeat
from outbox import platform_clock
from privacy.models import AccessRecord
from tests.builders.messages import a_thread, write
from tests.builders.orders import ORDERED, a_return, a_subject, an_order
from tests.builders.people import a_buyer, a_guest, a_member
from tests.builders.shops import a_merchant
from tests.journeys import shopping
from tests.privacy.pictures import a_jpeg_upload

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(hours=1)


class TestWriting:
    def test_is_sealed_and_starts_the_shops_time_once(self) -> None:
        order = an_order()
        write(order, "什么时候发货？", at=LATER)
        write(order, "急用。", at=LATER + timedelta(minutes=5))
        turn = MessageTurn.objects.get()
        assert turn.due_at == LATER + timedelta(hours=24)
        running = booking.find(kind="order_messages.answer", reference=turn.pk)
        assert running is not None and running.owner == "merchant"
        with connection.cursor() as cursor:
            cursor.execute("SELECT text FROM orders_ordermessage")
            assert all("发货" not in bytes(row[0]).decode("latin-1") for row in cursor.fetchall())

    def test_an_answer_ends_it(self) -> None:
        order = an_order()
        write(order, "什么时候发货？", at=LATER)
        write(order, "今天下午。", at=LATER + timedelta(hours=2), shop=True)
        turn = MessageTurn.objects.get()
        assert turn.answered_at == LATER + timedelta(hours=2)
        assert booking.find(kind="order_messages.answer", reference=turn.pk) is None
        figure = reading.in_time(order.merchant_id, at=turn.due_at)
        assert (figure.kept, figure.all) == (1, 1)

    def test_thanks_need_no_answer(self) -> None:
        order = an_order()
        write(order, "收到，谢谢。", at=LATER, needs_answer=False)
        assert not MessageTurn.objects.exists()

    def test_the_other_side_is_told_once_until_it_has_read(self) -> None:
        order = an_order()
        member = a_member(order.merchant)
        write(order, "在吗？", at=LATER)
        write(order, "在吗？？", at=LATER)
        told = Letter.objects.filter(kind="orders.message_from_buyer", subject_id=member.subject_id)
        assert told.count() == 1 and reading.unread(order.pk, MessageSeat.MERCHANT) == 2
        assert "在吗" not in str(told.get().params)
        reading.mark_read(order_id=order.pk, seat=MessageSeat.MERCHANT, at=LATER)
        assert reading.unread(order.pk, MessageSeat.MERCHANT) == 0
        write(order, "请回复。", at=LATER + timedelta(minutes=1))
        assert told.count() == 2

    @pytest.mark.parametrize("text", ["", "  \n", "字" * 2001], ids=["nothing", "spaces", "too long"])
    def test_refuses_nothing_and_too_much(self, text: str) -> None:
        order = an_order()
        with pytest.raises(writing.MessageEmpty):
            write(order, text, at=LATER)
        assert not MessageThread.objects.exists()

    def test_refuses_the_twenty_first_within_an_hour_of_one_side(self) -> None:
        order = an_order()
        for number in range(20):
            write(order, f"第 {number} 条", at=LATER)
        with pytest.raises(writing.TooManyMessages):
            write(order, "再来一条", at=LATER + timedelta(minutes=59))
        assert write(order, "店家仍可以写", at=LATER, shop=True).pk
        assert write(order, "一小时后", at=LATER + timedelta(hours=1, minutes=1)).pk

    def test_refuses_five_files_and_an_order_that_nobody_paid(self) -> None:
        with pytest.raises(writing.TooManyFilesSent):
            write(an_order(), "看图", at=LATER, uploads=[a_jpeg_upload() for _ in range(5)])
        with pytest.raises(writing.ThreadOver):
            write(an_order(paid=False), "在吗？", at=LATER)
        assert not OrderMessage.objects.exists()


class TestWarning:
    @pytest.mark.parametrize(
        "text",
        ["加我微信 abc_12345 便宜些", "私下转账给你优惠", "打我电话 13800138000", "mail me at x@example.com"],
        ids=["account", "elsewhere", "telephone", "mail"],
    )
    def test_what_leads_away_is_marked_and_said_to_its_reader(self, text: str) -> None:
        buyer = a_buyer()
        order = an_order(subject_id=buyer.subject_id)
        assert write(order, text, at=LATER, shop=True).warned
        with clock.frozen(LATER):
            page = buyer.client.get(reverse("orders:messages", args=[order.number])).content.decode()
        assert "小心" in page and reverse("complaints:file-story", args=[order.number]) in page

    def test_plain_words_are_not(self) -> None:
        assert write(an_order(), "壶是手作的，容量 480 毫升，今天发货。", at=LATER, shop=True).warned == []


class TestSilence:
    def test_the_buyer_is_told_and_the_figure_shows_it(self) -> None:
        platform_clock.allow_shifting(allowed=True)
        order = an_order()
        write(order, "在吗？", at=LATER)
        due = MessageTurn.objects.get().due_at
        shopping.time_passes(due)
        assert Letter.objects.filter(subject_id=order.subject_id, kind="orders.message_unanswered").exists()
        write(order, "抱歉，晚了。", at=due + timedelta(hours=1), shop=True)
        figure = reading.in_time(order.merchant_id, at=due + timedelta(hours=2))
        assert (figure.kept, figure.all) == (0, 1)


class TestPages:
    def test_both_sides_write_and_nobody_else_reads(self) -> None:
        buyer = a_buyer()
        order = an_order(subject_id=buyer.subject_id)
        shop, slug = a_member(order.merchant), order.merchant.slug
        mine = reverse("orders:messages", args=[order.number])
        theirs = reverse("orders:merchant-messages", args=[slug, order.number])
        with clock.frozen(LATER):
            told = {"text": "壶嘴有线", "attached": a_jpeg_upload(), "idempotency_key": shopping.key()}
            sent = buyer.client.post(mine, told)
            assert sent.status_code == 303, list(sent.context["form"].problems)
            shopping.drain(LATER)
            waiting = shop.client.get(reverse("orders:merchant-message-list", args=[slug]))
            assert order.number in waiting.content.decode()
            page = shop.client.get(theirs).content.decode()
            assert "壶嘴有线" in page and "林未" not in page and "138 0013 8000" not in page
            answer = {"text": "是窑变，不漏水。", "idempotency_key": shopping.key()}
            assert shop.client.post(theirs, answer).status_code == 303
            assert "不漏水" in buyer.client.get(mine).content.decode()
            file = OrderMessage.objects.earliest("at", "id").files.get().file_id
            for name, args, reader in (
                ("orders:message-file", [order.number, file], buyer),
                ("orders:merchant-message-file", [slug, order.number, file], shop),
            ):
                assert reader.client.get(reverse(name, args=args)).status_code == 200
            for stranger in (a_buyer(), a_guest(), a_member(a_merchant())):
                assert stranger.client.get(mine).status_code == 404
                assert stranger.client.get(theirs).status_code in (302, 404)
            reader = a_member(order.merchant, [Capability.FINANCE])
            assert reader.client.get(theirs).status_code == 404
        looks = AccessRecord.objects.filter(subject_id=order.subject_id, purpose="orders.messages")
        assert looks.exists()

    def test_bad_input_is_said_at_its_field(self) -> None:
        buyer = a_buyer()
        order = an_order(subject_id=buyer.subject_id)
        with clock.frozen(LATER):
            answer = buyer.client.post(
                reverse("orders:messages", args=[order.number]),
                {"text": "", "idempotency_key": shopping.key()},
            )
        assert answer.status_code == 422 and not OrderMessage.objects.exists()


class TestTheAddress:
    def test_is_masked_after_the_window_unless_something_is_open(self) -> None:
        order = an_order(delivered_at=ORDERED + timedelta(days=2))
        within = order.window_ends_at - timedelta(seconds=1)
        assert order.needs_its_address(at=within) and not order.needs_its_address(at=order.window_ends_at)
        a_return(order, at=within)
        assert Order.objects.get(pk=order.pk).needs_its_address(at=order.window_ends_at)
        assert access.mask("林未") == "林*"


ATTACKS = {
    "a message changed": ("UPDATE orders_ordermessage SET seat = 'merchant'", "Cannot update"),
    "a message taken away": ("DELETE FROM orders_ordermessage", "Cannot delete|foreign key|update or delete"),
    "a thread of another shop": (
        "UPDATE orders_messagethread SET subject_id = %(other)s",
        "Cannot update",
    ),
    "a second open turn": (
        "INSERT INTO orders_messageturn (id, thread_id, asked_at, due_at)"
        " SELECT gen_random_uuid(), id, now(), now() + interval '1 day' FROM orders_messagethread",
        "a_thread_has_one_open_turn",
    ),
    "a turn with more time": (
        "UPDATE orders_messageturn SET due_at = due_at + interval '1 day'",
        "Cannot update",
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_refuses(attack: str) -> None:
    a_thread(an_order(), at=LATER)
    statement, said = ATTACKS[attack]
    with pytest.raises(DatabaseError, match=said), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, {"other": a_subject()})
