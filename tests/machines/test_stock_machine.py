"""Stock over variants under any sequence of steps: never negative, never oversold, each piece accounted for.

A refusal leaves no trace. After every step each variant's stock is what its changes and reservations say, and
only what is on sale was newly held.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from catalog import drafting, publishing, stock, variants
from catalog.models import Reservation, Stock, StockChange, Variant
from kernel.actor import Actor
from kernel.errors import DomainError
from kernel.ids import new_id
from orders import cart
from tests.builders.orders import a_subject
from tests.builders.shops import LISTED, the_catalogue
from tests.builders.variants import a_draft_of_variants, a_listing_with_variants, variants_of

EXAMPLES = int(os.environ.get("ANXIN_MACHINE_EXAMPLES", "6"))
KEYS = ["white_small", "white_large", "black_small", "black_large"]
ROW, MANY = st.sampled_from(KEYS), st.integers(-3, 9)
SQL = [
    "UPDATE catalog_stock SET reserved = on_hand + 1 WHERE variant_id = %s",
    "UPDATE catalog_stock SET on_hand = reserved - 1 WHERE variant_id = %s",
    "UPDATE catalog_stock SET on_hand = -1, reserved = -1 WHERE variant_id = %s",
    "UPDATE catalog_stockchange SET quantity = quantity + 1 WHERE variant_id = %s",
    "DELETE FROM catalog_stockchange WHERE variant_id = %s",
]


class StockMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.listing = a_listing_with_variants(stocks=dict.fromkeys(KEYS, 3))
        self.ids = {key: row.pk for key, row in variants_of(self.listing).items()}
        self.references: list[UUID] = []
        self.now = LISTED

    def do(self, step: Any, **facts: Any) -> Any:
        """The step in a savepoint of its own; a refusal is its answer and changes nothing."""
        before = self.picture()
        try:
            with transaction.atomic():
                return step(**facts)
        except DomainError as refused:
            assert self.picture() == before, refused
            return refused

    def picture(self) -> Any:
        rows = Stock.objects.order_by("pk").values_list("pk", "on_hand", "reserved", "sold")
        return (
            list(rows),
            sorted(Variant.objects.values_list("pk", "state")),
            StockChange.objects.count(),
            sorted(Reservation.objects.values_list("pk", "state")),
        )

    @rule(key=ROW, on_hand=MANY)
    def count(self, key: str, on_hand: int) -> None:
        self.do(stock.count, variant_id=self.ids[key], on_hand=on_hand, actor=Actor.system(), at=self.now)

    @rule(key=ROW, quantity=MANY)
    def add(self, key: str, quantity: int) -> None:
        self.do(stock.add, variant_id=self.ids[key], quantity=quantity, actor=Actor.system(), at=self.now)

    @rule(lines=st.lists(st.tuples(ROW, st.integers(0, 4)), min_size=1, max_size=3), again=st.booleans())
    def reserve(self, lines: list[tuple[str, int]], again: bool) -> None:
        reference = self.references[-1] if again and self.references else new_id()
        wanted = [(self.ids[key], quantity) for key, quantity in lines]
        done = self.do(stock.reserve, lines=wanted, reference=reference, expires_at=self.now, at=self.now)
        if not isinstance(done, DomainError):
            self.references.append(reference)

    @rule(name=st.sampled_from(["commit", "release"]), which=st.integers(0, 9))
    def end(self, name: str, which: int) -> None:
        if self.references:
            reference = self.references[which % len(self.references)]
            self.do(getattr(stock, name), reference=reference, at=self.now)

    @rule(key=ROW, quantity=st.integers(1, 3))
    def put_back(self, key: str, quantity: int) -> None:
        self.do(
            stock.put_back, variant_id=self.ids[key], quantity=quantity, actor=Actor.system(), at=self.now,
            reason="cancelled",
        )  # fmt: skip

    @rule(key=ROW)
    def retire(self, key: str) -> None:
        self.do(variants.retire, variant_id=self.ids[key], actor=Actor.system(), at=self.now)

    @rule(keys=st.sets(ROW, min_size=1))
    def publish_with(self, keys: set[str]) -> None:
        rows = [each for each in a_draft_of_variants() if "_".join(each["choice"].values()) in keys]
        self.do(
            drafting.edit_draft, listing_id=self.listing.pk, changes={"variants": rows},
            actor=Actor.system(), at=self.now,
        )  # fmt: skip
        self.do(publishing.publish, listing_id=self.listing.pk, actor=Actor.system(), at=self.now)

    @rule(key=ROW)
    def put_into_a_cart(self, key: str) -> None:
        subject = a_subject()
        done = self.do(
            cart.put, subject_id=subject, listing_id=self.listing.pk, variant_id=self.ids[key],
            actor=Actor.buyer(subject), at=self.now,
        )  # fmt: skip
        row = Stock.objects.select_related("variant").get(pk=self.ids[key])
        assert isinstance(done, DomainError) or row.variant.state == "active"

    @rule()
    def time_passes(self) -> None:
        self.now += timedelta(minutes=15)
        stock.release_orphans(at=self.now)

    @rule(key=ROW, sql=st.sampled_from(SQL))
    def attack(self, key: str, sql: str) -> None:
        before = self.picture()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, [self.ids[key]])
                assert cursor.rowcount == 0, sql
        except Exception as refused:
            assert "rror" in type(refused).__name__
        assert self.picture() == before

    @invariant()
    def every_piece_is_accounted_for(self) -> None:
        for row in Stock.objects.filter(listing=self.listing):
            mine = list(Reservation.objects.filter(variant_id=row.pk).values_list("state", "quantity"))
            added = sum(StockChange.objects.filter(variant_id=row.pk).values_list("quantity", flat=True))
            sold = sum(quantity for state, quantity in mine if state == "committed")
            assert 0 <= row.reserved <= row.on_hand
            assert row.reserved == sum(quantity for state, quantity in mine if state == "held")
            assert (row.sold, row.on_hand) == (sold, added - sold)

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)


@pytest.mark.django_db
def test_stock_under_any_sequence_of_steps() -> None:
    the_catalogue()
    run_state_machine_as_test(
        StockMachine,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=25, deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
