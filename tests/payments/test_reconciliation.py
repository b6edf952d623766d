"""The provider's day and ours, line by line."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client

from kernel import clock
from kernel.money import Money
from payments import calls, differences, reconciled, reconciliation, refunds, statements
from payments.gateways.protocol import Answer, Post, RefundOrder, Request, StatementLine
from payments.gateways.sandbox import SandboxGateway
from payments.models import Difference, ProviderCall, ProviderStatement, StatementRow
from payments.sandbox import straight, till
from payments.sandbox_models import SandboxCharge, SandboxRefund
from privacy import files
from tests.builders.money import OPENED, SYSTEM, a_captured_payment, references

pytestmark = pytest.mark.django_db
NOW = OPENED + timedelta(hours=2)


def over_the_wire(at: datetime = NOW) -> Post:
    """Through the views, as HTTP would come in."""

    def post(request: Request) -> Answer:
        with clock.frozen(at):
            answer = Client().post(
                request.path, request.body, content_type="application/json", headers=request.headers
            )
        return Answer(answer.status_code, answer.content)

    return post


DAY, NEXT = NOW.date(), NOW + timedelta(days=1)


def fetch(day: date = DAY, at: datetime = NEXT) -> list[Difference]:
    """The sandbox's statement of the day, through a recorded call; gives what differs."""
    statements.ask(provider="sandbox", day=day, at=at)
    calls.make_due(post=over_the_wire(at), at=at)
    return list(Difference.objects.open().filter(day=day).exclude(what__in=differences.OUTSIDE))


def the_books() -> list[tuple[Any, ...]]:
    rows = Difference.objects.order_by("id").values_list("id", "state", "found_at", "ended_at")
    return [*rows, StatementRow.objects.count(), ProviderStatement.objects.count()]  # type: ignore[list-item]


def named(found: list[Difference]) -> list[tuple[str, str, Money | None, Money | None]]:
    return [(one.what, one.kind, one.theirs, one.ours) for one in found]


class TestADay:
    def test_that_agrees_leaves_nothing(self) -> None:
        order = references(a_captured_payment(10_000))[0]
        refunds.refund(reference=order, amount=Money(500), purpose="r", actor=SYSTEM, at=NOW)
        straight.run(at=NOW)
        assert fetch() == []
        held = ProviderStatement.objects.get()
        assert (held.state, held.line_count) == ("read", 2)
        sums = {one.kind: (one.theirs, one.ours, one.gap) for one in reconciled.seen("sandbox", DAY).sums}
        assert sums == {
            "charge": (Money(10_000), Money(10_000), Money.zero()),
            "refund": (Money(-500), Money(-500), Money.zero()),
        }

    def test_money_that_we_parked_is_missing_here(self) -> None:
        a_captured_payment(10_000, choice="wrong_amount")
        assert named(fetch()) == [("missing_here", "charge", Money(10_100), None)]

    def test_a_charge_that_they_lost_is_missing_there(self) -> None:
        a_captured_payment(10_000)
        SandboxCharge.objects.all().delete()
        assert named(fetch()) == [("missing_there", "charge", None, Money(10_000))]

    def test_another_sum_is_found_to_the_fen(self) -> None:
        a_captured_payment(10_000)
        SandboxCharge.objects.update(amount_minor=9_999)
        assert named(fetch()) == [("other_sum", "charge", Money(9_999), Money(10_000))]

    def test_a_refund_that_arrived_there_alone_is_in_another_state(self) -> None:
        order = references(a_captured_payment(10_000))[0]
        made = refunds.refund(reference=order, amount=Money(500), purpose="r", actor=SYSTEM, at=NOW)
        calls.make_due(post=over_the_wire(), at=NOW)
        ProviderCall.objects.filter(kind="ask_refund").delete()
        (found,) = fetch()
        assert (found.what, found.detail) == ("other_state", "sent here")
        # The notice comes after all: both sides agree, and the difference ends by itself.
        refunds.confirm(refund_id=made.pk, actor=SYSTEM, at=NEXT)
        assert reconciliation.compare(provider="sandbox", day=DAY, at=NEXT) == []
        found.refresh_from_db()
        assert (found.state, found.ended_by) == ("cleared", "system")

    def test_a_line_that_came_before_is_there_twice(self) -> None:
        a_captured_payment(10_000)
        fetch()
        row = StatementRow.objects.get()
        later = ProviderStatement.objects.create(
            provider="sandbox", day=DAY + timedelta(days=1), asked_at=NEXT
        )
        again = StatementLine("charge", row.key, Money(10_000))
        statements.take_in(statement_id=later.pk, came=b"again", lines=[again], at=NEXT)
        assert named(list(Difference.objects.open())) == [("twice", "charge", Money(20_000), Money(10_000))]

    def test_once_more_changes_nothing(self) -> None:
        a_captured_payment(10_000, choice="wrong_amount")
        fetch()
        before = the_books()
        for _ in range(2):
            assert len(fetch()) == 1
            reconciliation.compare(provider="sandbox", day=DAY, at=NEXT + timedelta(hours=1))
        assert the_books() == before
        assert ProviderCall.objects.filter(kind="statement").count() == 1

    def test_what_a_person_ended_stays_ended(self) -> None:
        a_captured_payment(10_000, choice="wrong_amount")
        (found,) = fetch()
        differences.explain(difference_id=found.pk, reason="Their test charge.", actor=SYSTEM, at=NEXT)
        assert reconciliation.compare(provider="sandbox", day=DAY, at=NEXT) == []
        with pytest.raises(differences.DifferenceEnded):
            differences.explain(difference_id=found.pk, reason="Again.", actor=SYSTEM, at=NEXT)

    def test_midnight_separates_nothing(self) -> None:
        """We noted at 23:59 what their statement has under the next day."""
        a_captured_payment(10_000)
        SandboxCharge.objects.update(taken_at=NEXT)
        (found,) = fetch()
        assert found.what == "missing_there"
        assert fetch(DAY + timedelta(days=1), NEXT + timedelta(days=1)) == []
        found.refresh_from_db()
        assert found.state == "cleared"


