"""The database's own rules of what cards and points pay: each attacked in SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from kernel.ids import new_id
from payments.invariants import all_offences, settle_constraints
from payments.models import Payment, PaymentPart, Tender
from payments.sandbox import straight
from tests.builders.money import OPENED, a_mixed_payment, a_payment, some_points

pytestmark = pytest.mark.django_db
TENDER = (
    "INSERT INTO payments_tender (id, payment_id, part_id, position, account, amount_minor, currency)"
    " VALUES (%s, %s, %s, %s, %s, %s, 'CNY')"
)
REFUND = (
    "INSERT INTO payments_refund (id, charge_id, part_id, tender_id, reference, purpose, amount_minor,"
    " currency, state, requested_at, settled_at)"
    " VALUES (%s, %s, %s, %s, %s, 'attack', %s, 'CNY', 'paid', now(), now())"
)


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def refused(attack: Callable[[], object], rule: str) -> None:
    with pytest.raises((IntegrityError, DataError), match=rule), transaction.atomic():
        attack()
        settle_constraints()
    settle_constraints()
    assert all_offences() == []


@pytest.fixture
def account() -> str:
    return some_points(5_000)


@pytest.fixture
def mixed(account: str) -> Payment:
    return straight.pay(
        a_mixed_payment((10_000, 2_500), account=account).number, at=OPENED + timedelta(minutes=1)
    )


class TestTender:
    def test_is_within_what_is_tendered_of_its_part(self, mixed: Payment) -> None:
        part = mixed.parts.get()
        refused(
            lambda: run(
                TENDER,
                new_id(),
                mixed.pk,
                part.pk,
                1,
                some_points(5),
                5,
            ),
            "not of its part|differ from what",
        )

    def test_is_of_a_part_of_its_payment(self, mixed: Payment) -> None:
        other = a_payment().parts.get()
        values = (new_id(), mixed.pk, other.pk, 1, some_points(5), 5)
        refused(lambda: run(TENDER, *values), "not of its part|differ from what")

    def test_comes_from_a_card_or_points(self, mixed: Payment) -> None:
        part = mixed.parts.get()
        for name in ("fees:platform", f"escrow:{part.reference}", "points:1"):
            values = (new_id(), mixed.pk, part.pk, 1, name, 5)
            refused(lambda values=values: run(TENDER, *values), "comes from a card or points")  # type: ignore[misc]

    def test_never_changes(self, mixed: Payment) -> None:
        refused(lambda: run("UPDATE payments_tender SET amount_minor = 1"), "append-only")
        refused(lambda: run("DELETE FROM payments_tender"), "append-only")


class TestPayment:
    def test_says_what_is_tendered_for_ever(self, mixed: Payment) -> None:
        refused(lambda: run("UPDATE payments_payment SET tendered_minor = 0"), "append-only")

    def test_is_not_tendered_above_itself(self) -> None:
        with pytest.raises(IntegrityError, match="within their"), transaction.atomic():
            a_mixed_payment((10_000, 10_001), account=some_points(20_000))

    def test_has_its_tenders(self, mixed: Payment) -> None:
        copy = (
            "INSERT INTO payments_payment (id, number, payer_subject_id, state, amount_minor, tendered_minor,"
            " currency, provider, opened_at, expires_at) SELECT %s, 'PX', payer_subject_id, 'open', 100, 50,"
            " currency, '', opened_at, expires_at FROM payments_payment LIMIT 1"
        )
        part = (
            "INSERT INTO payments_paymentpart (id, payment_id, position, reference, merchant_id,"
            " amount_minor, tendered_minor, currency) VALUES (%s, %s, 0, %s, %s, 100, 50, 'CNY')"
        )
        pk = new_id()
        refused(
            lambda: (run(copy, pk), run(part, new_id(), pk, new_id(), new_id())),
            "differ from what is tendered",
        )

    def test_is_captured_whole_or_not_at_all(self, account: str) -> None:
        payment = a_mixed_payment((10_000, 2_500), account=account)
        capture = "UPDATE payments_payment SET state = 'captured', captured_at = now() WHERE id = %s"
        refused(lambda: run(capture, payment.pk), "not paid whole")


class TestRefund:
    def test_to_a_tender_is_within_it(self, mixed: Payment) -> None:
        tender = Tender.objects.get()
        values = (new_id(), None, tender.part_id, tender.pk, tender.part.reference, 2_501)
        refused(lambda: run(REFUND, *values), "than it paid")

    def test_through_a_provider_is_within_what_it_brought(self, mixed: Payment) -> None:
        part, charge = PaymentPart.objects.get(payment=mixed), mixed.charges.get()
        values = (new_id(), charge.pk, part.pk, None, part.reference, 7_501)
        refused(lambda: run(REFUND, *values), "than was captured")

    def test_goes_back_by_one_means(self, mixed: Payment) -> None:
        tender, charge = Tender.objects.get(), mixed.charges.get()
        both = (new_id(), charge.pk, tender.part_id, tender.pk, tender.part.reference, 5)
        refused(lambda: run(REFUND, *both), "by one means")
        neither = (new_id(), None, tender.part_id, None, tender.part.reference, 5)
        refused(lambda: run(REFUND, *neither), "by one means")
