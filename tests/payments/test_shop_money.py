"""A shop's money page over HTTP: what goes when, what holds it, to have it now, and another account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from kernel import clock
from kernel.money import Money
from merchants import payout_accounts, standing
from merchants.capabilities import Capability
from merchants.models import Merchant
from payments.models import Payout
from payments.sandbox import straight
from tests.builders.payouts import MONDAY, SYSTEM, a_payout, a_rich_shop, available, confirmed, earns
from tests.builders.people import a_member
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)
KEY = "0123456789abcdef"


@pytest.fixture(autouse=True)
def _on_tuesday() -> Any:
    with clock.frozen(TUESDAY):
        yield


def page(shop: Merchant, name: str = "money") -> str:
    return reverse(f"payments:merchant-{name}", args=[shop.slug])


def good(shop: Merchant) -> Merchant:
    standing.write_effects(
        merchant_id=shop.pk, grade="A", score_permille=900, payout_delay_days=0, rule_id="x", at=MONDAY
    )
    return shop


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_says_when_it_goes_and_why_not_at_once() -> None:
    shop = a_rich_shop(482_900)
    said = text(a_member(shop, [Capability.FINANCE]).client.get(page(shop)))
    assert "4,829" in said or "4829" in said
    assert "11 月 16 日" in said
    assert "固定的日子" in said
    assert page(shop, "payout") not in said
    # Only the end of the account is shown, and only the owner may change it.
    assert "*0004" in said
    assert "6222020200112230004" not in said
    assert page(shop, "account") not in said


def test_has_it_now_once_however_often_the_form_is_sent() -> None:
    shop = good(a_rich_shop(482_900))
    client = a_member(shop, [Capability.FINANCE]).client
    assert page(shop, "payout") in text(client.get(page(shop)))
    for _ in range(2):
        answer = client.post(page(shop, "payout"), {"currency": "CNY", "idempotency_key": KEY})
        assert (answer.status_code, answer.headers["Location"]) == (303, page(shop))
    made = Payout.objects.get()
    assert (made.kind, made.amount, available(shop)) == ("asked", Money(482_900), Money(0))
    said = text(client.get(page(shop)))
    assert "正在打到你的账户" in said
    straight.run(at=TUESDAY)
    assert "已到账" in text(client.get(page(shop)))


@pytest.mark.parametrize("currency", ["CNY", "XAU", ""])
def test_a_refusal_says_why_and_moves_nothing(currency: str) -> None:
    shop = a_rich_shop()
    client = a_member(shop, [Capability.OWNER]).client
    answer = client.post(page(shop, "payout"), {"currency": currency, "idempotency_key": KEY}, follow=True)
    assert "固定的日子" in text(answer)
    assert (Payout.objects.count(), available(shop)) == (0, Money(10_000))


def test_what_waits_and_what_came_back_say_what_to_do() -> None:
    shop = a_rich_shop(number="6222020200112230009")
    a_payout(shop, through=True)
    client = a_member(shop, [Capability.OWNER]).client
    said = text(client.get(page(shop)))
    assert "account_closed" in said
    assert "被退回" in said
    assert "再试一次打款" in said
    other = a_merchant()
    earns(other, 10_000)
    a_payout(other)
    assert "人工核对" in text(a_member(other, [Capability.OWNER]).client.get(page(other)))


def test_another_shop_s_money_isn_t_there() -> None:
    shop, other = a_rich_shop(111_100), a_rich_shop(222_200)
    a_payout(other)
    member = a_member(shop, [Capability.OWNER])
    said = text(member.client.get(page(shop)))
    assert "1111" in said.replace(",", "")
    assert "2222.00" not in said.replace(",", "")
    assert member.client.get(page(other)).status_code == 404
    assert a_member(shop, [Capability.ORDERS]).client.get(page(shop)).status_code == 404


def test_filters_and_takes_the_same_rows_as_a_file() -> None:
    shop = a_rich_shop()
    paid = a_payout(shop, through=True)
    client = a_member(shop, [Capability.FINANCE]).client
    held = client.get(page(shop), {"state": "held", "format": "csv"}).content.decode()
    everything = client.get(page(shop), {"format": "csv"}).content.decode()
    assert str(paid.pk) not in held
    assert f"{paid.pk},2026-11-09T02:00+00:00,paid,100.00,CNY" in everything
    assert client.get(page(shop), {"state": "nonsense"}).status_code == 200


class TestAccount:
    def given(self, shop: Merchant, **changes: str) -> dict[str, str]:
        return {
            "channel": "bank",
            "holder": shop.legal_name,
            "bank": "另一家银行",
            "number": "6222020200112230012",
        } | changes

    def test_is_changed_by_the_owner_alone_and_waits(self) -> None:
        shop = good(a_rich_shop())
        finance = a_member(shop, [Capability.FINANCE]).client
        assert finance.get(page(shop, "account")).status_code == 404
        assert finance.post(page(shop, "account"), self.given(shop)).status_code == 404
        owner = a_member(shop, [Capability.OWNER]).client
        assert "示例银行" in text(owner.get(page(shop, "account")))
        assert owner.post(page(shop, "account"), self.given(shop)).status_code == 303
        account = payout_accounts.current(shop.pk)
        assert account is not None
        assert (account.bank, account.usable_from) == ("另一家银行", TUESDAY + timedelta(hours=72))
        said = text(owner.get(page(shop)))
        assert "另一家银行" in said
        assert "盗用账号" in said
        assert page(shop, "payout") not in said

    @pytest.mark.parametrize(
        "changes", [{"number": "12"}, {"holder": "别人"}, {"channel": "cash"}, {"bank": ""}],
        ids=["number", "holder", "channel", "bank"],
    )  # fmt: skip
    def test_what_doesn_t_fit_is_said_at_its_field(self, changes: dict[str, str]) -> None:
        shop = a_rich_shop()
        before = payout_accounts.current(shop.pk)
        owner = a_member(shop, [Capability.OWNER]).client
        answer = owner.post(page(shop, "account"), self.given(shop, **changes))
        assert answer.status_code == 422
        assert 'id="id_holder"' in answer.content.decode()
        assert payout_accounts.current(shop.pk) == before

    def test_confirmed_once_stays_confirmed(self) -> None:
        shop = a_merchant()
        assert confirmed(shop).verified_by == str(SYSTEM)