class TestTheStatement:
    def test_without_an_answer_is_asked_for_again(self) -> None:
        statements.ask(provider="sandbox", day=DAY, at=NEXT)
        assert calls.make_due(post=lambda _: Answer(0), at=NEXT) == 1
        assert ProviderStatement.objects.get().state == "asked"
        call = ProviderCall.objects.get(kind="statement")
        assert (call.state, "no statement" in call.last_answer) == ("waiting", True)
        assert fetch(at=NEXT + timedelta(minutes=5)) == []
        assert ProviderStatement.objects.get().state == "read"

    def test_is_kept_sealed_with_its_digest(self) -> None:
        a_captured_payment(10_000)
        fetch()
        held = ProviderStatement.objects.select_related("file").get()
        assert held.file is not None and held.file.subject_id == held.subject_id
        came = files.content(file_id=held.file.pk, purpose="payments.statement", actor=SYSTEM, at=NEXT)
        assert hashlib.sha256(came).hexdigest() == held.sha256 == held.file.sha256
        with default_storage.open(held.file.path) as sealed:
            assert b"charge" not in sealed.read()

    def test_is_asked_for_every_day_once_it_is_ready(self) -> None:
        early = datetime(2026, 11, 4, 9, 59, tzinfo=UTC)
        assert statements.ask_due(at=early) == 0
        assert statements.ask_due(at=early + timedelta(minutes=1)) == 1
        assert statements.ask_due(at=early + timedelta(minutes=2)) == 0
        # After a standstill the days between are made up for.
        assert statements.ask_due(at=early + timedelta(days=3, minutes=1)) == 3
        days = ProviderStatement.objects.order_by("day").values_list("day", flat=True)
        assert [one.day for one in days] == [3, 4, 5, 6]

    @pytest.mark.parametrize(
        "attack",
        [
            "UPDATE payments_providerstatement SET sha256 = repeat('0', 64)",
            "UPDATE payments_providerstatement SET state = 'asked', sha256 = '', read_at = NULL",
            "DELETE FROM payments_providerstatement",
            "UPDATE payments_statementrow SET amount_minor = 1",
            "DELETE FROM payments_statementrow",
            "INSERT INTO payments_statementrow SELECT gen_random_uuid(), provider, 99, kind, 'x', 1, 0,"
            " currency, true, statement_id FROM payments_statementrow",
            "DELETE FROM payments_difference",
            "UPDATE payments_difference SET state = 'explained'",
            "UPDATE payments_difference SET state='corrected', reason='x', ended_by='x', ended_at=now()",
            "UPDATE payments_difference SET key = 'other'",
            "UPDATE payments_difference SET assigned_to = 'x'",
        ],
    )
    def test_stands_as_it_came(self, attack: str) -> None:
        a_captured_payment(10_000, choice="wrong_amount")
        fetch()
        before = the_books()
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            connection.cursor().execute(attack)
        assert the_books() == before


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
