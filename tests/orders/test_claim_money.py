"""The money of a claim: after settlement, in a set, beside a case; and attacks on it by SQL."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from kernel.actor import Actor
from kernel.money import Money
from orders import invariants, settlement
from orders.aftercare import history, mending
from orders.models import FaultClaim, Order, ReturnLine
from orders.states import OrderState
from payments import accounts, escrow, fund, ledger
from payments import invariants as money_rules
from tests.builders.aftercare import a_claim
from tests.builders.orders import a_return, an_order
from tests.builders.payouts import within_reach
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)


def an_order_of_kettles(**changes) -> Order:  # type: ignore[no-untyped-def]
    return an_order(listing=a_listing(category="electronics"), delivered_at=DELIVERED, **changes)


def settled(order: Order) -> datetime:
    """The instant after it was settled."""
    assert order.settles_at is not None
    settlement.settle(order_id=order.pk, actor=Actor.system(), at=order.settles_at)
    order.refresh_from_db()
    return order.settles_at + timedelta(days=30)


class TestAfterSettlement:
    def test_a_refund_comes_from_the_shops_balance(self) -> None:
        order = an_order_of_kettles()
        late = settled(order)
        before = within_reach(order.merchant_id, order.currency)
        claim = a_claim(order, at=late, state="in_hand", remedy="repair")
        mending.refund(claim_id=claim.pk, cause="merchant", actor=Actor.system(), at=late)
        order.refresh_from_db()
        # 39.00 less the fee of 5 % was paid out to the balance: the fee isn't the buyer's to lose.
        missing = Money(3900) - before
        assert ledger.balance(accounts.available(order.merchant_id)) == Money(0)
        assert fund.debt(order.merchant_id) == missing
        assert (order.state, order.refunded) == (OrderState.SETTLED, order.total)
        assert escrow.balance(order.pk) == Money(0)
        assert [*money_rules.all_offences(), *invariants.all_offences()] == []

    def test_no_other_buyers_escrow_pays(self) -> None:
        order = an_order_of_kettles()
        other = an_order(listing=order.lines.get().listing, delivered_at=DELIVERED)
        late = settled(order)
        claim = a_claim(order, at=late, state="in_hand", remedy="repair")
        mending.refund(claim_id=claim.pk, cause="merchant", actor=Actor.system(), at=late)
        assert escrow.balance(other.pk) == other.total

    def test_twice_is_once(self) -> None:
        order = an_order_of_kettles(quantity=2)
        late = settled(order)
        first = a_claim(order, at=late, state="in_hand", remedy="repair")
        mending.refund(claim_id=first.pk, cause="merchant", actor=Actor.system(), at=late)
        second = a_claim(order, at=late + timedelta(days=9), state="in_hand", remedy="repair")
        mending.refund(claim_id=second.pk, cause="merchant", actor=Actor.system(), at=late)
        order.refresh_from_db()
        assert (order.refunded, order.lines.get().returned_quantity) == (order.total, 2)


class TestWarrantyCard:
    def test_counts_repairs_and_adds_their_days(self) -> None:
        order = an_order_of_kettles()
        line = order.lines.get()
        plain = history.card(order, line, [])
        assert plain is not None and plain.last_day is not None
        a_claim(order, at=DELIVERED, state="done", remedy="repair")
        card = history.card(order, line, FaultClaim.objects.of_line(line.pk))
        assert card is not None and card.last_day is not None
        # Posted on the tenth at noon in China, back on the twelfth: two days.
        assert (card.repairs, card.days_in_repair, card.most_repairs) == (1, 2, 2)
        assert card.last_day - plain.last_day == timedelta(days=2)

    def test_a_replacement_starts_it_afresh(self) -> None:
        order = an_order_of_kettles()
        line = order.lines.get()
        claim = a_claim(order, at=DELIVERED, state="done")
        card = history.card(order, line, FaultClaim.objects.of_line(line.pk))
        assert card is not None and card.replaced_at == claim.arrived_at
        assert card.last_day == (claim.arrived_at + timedelta(days=card.days)).date()

    def test_goods_without_a_warranty_have_none(self) -> None:
        order = an_order(delivered_at=DELIVERED)
        assert history.card(order, order.lines.get(), []) is None


def refused(sql: str, values: list[object], constraint: str) -> None:
    attack = pytest.raises(DatabaseError, match=constraint)
    with attack, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestAttacks:
    """By SQL, past every use case."""

    @pytest.fixture
    def claim(self) -> FaultClaim:
        return a_claim(an_order_of_kettles(quantity=2), at=DELIVERED, state="in_hand")

    @pytest.mark.parametrize(
        ("change", "constraint"),
        [
            ("state = 'mended'", "claim_state_is_known"),
            ("remedy = 'gift'", "claim_remedy_is_known"),
            ("state = 'done', sent_at = now()", "a_claim_that_is_over_says_since_when"),
            ("state = 'arrived'", "what_is_done_has_come_back"),
            ("received_at = NULL", "what_is_mended_was_received"),
            ("remedy = 'repair'", "only_an_exchange_takes_stock"),
            ("stock_taken = 2", "only_an_exchange_takes_stock"),
            ("amount_minor = 1", "a_claim_keeps_what_was_asked"),
            ("quantity = 2", "a_claim_keeps_what_was_asked"),
        ],
        ids=str,
    )
    def test_on_the_row(self, claim: FaultClaim, change: str, constraint: str) -> None:
        refused(f"UPDATE orders_faultclaim SET {change} WHERE id = %s", [claim.pk], constraint)

    def test_settling_beside_it(self, claim: FaultClaim) -> None:
        sql = "UPDATE orders_order SET state = 'settled', settled_at = now(), closed_at = now() WHERE id = %s"
        refused(sql, [claim.order_id], "keeps its money")

    def test_a_second_one_of_the_line(self, claim: FaultClaim) -> None:
        refused(self._copy("quantity", "'F1'"), [claim.pk], "an_order_line_has_one_open_claim")

    def test_more_pieces_than_there_are(self, claim: FaultClaim) -> None:
        refused(self._copy("3", "'F1'"), [claim.pk], "pieces of its order")

    def test_a_return_of_what_is_being_repaired(self, claim: FaultClaim) -> None:
        other = a_return(an_order(delivered_at=DELIVERED), at=DELIVERED)
        sql = "UPDATE orders_returnline SET line_id = %s WHERE returning_id = %s"
        refused(sql, [claim.line_id, other.pk], "never both")
        assert ReturnLine.objects.filter(line_id=claim.line_id).count() == 0

    def test_a_parcel_without_a_way(self, claim: FaultClaim) -> None:
        sql = "UPDATE orders_shipment SET claim_way = '' WHERE claim_id = %s"
        refused(sql, [claim.pk], "a_parcel_of_a_claim_has_a_way")

    def test_rewriting_its_history(self, claim: FaultClaim) -> None:
        refused("DELETE FROM orders_claimmove WHERE claim_id = %s", [claim.pk], "append_only|annot delete")

    @staticmethod
    def _copy(quantity: str, number: str) -> str:
        """The claim once more, asked for anew."""
        kept = (
            "order_id, line_id, subject_id, remedy, rule_id, postage_payer, goods_minor, freight_minor,"
            " amount_minor, fault, refusal, asked_at"
        )
        return (
            f"INSERT INTO orders_faultclaim (id, number, quantity, state, stock_taken, {kept})"
            f" SELECT gen_random_uuid(), {number}, {quantity}, 'asked', 0, {kept}"
            " FROM orders_faultclaim WHERE id = %s"
        )
