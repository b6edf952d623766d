"""The portal's pages about a shop's servers, and the addresses that nobody may give."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse

from kernel import clock
from merchants.capabilities import Capability
from merchants.models import Webhook, WebhookAttempt, WebhookDelivery, WebhookEvent
from merchants.webhook_topics import Topic
from merchants.webhooks import sending, subscribing
from tests.builders.orders import ORDERED, an_order
from tests.builders.people import a_member
from tests.builders.shops import a_listing, a_merchant
from tests.builders.webhooks import a_webhook, membership_of
from web import outgoing
from web.outgoing import Answer

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(hours=12)
URL = "https://shop.example.com/anxin"


@pytest.fixture
def merchant(db):
    return a_merchant()


@pytest.fixture
def owner(merchant):
    return a_member(merchant)


def at(merchant, name="webhooks", *args):
    return reverse(f"merchants:{name}", args=[merchant.slug, *args])


def post(person, url, form=()):
    with clock.frozen(LATER):
        return person.client.post(url, dict(form), follow=True)


def test_set_up_read_and_sent_again(merchant, owner):
    form = {"url": URL, "topics": ["order", "return"]}
    page = post(owner, at(merchant), form)
    hook = Webhook.objects.get()
    secret = subscribing.signing.secret_of(hook.secret_id)
    assert page.status_code == 200 and secret in page.content.decode()
    assert (hook.url, hook.topics, hook.member.subject_id) == (URL, ["order", "return"], owner.subject_id)
    assert secret not in owner.client.get(at(merchant)).content.decode()
    order = an_order(listing=a_listing(merchant=merchant))
    sending.send_due(post=lambda _call: Answer(500, b"<script>alert(1)</script>"), at=LATER)
    listing = owner.client.get(at(merchant, "webhook", hook.pk) + "?tab=waiting").content.decode()
    assert "order.paid" in listing and order.number in listing
    assert (
        "order.paid"
        not in owner.client.get(at(merchant, "webhook", hook.pk) + "?tab=delivered").content.decode()
    )
    delivery = WebhookDelivery.objects.get()
    one = at(merchant, "webhook-delivery", hook.pk, delivery.pk)
    text = owner.client.get(one).content.decode()
    assert str(delivery.event_id) in text and "500" in text
    assert "&lt;script&gt;" in text and "<script>alert" not in text
    again = at(merchant, "webhook-again", hook.pk, delivery.pk)
    sending.send_due(post=lambda _call: Answer(204), at=LATER + timedelta(minutes=1))
    for _ in range(2):
        with clock.frozen(LATER):
            assert owner.client.post(again, {"idempotency_key": "send-again-1"}).status_code == 303
    assert WebhookDelivery.objects.get().state == "waiting"
    assert WebhookAttempt.objects.count() == 2


def test_pauses_goes_on_renews_and_ends(merchant, owner):
    hook, old = a_webhook(merchant, owner, URL, at=ORDERED)
    post(owner, at(merchant, "webhook-pause", hook.pk))
    hook.refresh_from_db()
    assert hook.paused_because == "by_hand"
    post(owner, at(merchant, "webhook-pause", hook.pk), {"go_on": "1"})
    hook.refresh_from_db()
    assert hook.paused_at is None
    page = post(owner, at(merchant, "webhook-secret", hook.pk))
    hook.refresh_from_db()
    new = subscribing.signing.secret_of(hook.secret_id)
    assert new != old and new in page.content.decode() and hook.old_until == LATER + timedelta(hours=24)
    post(owner, at(merchant, "webhook-end", hook.pk))
    assert owner.client.get(at(merchant, "webhook", hook.pk)).status_code == 404


def test_only_an_owner_of_that_shop(merchant, owner):
    hook, _secret = a_webhook(merchant, owner, URL, at=ORDERED)
    rival = a_merchant()
    for person, shop in (
        (a_member(merchant, [Capability.ORDERS]), merchant),
        (a_member(rival), merchant),
        (a_member(rival), rival),
    ):
        assert person.client.get(at(shop, "webhook", hook.pk)).status_code == 404
        for name in ("webhook-secret", "webhook-pause", "webhook-end"):
            assert post(person, at(shop, name, hook.pk)).status_code == 404
    hook.refresh_from_db()
    assert (hook.paused_at, hook.ended_at, hook.old_secret_id) == (None, None, None)


def test_says_what_is_wrong(merchant, owner):
    answer = post(owner, at(merchant), {"url": "http://shop.example.com/", "topics": ["order"]})
    assert answer.status_code == 422 and "443" in answer.content.decode()
    assert post(owner, at(merchant), {"url": URL}).status_code == 422
    assert post(owner, at(merchant), {"url": URL, "topics": ["staff"]}).status_code == 422
    assert not Webhook.objects.exists()
    a_webhook(merchant, owner, URL, at=ORDERED)
    assert post(owner, at(merchant), {"url": URL, "topics": ["order"]}).status_code == 422
    for number in range(4):
        a_webhook(merchant, owner, f"{URL}/{number}", at=ORDERED)
    with pytest.raises(subscribing.TooManyWebhooks):
        a_webhook(merchant, owner, f"{URL}/more", at=ORDERED)


BAD = [
    "http://shop.example.com/", "https://127.0.0.1/", "https://127.1/", "https://0/", "https://2130706433/",
    "https://0x7f000001/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://localhost/",
    "https://localhost./", "https://shop.example.com./", "https://169.254.169.254/latest/", "https://shop/",
    "https://shop.example.com:22/", "https://shop.example.com:6379/", "https://shop.example.com:99999/",
    "https://me:secret@shop.example.com/", "https://shop.example.com/#x", "https://shop。example。com/",
    "https://shop.example.com/a b", "https://shop.example.com/\r\nHost: x",

    "https://shop.example.com\\@evil.example",
    "file:///etc/passwd", "gopher://shop.example.com/", "redis://shop.example.com:6379/",
    "//shop.example.com/",
    "", "https://", "https:///x", "https://" + "a" * 64 + ".example.com/",
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(BAD)))
def test_addresses_that_nobody_may_give(number):
    with pytest.raises(outgoing.NotAllowed):
        outgoing.stranger(BAD[number].strip())


@pytest.mark.parametrize("url", [URL, "https://shop.example.com", "https://a.b-c.example:8443/x?y=1&z=%20"])
def test_addresses_that_may_be_given(url):
    assert outgoing.stranger(url)[0].scheme == "https"


def test_a_bad_address_is_refused_before_anything_is_kept(merchant, owner, settings):
    settings.SANDBOX = False
    for url in ("http://127.0.0.1:9/x", "https://10.0.0.1/", "https://shop.example.com:22/"):
        with pytest.raises(subscribing.AddressUnusable):
            a_webhook(merchant, owner, url, at=ORDERED)
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "fd00::1", "::1"]
)
def test_a_public_name_that_leads_inside_is_not_called(merchant, owner, monkeypatch, inside):
    a_webhook(merchant, owner, URL, at=ORDERED, topics=[Topic.ORDER])
    an_order(listing=a_listing(merchant=merchant))
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (inside, 443))])
    monkeypatch.setattr(outgoing.socket, "create_connection", lambda *_: pytest.fail("it was called"))
    assert sending.send_due(post=sending.over_http, at=LATER) == 1
    attempt = WebhookAttempt.objects.get()
    assert (attempt.status, attempt.answer) == (0, "a public name led to an inside address")


def test_loopback_is_for_trying_out_only(merchant, owner, settings):
    a_webhook(merchant, owner, "http://127.0.0.1:9/x", at=ORDERED, topics=[Topic.ORDER])
    an_order(listing=a_listing(merchant=merchant))
    settings.SANDBOX = False
    sending.send_due(post=sending.over_http, at=LATER)
    assert WebhookAttempt.objects.get().answer.startswith("only https")


class TestBySql:
    @pytest.fixture
    def hook(self, merchant, owner):
        return a_webhook(merchant, owner, URL, at=ORDERED)[0]

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ("topics = '{}'", "webhook_topics_are_known"),
            ("topics = '{everything}'", "webhook_topics_are_known"),
            ("url = 'http://shop.example.com/'", "webhook_goes_out_encrypted_or_stays_inside"),
            ("paused_at = now()", "webhook_says_why_it_is_paused"),
            ("paused_because = 'failing'", "webhook_says_why_it_is_paused"),
            ("old_until = now()", "webhook_an_old_secret_has_an_end"),
        ],
    )
    def test_subscriptions(self, hook, change, rule):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE merchants_webhook SET {change}")

    def test_events_and_attempts_stay_as_they_are(self, hook, merchant):
        an_order(listing=a_listing(merchant=merchant))
        sending.send_due(post=lambda _call: Answer(200), at=LATER)
        assert WebhookEvent.objects.exists() and WebhookAttempt.objects.exists()
        for statement in (
            "UPDATE merchants_webhookevent SET number = 'x'",
            "UPDATE merchants_webhookattempt SET status = 200",
            "DELETE FROM merchants_webhookattempt",
        ):
            with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)

    def test_a_delivery_ends_one_way(self, hook, merchant):
        an_order(listing=a_listing(merchant=merchant))
        with (
            pytest.raises(IntegrityError, match="ends_one_way"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE merchants_webhookdelivery SET delivered_at = now(), given_up_at = now()")


def test_the_seat_that_set_it_up_is_kept(merchant, owner):
    hook, _secret = a_webhook(merchant, owner, URL, at=ORDERED)
    assert hook.member_id == membership_of(merchant, owner).pk
