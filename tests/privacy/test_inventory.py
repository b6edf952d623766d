"""The inventory leads from a person to every row about them, in whatever role they stand in it."""

from datetime import timedelta

import pytest

from accounts.models import BrowserSession
from complaints.decisions import decide
from complaints.models import Decision
from orders.models import Order
from privacy import inventory
from tests.builders.cases import a_complaint_to_decide, a_ruling
from tests.builders.orders import an_order
from tests.builders.people import a_buyer, a_staff

pytestmark = pytest.mark.django_db


class TestRowsOf:
    def test_are_the_person_s_own_and_nobody_else_s(self) -> None:
        mine, theirs = an_order(), an_order()

        assert list(inventory.rows_of("orders.Order", mine.subject_id)) == [Order.objects.get(pk=mine.pk)]
        assert theirs.subject_id != mine.subject_id

    def test_are_found_through_relations_and_pseudonyms(self) -> None:
        order = an_order()

        assert inventory.rows_of("orders.Shipment", order.subject_id).count() == 0
        moves = inventory.rows_of("orders.OrderMove", order.subject_id)
        assert moves.count() >= 1
        assert {move.actor for move in moves} == {f"buyer:{order.subject_id}"}

    def test_are_found_in_a_browser_s_session(self) -> None:
        person, other = a_buyer(), a_buyer()

        found = inventory.rows_of("accounts.BrowserSession", person.subject_id)

        assert [each.user_id for each in found] == [person.user.pk]
        assert BrowserSession.objects.filter(user_id=other.user.pk).count() == 1

    def test_of_a_model_without_personal_columns_are_none(self) -> None:
        assert inventory.rows_of("catalog.Category", a_buyer().subject_id).count() == 0

    def test_can_be_asked_for_every_model_of_the_inventory(self) -> None:
        person = a_buyer()
        for label in inventory.by_model():
            assert inventory.rows_of(label, person.subject_id).count() >= 0


class TestRowsHolding:
    def test_tells_the_buyer_of_a_ruling_from_its_reviewer(self) -> None:
        complaint = a_complaint_to_decide()
        reviewer = a_staff()
        at = complaint.opened_at + timedelta(days=3)
        decide(complaint_id=complaint.pk, ruling=a_ruling(complaint), actor=reviewer.actor, at=at)
        ruled = Decision.objects.get()
        facts = inventory.of_column("complaints.Decision.facts")

        assert [row.pk for row in inventory.rows_holding(facts, complaint.subject_id)] == [ruled.pk]
        assert inventory.rows_holding(facts, reviewer.subject_id).count() == 0
        assert inventory.rows_of("complaints.Decision", reviewer.subject_id).count() == 1


def test_an_unknown_column_is_a_bug() -> None:
    with pytest.raises(inventory.ColumnUnknown):
        inventory.of_column("orders.Order.gone")
