"""Only a provider's own, fresh, unaltered notice gets through, and it is done once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kernel import clock
from kernel.money import Money
from payments.gateways import documents, sandbox_keys, signing
from payments.models import Charge, LedgerEntry, Payment, ProviderNotice
from tests.builders.money import OPENED, a_payment, published

pytestmark = pytest.mark.django_db
NOW = OPENED + timedelta(minutes=1)
URL = "/webhooks/payments/sandbox"
Change = Callable[[dict[str, Any]], None]


def notice(paid: Payment, **changes: object) -> dict[str, Any]:
    return {
        "id": "evt_1",
        "account": "anxin",
        "live": False,
        "kind": "charge.captured",
        "payment": paid.number,
        "charge": "ch_1",
        "amount": paid.amount_minor,
        "currency": paid.currency,
    } | changes


def signed(
    body: bytes, *, endpoint: str = sandbox_keys.WEBHOOK, secret: str = "", seconds: int = 0
) -> dict[str, str]:
    key = secret or sandbox_keys.secrets(endpoint)[0]
    return signing.sign(body, secret=key, at=NOW + timedelta(seconds=seconds))


def send(body: bytes, headers: dict[str, str], url: str = URL) -> int:
    with clock.frozen(NOW):
        answer = Client().post(url, body, content_type="application/json", headers=headers)
    return answer.status_code


def deliver(document: dict[str, Any], **how: Any) -> int:
    body = documents.write(document)
    return send(body, signed(body, **how))


def altered(**changes: object) -> Callable[[Payment], int]:
    """Signed first, changed afterwards."""

    def attack(payment: Payment) -> int:
        headers = signed(documents.write(notice(payment)))
        return send(documents.write(notice(payment, **changes)), headers)

    return attack


def without_signature(payment: Payment) -> int:
    return send(documents.write(notice(payment)), {})


def reserialised(payment: Payment) -> int:
    headers = signed(documents.write(notice(payment)))
    return send(json.dumps(notice(payment), indent=1).encode(), headers)


def repeated_header(payment: Payment) -> int:
    body = documents.write(notice(payment))
    headers = signed(body)
    doubled = f"{headers[signing.SIGNATURE]},{headers[signing.SIGNATURE]}"
    return send(body, headers | {signing.SIGNATURE: doubled})


def other_digits(payment: Payment) -> int:
    body = documents.write(notice(payment))
    headers = signed(body)
    arabic = headers[signing.TIMESTAMP].translate({48 + n: 0x660 + n for n in range(10)})
    return send(body, headers | {signing.TIMESTAMP: arabic.encode().decode("latin-1")})


FORGERIES: dict[str, Callable[[Payment], int]] = {
    "no signature": without_signature,
    "another secret": lambda p: deliver(notice(p), secret="guess"),
    "stale": lambda p: deliver(notice(p), seconds=-301),
    "from the future": lambda p: deliver(notice(p), seconds=301),
    "written anew": reserialised,
    "another payment's number": altered(payment="P0000000000"),
    "one fen less": altered(amount=9_999),
    "one fen more": altered(amount=10_001),
    "another currency": altered(currency="JPY"),
    "real money in the sandbox": lambda p: deliver(notice(p, live=True)),
    "signed for another endpoint": lambda p: deliver(notice(p), endpoint=sandbox_keys.API),
    "header twice": repeated_header,
    "digits of another script": other_digits,
    "another customer": lambda p: deliver(notice(p, account="other")),
    "unknown kind": lambda p: deliver(notice(p, kind="charge.disputed")),
    "amount as a fraction": lambda p: deliver(notice(p, amount=100.0)),
    "amount as text": lambda p: deliver(notice(p, amount="10000")),
    "amount as truth": lambda p: deliver(notice(p, amount=True)),
    "amount below zero": lambda p: deliver(notice(p, amount=-10_000)),
    "amount beyond all": lambda p: deliver(notice(p, amount=2**63)),
    "number with a null": lambda p: deliver(notice(p, payment="P\0")),
    "event without a name": lambda p: deliver(notice(p, id="")),
}


@pytest.mark.parametrize("attack", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forgery_is_refused_and_leaves_nothing(attack: Callable[[Payment], int]) -> None:
    payment = a_payment()
    assert attack(payment) == 400
    assert not LedgerEntry.objects.exists() and not Charge.objects.exists()
    assert not ProviderNotice.objects.exists() and not published("PaymentCaptured")
    payment.refresh_from_db()
    assert payment.state == "open"


NO_NOTICE = [
    b"",
    b"[]",
    b"1",
    b"\xff",
    b"{" * 5000,
    b'{"a":1,"a":1}',
    b'{"a":NaN}',
    b'{"a":"\\u0000"}',
    b'{"a":"\\ud800"}',
    b" " * 70_000,
]


@pytest.mark.parametrize("body", NO_NOTICE)
def test_a_signed_body_that_is_no_notice_is_refused(body: bytes) -> None:
    assert send(body, signed(body)) == 400


def test_the_genuine_one_is_taken_in() -> None:
    payment = a_payment()
    assert deliver(notice(payment)) == 200
    payment.refresh_from_db()
    assert payment.state == "captured" and Charge.objects.get().amount == Money(10_000)


@pytest.mark.parametrize("seconds", [-300, 300])
def test_clocks_may_differ_by_five_minutes(seconds: int) -> None:
    assert deliver(notice(a_payment()), seconds=seconds) == 200


def test_both_secrets_work_while_they_change(settings: Any) -> None:
    old = sandbox_keys.secrets(sandbox_keys.WEBHOOK)[0]
    settings.WEBHOOK_SECRET = f"brand-new, {settings.WEBHOOK_SECRET}"
    payment = a_payment()
    assert deliver(notice(payment), secret=old) == 200
    assert deliver(notice(payment, id="evt_2")) == 200
    settings.WEBHOOK_SECRET = "brand-new"
    assert deliver(notice(payment), secret=old) == 400


def test_replays_and_new_events_of_the_same_charge_change_nothing() -> None:
    payment = a_payment()
    answers = [deliver(notice(payment)) for _ in range(5)] + [deliver(notice(payment, id="evt_2"))]
    assert set(answers) == {200}
    assert LedgerEntry.objects.count() == Charge.objects.count() == len(published("PaymentCaptured")) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"payment": "P0000000000"}, "unknown payment"),
        ({"amount": 9_999}, "other amount"),
        ({"amount": 0}, "other amount"),
        ({"currency": "JPY"}, "other currency"),
        ({"charge": ""}, "charge without an id"),
        ({"kind": "refund.paid", "refund": "refund-1"}, "unknown refund"),
        ({"kind": "refund.failed", "refund": "refund-" + "0" * 32}, "unknown refund"),
        ({"kind": "charge.declined", "payment": "P1"}, "unknown payment"),
    ],
)
def test_what_is_genuine_but_does_not_fit_is_parked(changes: dict[str, Any], reason: str) -> None:
    payment = a_payment()
    assert deliver(notice(payment, **changes)) == 200
    assert ProviderNotice.objects.parked().get().reason == reason
    assert not LedgerEntry.objects.exists()
    payment.refresh_from_db()
    assert payment.state == "open"


def test_a_charge_counts_for_one_payment_only() -> None:
    first, second = a_payment(), a_payment()
    deliver(notice(first))
    deliver(notice(second, id="evt_2"))
    assert ProviderNotice.objects.parked().get().reason == "charge of another payment"
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_the_door_takes_posts_only(method: str) -> None:
    assert getattr(Client(), method)(URL).status_code == 405


def test_an_unknown_provider_is_not_found() -> None:
    assert send(b"{}", signed(b"{}"), "/webhooks/payments/other") == 404


def test_the_sandbox_is_shut_where_it_is_not_allowed(settings: Any) -> None:
    payment = a_payment()
    settings.SANDBOX = False
    assert deliver(notice(payment)) == 400
    for name in ("sandbox_refunds", "sandbox_payments", "sandbox_statement"):
        assert Client().post(reverse(f"payments:{name}")).status_code == 404
    assert Client().get(reverse("payments:sandbox", args=["x"])).status_code == 404
