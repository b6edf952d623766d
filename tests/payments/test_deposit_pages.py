"""The deposit on the shop's pages: what is missing, until when, and two ways to fill it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel.money import Money
from merchants.capabilities import Capability
from payments.models import Payment
from payments.sandbox import straight
from tests.builders.deposits import a_shop_with_deposit, lies
from tests.builders.orders import drain
from tests.builders.payouts import earns
from tests.builders.people import a_member
from tests.builders.shops import ADMITTED, a_merchant

pytestmark = pytest.mark.django_db
KEY = "a-deposit-once"
NOW = ADMITTED + timedelta(hours=1)


@pytest.fixture
def shop(at):
    at(NOW)
    return a_shop_with_deposit(500_000)


def money_page(member, shop) -> str:
    return member.client.get(reverse("payments:merchant-money", args=[shop.slug])).content.decode()


def asks(member, shop, way):
    return member.client.post(
        reverse("payments:merchant-deposit", args=[shop.slug]), {"way": way, "idempotency_key": KEY}
    )


class TestThePage:
    def test_it_says_what_is_missing_and_where_to_read_the_rule(self, shop):
        text = money_page(a_member(shop), shop)
        assert "补足保证金" in text
        assert "¥5,000.00" in text
        assert "policy.silence.deposit" in text

    def test_today_names_it_with_its_date(self, shop):
        member = a_member(shop)
        text = member.client.get(f"/merchant/{shop.slug}/").content.decode()
        assert "补足保证金：¥5,000.00" in text

    def test_without_a_deposit_nothing_is_said(self, at):
        at(NOW)
        shop = a_merchant()
        assert "补足保证金" not in money_page(a_member(shop), shop)


class TestPayingIn:
    def test_through_a_provider_to_the_end(self, shop, at):
        member = a_member(shop)
        answer = asks(member, shop, "provider")
        payment = Payment.objects.get()
        assert (answer.status_code, answer.url) == (303, f"/pay/{payment.number}/")
        assert "¥5,000.00" in member.client.get(answer.url).content.decode()
        straight.pay(payment.number, at=NOW + timedelta(minutes=1))
        drain(at=NOW + timedelta(minutes=2))
        paid = member.client.get(answer.url).content.decode()
        assert "这笔钱在店铺的保证金里" in paid
        assert f"/merchant/{shop.slug}/money/" in paid
        assert lies(shop) == Money(500_000)
        assert "补足保证金" not in money_page(member, shop)

    def test_from_what_is_available(self, shop):
        member = a_member(shop, [Capability.READ, Capability.FINANCE])
        earns(shop, 123_400)
        assert "¥1,234.00" in money_page(member, shop)
        assert asks(member, shop, "balance").status_code == 303
        assert lies(shop) == Money(123_400)
        assert "¥3,766.00" in money_page(member, shop)

    def test_with_nothing_available_it_says_what_to_do(self, shop):
        member = a_member(shop)
        assert asks(member, shop, "balance").status_code == 303
        assert "现在没有可用的钱" in money_page(member, shop)
        assert lies(shop) == Money(0)

    @pytest.mark.parametrize("way", ["provider", "balance"])
    def test_only_who_may_move_the_shop_s_money(self, shop, way, client):
        earns(shop, 1_000)
        for member in (a_member(shop, [Capability.READ, Capability.ORDERS]), a_member(a_merchant())):
            assert asks(member, shop, way).status_code == 404
        stranger = client.post(
            reverse("payments:merchant-deposit", args=[shop.slug]), {"way": way, "idempotency_key": KEY}
        )
        assert stranger.status_code in (302, 303, 404)
        assert (lies(shop), Payment.objects.count()) == (Money(0), 0)
