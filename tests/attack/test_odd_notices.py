"""What strangers send to the doors of providers and carriers: refused, nothing breaks, nothing is written."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from kernel import clock
from orders.carriers import sandbox
from payments.gateways import documents, sandbox_keys, signing
from tests.builders.money import a_payment
from tests.builders.orders import ORDERED, an_order

pytestmark = pytest.mark.django_db
NOW = ORDERED + timedelta(days=1)
PROVIDERS, CARRIERS = "/webhooks/payments/sandbox", "/webhooks/carriers/sandbox"
REFUSED = (400, 403, 404, 405, 411, 413, 415)
HUGE = 3_000_000


@pytest.fixture
def parcel(db):
    return an_order(shipped=True).shipments.get(returning=None)


@pytest.fixture
def payment(db):
    return a_payment()


def written():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND relname <> 'web_securitycount'"
        )
        return dict(cursor.fetchall())


def sent(address, body=b"{}", kind="application/json", *, method="POST", headers=None, **environ):
    """The status; nothing may have been written."""
    client, before = Client(raise_request_exception=False), written()
    with clock.frozen(NOW):
        answer = client.generic(method, address, body, kind, headers=headers or {}, **environ)
    assert answer.status_code < 500 and written() == before, answer.status_code
    return answer.status_code


def a_notice(payment, **changes):
    return {
        "id": "evt_1", "account": "anxin", "live": False, "kind": "charge.captured",
        "payment": payment.number, "charge": "ch_1", "amount": payment.amount_minor,
        "currency": payment.currency,
    } | changes  # fmt: skip


def signed(body, endpoint=sandbox_keys.WEBHOOK):
    return signing.sign(body, secret=sandbox_keys.secrets(endpoint)[0], at=NOW)


KINDS = [
    "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "x" * 300, "application/json; charset=utf-7",
    "application/json; charset=nonsense",
    "image/png", "a/b" * 900,
]  # fmt: skip
BODIES = {
    "nothing": b"",
    "no json": b"<xml/>",
    "deep": b"[" * 20_000,
    "a long number": b'{"amount": ' + b"9" * 20_000 + b"}",
    "not utf-8": b"\xff\xfe{}",
    "huge": b"{" + b" " * HUGE + b"}",
    "a form": b"id=evt_1&kind=charge.captured",
    "a multipart that never ends": b"--x\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\n"
    + b"a" * 999,
}


@pytest.mark.parametrize("address", [PROVIDERS, CARRIERS])
def test_unsigned_bodies_of_any_kind(parcel, payment, address):
    for kind, name in product(KINDS, BODIES):
        assert sent(address, BODIES[name], kind) in REFUSED, (kind, name)


@pytest.mark.parametrize("address", [PROVIDERS, CARRIERS])
def test_other_methods_and_lengths_that_lie(parcel, payment, address):
    for method in ("GET", "PUT", "DELETE", "PATCH", "HEAD"):
        assert sent(address, method=method) == 405, method
    for length in ("99999999999", "0"):
        assert sent(address, b"{}", CONTENT_LENGTH=length) in REFUSED, length


def test_a_provider_and_a_carrier_that_we_have_not(payment, parcel):
    notice = documents.write(a_notice(payment))
    headers, event = sandbox.write(tracking_number=parcel.tracking_number, kind="delivered", at=NOW)
    for name in ("nobody", "SANDBOX", "sandbox ", "sf", "..%2fsandbox", "安心", "a" * 500):
        assert sent(f"/webhooks/payments/{name}", notice, headers=signed(notice)) in REFUSED, name
        assert sent(f"/webhooks/carriers/{name}", event, headers=headers) in REFUSED, name


UNKNOWN = [
    "",
    "charge",
    "charge.captured.again",
    "CHARGE.CAPTURED",
    "payout.created\n",
    "安心",
    "a" * 200,
    None,
    7,
    [],
    {},
]


def test_a_signed_notice_of_an_unknown_kind(payment):
    for kind in UNKNOWN:
        body = documents.write(a_notice(payment, kind=kind))
        assert sent(PROVIDERS, body, headers=signed(body)) == 400, kind


def test_a_signature_for_another_door(payment):
    body = documents.write(a_notice(payment))
    for endpoint in (sandbox_keys.API, sandbox_keys.CHECKOUT):
        assert sent(PROVIDERS, body, headers=signed(body, endpoint)) == 400, endpoint


def test_a_carrier_s_signature_is_no_provider_s_and_the_other_way_round(payment, parcel):
    headers, event = sandbox.write(tracking_number=parcel.tracking_number, kind="delivered", at=NOW)
    assert sent(PROVIDERS, event, headers=headers) == 400
    notice = documents.write(a_notice(payment))
    assert sent(CARRIERS, notice, headers=signed(notice)) == 400


def test_a_signed_event_with_more_behind_it(parcel):
    """What lies beyond what is read was never signed; nothing of it counts."""
    headers, event = sandbox.write(tracking_number=parcel.tracking_number, kind="delivered", at=NOW)
    assert sent(CARRIERS, event + b" " * 5000, headers=headers) == 400
    assert sent(reverse("orders:carrier-webhook"), event + event, headers=headers) == 400
