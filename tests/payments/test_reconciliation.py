"""The provider's day and ours, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from kernel import clock
from kernel.money import Money
from payments import reconciliation, refunds
from payments.gateways.protocol import Answer, Post, RefundOrder, Request, Unclear
from payments.gateways.sandbox import SandboxGateway
from payments.sandbox import straight, till
from payments.sandbox_models import SandboxCharge, SandboxRefund
from tests.builders.money import OPENED, SYSTEM, a_captured_payment, references

pytestmark = pytest.mark.django_db
NOW = OPENED + timedelta(hours=2)


def over_the_wire() -> Post:
    """Through the views, as HTTP would come in."""

    def post(request: Request) -> Answer:
        with clock.frozen(NOW):
            answer = Client().post(
                request.path, request.body, content_type="application/json", headers=request.headers
            )
        return Answer(answer.status_code, answer.content)

    return post


def compare() -> list[reconciliation.Difference]:
    return reconciliation.differences(provider="sandbox", day=NOW.date(), post=over_the_wire(), at=NOW)


def test_a_clean_day_has_no_differences() -> None:
    order = references(a_captured_payment(10_000))[0]
    refunds.refund(reference=order, amount=Money(500), purpose="r", actor=SYSTEM, at=NOW)
    straight.run(at=NOW)
    assert compare() == []


def test_money_that_we_parked_is_found() -> None:
    a_captured_payment(10_000, choice="wrong_amount")
    (found,) = compare()
    assert (found.kind, found.theirs, found.ours) == ("charge", Money(10_100), None)


def test_a_charge_that_they_lost_is_found() -> None:
    a_captured_payment(10_000)
    SandboxCharge.objects.all().delete()
    (found,) = compare()
    assert (found.theirs, found.ours) == (None, Money(10_000))


def test_without_a_statement_there_is_no_verdict() -> None:
    with pytest.raises(Unclear, match="no statement"):
        reconciliation.differences(provider="sandbox", day=NOW.date(), post=lambda _: Answer(0), at=NOW)


class TestSandboxRefunds:
    """The provider's side: it gives back once per key, what it took, to the shop alone."""

    def ask(self, key: str, fen: int, currency: str = "CNY") -> int:
        charge = SandboxCharge.objects.order_by("taken_at")[0]
        order = RefundOrder(key, till.charge_id(charge.pk), Money(fen, currency), Money(charge.amount_minor))
        return over_the_wire()(SandboxGateway().refund_request(order, at=NOW)).status

    def test_are_made_once_per_key(self) -> None:
        a_captured_payment(10_000)
        assert [self.ask("k", 10_000), self.ask("k", 10_000), self.ask("k", 9_999)] == [202, 202, 409]
        assert SandboxRefund.objects.count() == 1

    @pytest.mark.parametrize(("fen", "currency"), [(0, "CNY"), (10_001, "CNY"), (1, "JPY")])
    def test_never_exceed_the_charge(self, fen: int, currency: str) -> None:
        a_captured_payment(10_000)
        assert self.ask("k", fen, currency) == 422

    def test_need_a_charge_of_theirs(self) -> None:
        for charge in ("", "ch_", "ch_" + "0" * 32, "ch_x"):
            request = SandboxGateway().refund_request(RefundOrder("k", charge, Money(1), Money(1)), at=NOW)
            assert over_the_wire()(request).status == 422

    def test_are_made_for_the_shop_alone(self) -> None:
        request = SandboxGateway().refund_request(RefundOrder("k", "ch_", Money(1), Money(1)), at=NOW)
        assert over_the_wire()(replace(request, body=request.body + b" ")).status == 400
        assert over_the_wire()(replace(request, headers={})).status == 400
