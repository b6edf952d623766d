"""What a shop's own server is told: signed, in order, until taken; against a real one on this machine."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from merchants.models import Membership, Webhook, WebhookAttempt, WebhookDelivery, WebhookEvent
from merchants.webhook_topics import Topic
from merchants.webhooks import sending, subscribing
from notifications.models import Letter
from orders.models import Order
from outbox import relay
from outbox.models import Message
from tests.builders.orders import ORDERED, a_return, an_order, deliver, drain, ship
from tests.builders.people import a_member
from tests.builders.shops import a_listing, a_merchant
from tests.builders.webhooks import Receiver, a_webhook, membership_of
from web import outgoing

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LATER = ORDERED + 12 * HOUR


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


class Shop:
    def __init__(self, receiver, **more):
        self.merchant = a_merchant()
        self.owner = a_member(self.merchant)
        self.listing = a_listing(merchant=self.merchant, stock=9)
        drain(at=ORDERED)
        self.hook, self.secret = a_webhook(self.merchant, self.owner, receiver.url, at=ORDERED, **more)

    @property
    def seat(self):
        return membership_of(self.merchant, self.owner)

    def order(self, **more):
        return an_order(listing=self.listing, **more)


@pytest.fixture
def shop(db, receiver):
    return Shop(receiver)


def send(at=LATER):
    return sending.send_due(post=sending.over_http, at=at)


def told(receiver):
    return [each.told["type"] for each in receiver.heard]


def check(heard, *secrets):
    """As docs/webhooks.md tells receivers to; independent of the code that signs."""
    parts = [part.split("=", 1) for part in heard.headers["Anxin-Signature"].split(",")]
    stamp = next(value for name, value in parts if name == "t")
    signed = f"{stamp}.".encode() + heard.body
    good = [hmac.new(each.encode(), signed, hashlib.sha256).hexdigest() for each in secrets]
    return sorted(value for name, value in parts if name == "v1") == sorted(good)


class TestTelling:
    def test_tells_signed_and_without_a_person(self, shop, receiver):
        order = shop.order()
        assert send() == 1
        (heard,) = receiver.heard
        assert check(heard, shop.secret) and not check(heard, shop.secret + "x")
        assert heard.headers["Anxin-Event"] == heard.told["id"] == str(WebhookEvent.objects.get().pk)
        about = {"id": str(order.pk), "number": order.number}
        assert (heard.told["type"], heard.told["about"]) == ("order.paid", about)
        assert heard.told["shop"] == shop.merchant.slug and heard.told["sequence"] == 1
        assert set(heard.told["data"]) == {"total_minor", "dispatch_by"}
        text = heard.body.decode()
        assert str(order.subject_id) not in text and "林" not in text and "138" not in order.number
        assert WebhookDelivery.objects.get().state == "delivered"
        assert send() == 0

    def test_counts_what_happens_to_one_thing(self, shop, receiver):
        order = shop.order()
        ship(order, at=ORDERED + HOUR)
        deliver(Order.objects.get(pk=order.pk), at=ORDERED + 5 * HOUR)
        returning = a_return(order, at=ORDERED + 6 * HOUR)
        send()
        assert told(receiver)[:3] == ["order.paid", "order.shipped", "order.delivered"]
        assert [each.told["sequence"] for each in receiver.heard[:3]] == [1, 2, 3]
        asked = [each.told for each in receiver.heard if each.told["type"] == "return.asked"]
        assert asked[0]["about"]["number"] == returning.number and asked[0]["sequence"] == 1
        assert asked[0]["data"]["order_id"] == str(order.pk)

    def test_tells_only_what_was_asked_for_and_only_the_shop_s_own(self, receiver):
        shop = Shop(receiver, topics=[Topic.RETURN])
        shop.order()
        an_order()
        assert send() == 0 and not WebhookEvent.objects.exists()

    def test_tells_of_the_last_piece(self, shop, receiver):
        last = a_listing(merchant=shop.merchant, stock=1)
        an_order(listing=last)
        send()
        (sold_out,) = [each.told for each in receiver.heard if each.told["type"] == "listing.sold_out"]
        assert sold_out["about"] == {"id": str(last.pk), "number": last.code}
        assert sold_out["data"] == {"variant_id": str(last.pk)}

    def test_a_fact_handed_on_twice_is_told_once(self, shop, receiver):
        shop.order()
        Message.objects.filter(name="orders.OrderPaid").update(handled_at=None, attempts=1)
        relay.drain_all()
        assert WebhookEvent.objects.count() == WebhookDelivery.objects.count() == 1
        assert send() == 1 and send() == 0 and len(receiver.heard) == 1


class TestTryingAgain:
    def test_a_fault_and_then_taken(self, shop, receiver):
        shop.order()
        receiver.says = [(500, {}, b"<b>oops\x00 \xe9</b>")]
        assert send() == 1
        delivery = WebhookDelivery.objects.get()
        assert (delivery.state, delivery.due_at) == ("waiting", LATER + timedelta(seconds=30))
        assert send(LATER + timedelta(seconds=29)) == 0
        assert send(LATER + timedelta(seconds=30)) == 1
        first, second = receiver.heard
        assert first.body == second.body and first.headers["Anxin-Event"] == second.headers["Anxin-Event"]
        assert first.headers["Anxin-Signature"] != second.headers["Anxin-Signature"]
        assert [(each.status, each.answer) for each in WebhookAttempt.objects.order_by("number")] == [
            (500, "<b>oops   </b>"),
            (200, "ok"),
        ]
        assert WebhookDelivery.objects.get().state == "delivered"

    def test_pauses_grow(self, shop, receiver):
        shop.order()
        receiver.says = [(500, {}, b"")] * 4
        at, pauses = LATER, []
        for _ in range(4):
            send(at)
            due = WebhookDelivery.objects.get().due_at
            pauses.append((due - at).total_seconds())
            at = due
        assert pauses == [30, 60, 120, 240]

    def test_no_answer_in_time(self, shop, receiver, monkeypatch):
        monkeypatch.setattr(outgoing, "TIMEOUT_SECONDS", 0.2)
        shop.order()
        receiver.says = [None]
        assert send() == 1
        assert (WebhookAttempt.objects.get().status, WebhookDelivery.objects.get().state) == (0, "waiting")

    def test_a_redirect_is_not_followed(self, shop, receiver):
        shop.order()
        receiver.says = [(302, {"Location": receiver.url + "/inside"}, b"")]
        assert send() == 1
        assert len(receiver.heard) == 1 and WebhookAttempt.objects.get().status == 302
        assert WebhookDelivery.objects.get().state == "waiting"

    def test_nobody_there(self, shop, receiver):
        receiver.close()
        shop.order()
        assert send() == 1 and WebhookAttempt.objects.get().status == 0

    def test_what_happened_later_waits_behind_it(self, shop, receiver):
        order, other = shop.order(), shop.order()
        ship(order, at=ORDERED + HOUR)
        receiver.says = [(500, {}, b"")]
        assert send() == 2
        assert {each.told["about"]["number"] for each in receiver.heard} == {order.number, other.number}
        assert told(receiver) == ["order.paid", "order.paid"]
        send(LATER + MINUTE)
        assert told(receiver)[2:] == ["order.paid", "order.shipped"]

    def test_while_one_worker_calls_no_other_does(self, shop, receiver):
        shop.order()
        calls = []

        def post(call):
            calls.append(sending.send_due(post=post, at=LATER))
            return outgoing.Answer(200)

        assert sending.send_due(post=post, at=LATER) == 1
        assert calls == [0] and WebhookDelivery.objects.get().attempts == 1

    def test_a_call_whose_worker_died_is_made_again(self, shop, receiver):
        shop.order()

        def dies(_call):
            raise SystemExit

        with pytest.raises(SystemExit):
            sending.send_due(post=dies, at=LATER)
        assert send(LATER + timedelta(seconds=29)) == 0
        assert send(LATER + timedelta(seconds=30)) == 1
        assert WebhookDelivery.objects.get().state == "delivered"


class TestPause:
    def exhausted(self, shop, receiver):
        """Until it is given up; what happened last."""
        receiver.says = [(503, {}, b"closed")] * 40
        at = LATER
        while (waiting := WebhookDelivery.objects.get()).state == "waiting":
            at = max(at, waiting.due_at)
            send(at)
        return at

    def test_after_the_deadline_with_one_letter(self, shop, receiver):
        shop.order()
        event = WebhookEvent.objects.get()
        at = self.exhausted(shop, receiver)
        hook, delivery = Webhook.objects.get(), WebhookDelivery.objects.get()
        assert delivery.give_up_at == event.occurred_at + 72 * HOUR
        assert delivery.give_up_at - 4 * HOUR <= at < delivery.give_up_at
        assert (hook.paused_because, hook.paused_at, delivery.state) == ("failing", at, "given_up")
        letters = Letter.objects.filter(kind="merchants.webhook_failing")
        told_to = [each.subject_id for each in letters]
        assert shop.owner.subject_id in told_to and len(told_to) == len(set(told_to)) == 2
        shop.order()
        receiver.says = []
        assert send(at + HOUR) == 0 and WebhookDelivery.objects.count() == 2

    def test_going_on_sends_all_that_waited(self, shop, receiver):
        shop.order()
        at = self.exhausted(shop, receiver)
        receiver.says = []
        shop.order()
        subscribing.go_on(membership=shop.seat, webhook_id=shop.hook.pk, at=at + HOUR)
        assert send(at + HOUR) == 2
        assert {each.state for each in WebhookDelivery.objects.all()} == {"delivered"}

    def test_when_who_set_it_up_is_no_owner_any_more(self, shop, receiver):
        second = a_member(shop.merchant)
        shop.order()
        Membership.objects.filter(pk=shop.seat.pk).update(ended_at=LATER)
        send()
        assert receiver.heard == [] and Webhook.objects.get().paused_because == "member_left"
        letters = Letter.objects.filter(kind="merchants.webhook_member_left")
        told_to = {each.subject_id for each in letters}
        assert second.subject_id in told_to and shop.owner.subject_id not in told_to
        subscribing.go_on(
            membership=membership_of(shop.merchant, second), webhook_id=shop.hook.pk, at=LATER + HOUR
        )
        assert send(LATER + HOUR) == 1 and Webhook.objects.get().member.subject_id == second.subject_id

    def test_by_hand_and_ended(self, shop, receiver):
        shop.order()
        subscribing.pause(membership=shop.seat, webhook_id=shop.hook.pk, at=ORDERED)
        assert send() == 0
        subscribing.go_on(membership=shop.seat, webhook_id=shop.hook.pk, at=LATER)
        subscribing.end(membership=shop.seat, webhook_id=shop.hook.pk, at=LATER)
        shop.order()
        assert send(LATER + HOUR) == 0 and WebhookDelivery.objects.count() == 1


class TestSecrets:
    def test_both_sign_until_the_old_one_ends(self, shop, receiver):
        shop.order()
        _hook, new = subscribing.new_secret(membership=shop.seat, webhook_id=shop.hook.pk, at=LATER)
        send()
        assert new != shop.secret and check(receiver.heard[0], shop.secret, new)
        shop.order()
        drain(at=LATER)
        send(LATER + 24 * HOUR)
        assert check(receiver.heard[1], new)

    def test_no_row_holds_one(self, shop):
        rows = [*Webhook.objects.values(), *Message.objects.values()]
        assert shop.secret not in json.dumps(rows, default=str) and shop.secret.startswith("whsec_")

    def test_each_subscription_has_its_own(self, shop, receiver):
        other = a_webhook(shop.merchant, shop.owner, receiver.url + "/2", at=ORDERED)[1]
        assert other != shop.secret


def test_sent_again_with_the_same_id(shop, receiver):
    shop.order()
    send()
    delivery = WebhookDelivery.objects.get()
    ids = {"webhook_id": shop.hook.pk, "delivery_id": delivery.pk}
    subscribing.send_again(membership=shop.seat, **ids, at=LATER + HOUR)
    assert send(LATER + HOUR) == 1
    assert [each.told["id"] for each in receiver.heard] == [str(delivery.event_id)] * 2
    assert [each.number for each in WebhookAttempt.objects.order_by("number")] == [1, 2]
    subscribing.pause(membership=shop.seat, webhook_id=shop.hook.pk, at=LATER + HOUR)
    with pytest.raises(subscribing.Paused):
        subscribing.send_again(membership=shop.seat, **ids, at=LATER + HOUR)
