"""The payer's pages, over HTTP: choose, pay at the provider, come back, see where the money is."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from kernel import clock
from payments import capture, escrow
from payments.models import Payment, Refund
from payments.sandbox import straight
from tests.builders.money import OPENED, SYSTEM, a_payment, references
from tests.builders.people import Person, a_buyer, a_guest

pytestmark = pytest.mark.django_db
NOW = OPENED + timedelta(minutes=5)


def fields(html: str) -> dict[str, str]:
    """The hidden fields of the page's own form (the frame's forms come before and after it)."""
    main = html[html.index('<main id="main"') : html.index("</main>")]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', main)
    return {name: unescape(value) for name, value in found}


def see(client: Client, number: str, query: str = "") -> str:
    with clock.frozen(NOW):
        answer = client.get(f"/pay/{number}/{query}", headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def to_provider(client: Client, payment: Payment) -> str:
    """Choose the sandbox; gives the address of its till."""
    form = fields(see(client, payment.number)) | {"provider": "sandbox"}
    with clock.frozen(NOW):
        answer = client.post(f"/pay/{payment.number}/provider", form)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def pay_by_hand(client: Client, payment: Payment, choice: str) -> str:
    """Through the till and back; gives the page that the payer lands on."""
    till = to_provider(client, payment)
    stranger = Client()
    with clock.frozen(NOW):
        form = fields(stranger.get(till).content.decode())
        done = stranger.post(till, form | {"choice": choice}).content.decode()
        answer = Client().post(f"/pay/{payment.number}/return", fields(done))
    assert answer.status_code == 303
    return see(client, payment.number, "?" + answer.headers["Location"].partition("?")[2])


@pytest.fixture(params=["account", "guest"])
def payer(request: pytest.FixtureRequest) -> Person:
    return a_buyer() if request.param == "account" else a_guest()


def test_paying_ends_on_the_receipt(payer: Person) -> None:
    payment = a_payment(10_000, payer=payer.subject_id)
    html = pay_by_hand(payer.client, payment, "pay")
    assert "Receipt" in html and "Held in escrow" in html and payment.number in html
    assert escrow.balance(references(payment)[0]).minor == 10_000
    with clock.frozen(NOW):
        straight.run(at=NOW)
    assert escrow.balance(references(payment)[0]).minor == 10_000


def test_a_decline_says_that_nothing_was_taken_and_offers_another_try(payer: Person) -> None:
    payment = a_payment(10_000, payer=payer.subject_id)
    html = pay_by_hand(payer.client, payment, "decline")
    assert "Nothing was taken." in html and "Go on and pay" in html
    assert "Receipt" in pay_by_hand(payer.client, payment, "pay")


def test_until_the_provider_speaks_the_page_waits() -> None:
    payer = a_guest()
    payment = a_payment(10_000, payer=payer.subject_id)
    html = pay_by_hand(payer.client, payment, "late")
    assert "Waiting for the provider" in html and 'href="?waiting=1"' in html


def test_a_second_charge_is_said_and_shown_back() -> None:
    payer = a_guest()
    payment = a_payment(10_000, payer=payer.subject_id)
    pay_by_hand(payer.client, payment, "twice")
    straight.run(at=NOW)
    assert Refund.objects.get().state == "paid"
    html = see(payer.client, payment.number)
    assert "You were charged twice." in html and "went back on" in html


def test_after_its_time_the_page_says_so() -> None:
    payer = a_guest()
    payment = a_payment(10_000, payer=payer.subject_id)
    capture.expire_payment(payment_id=payment.pk, actor=SYSTEM, at=NOW)
    assert "The time to pay is over" in see(payer.client, payment.number)


def test_pressing_twice_goes_to_the_same_till() -> None:
    payer = a_guest()
    payment = a_payment(10_000, payer=payer.subject_id)
    form = fields(see(payer.client, payment.number)) | {"provider": "sandbox"}
    with clock.frozen(NOW):
        answers = [payer.client.post(f"/pay/{payment.number}/provider", form) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


@pytest.mark.parametrize("path", ["", "provider"])
def test_others_find_nothing(path: str) -> None:
    payment = a_payment(10_000)
    for other in (a_buyer().client, a_guest().client, Client()):
        url = f"/pay/{payment.number}/{path}"
        key = {"provider": "sandbox", "idempotency_key": "k" * 20}
        answer = other.post(url, key) if path else other.get(url)
        missing = other.post("/pay/PZZZZZZZZZZ/provider", key) if path else other.get("/pay/PZZZZZZZZZZ/")
        assert answer.status_code == missing.status_code == 404
    payment.refresh_from_db()
    assert payment.provider == ""


def test_a_spoilt_way_back_waits_for_the_provider_itself() -> None:
    payer = a_guest()
    payment = a_payment(10_000, payer=payer.subject_id)
    forged = {"provider": "sandbox", "notice": "{}", "anxin-sandbox-signature": "v1=" + "0" * 64}
    for form in (forged, {}, {"provider": "nobody"}):
        assert payer.client.post(f"/pay/{payment.number}/return", form).status_code == 303
    payment.refresh_from_db()
    assert payment.state == "open"


def test_a_till_address_that_was_changed_is_refused() -> None:
    payer = a_guest()
    till = to_provider(payer.client, a_payment(10_000, payer=payer.subject_id))
    head, _, tail = till.rpartition("/")
    for changed in (
        f"{head}/x{tail}",
        f"{head}/{tail[:-1]}x",
        f"{head}/{tail.partition('.')[0]}",
        f"{head}/.",
    ):
        assert Client().get(changed).status_code == 400


def test_a_paid_order_is_not_taken_again_at_the_till() -> None:
    payer = a_guest()
    payment = a_payment(10_000, payer=payer.subject_id)
    till = to_provider(payer.client, payment)
    for _ in range(2):
        form = fields(Client().get(till).content.decode())
        assert Client().post(till, form | {"choice": "pay"}).status_code == 200
    straight.run(at=OPENED + timedelta(days=400))
    payment.refresh_from_db()
    assert payment.charges.count() == 1


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_every_page_speaks_every_language(language: str) -> None:
    payer = a_guest()
    payment = a_payment(10_000, payer=payer.subject_id)
    with clock.frozen(NOW):
        html = payer.client.get(
            f"/pay/{payment.number}/", headers={"accept-language": language}
        ).content.decode()
    words = {"zh-hans": "付款方式", "zh-hant": "付款方式", "en": "Way to pay"}
    assert words[language] in html
