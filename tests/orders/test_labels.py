"""The free way back: who gets a label, what a carrier's scan does, and who pays for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.actor import Actor
from kernel.money import Money
from orders import parcel_numbers, parcels, returns
from orders.fulfilment import TrackingNumberTaken
from orders.labels import issuing
from orders.models import Collection, FaultClaim, ReturnLabel, Shipment
from payments import accounts, ledger
from tests.builders.aftercare import a_claim
from tests.builders.labels import DELIVERED, faulty, fetched, fresh, labelled, seen, swept
from tests.builders.orders import a_return, a_tracking_number, an_order, drain
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CARRIER = accounts.carrier("sandbox")


@pytest.fixture
def order():  # type: ignore[no-untyped-def]
    return an_order(listing=a_listing(price="39.00", freight="10.00"), quantity=2, delivered_at=DELIVERED)


class TestIssue:
    def test_is_free_for_whom_the_shop_bears_the_way_and_the_same_when_asked_again(self, order) -> None:  # type: ignore[no-untyped-def]
        made = faulty(order)
        label = labelled(made)
        assert (label.price, label.collected_price, label.charged_minor) == (Money(900), Money(1200), 0)
        assert parcel_numbers.clean("sandbox", label.tracking_number) == label.tracking_number
        assert labelled(made, DELIVERED + DAY).pk == label.pk
        assert ledger.balance(CARRIER) == Money(0)
        assert fresh(made).state == "accepted"

    def test_refuses_where_the_buyer_bears_it(self, order) -> None:  # type: ignore[no-untyped-def]
        made = a_return(order, at=DELIVERED)
        with pytest.raises(issuing.NoFreeLabel):
            labelled(made)
        assert not ReturnLabel.objects.exists()

    @pytest.mark.parametrize("state", ["asked", "posted"])
    def test_refuses_what_does_not_wait_to_be_sent(self, order, state: str) -> None:  # type: ignore[no-untyped-def]
        made = a_return(order, at=DELIVERED, kind="quality") if state == "asked" else faulty(order)
        if state == "posted":
            number, buyer = a_tracking_number(), Actor.buyer(made.subject_id)
            returns.post(return_id=made.pk, tracking_number=number, actor=buyer, at=DELIVERED)
        with pytest.raises(issuing.NotToBeSent):
            labelled(made)
        assert not ReturnLabel.objects.exists()

    def test_goods_to_be_repaired_have_one_too(self) -> None:
        kettle = an_order(listing=a_listing(category="electronics"), delivered_at=DELIVERED)
        claim = a_claim(kettle, at=DELIVERED, state="accepted", remedy="repair")
        label = issuing.issue(claim_id=claim.pk, actor=Actor.buyer(claim.subject_id), at=DELIVERED + DAY)
        seen(label.tracking_number, "collected", at=DELIVERED + 2 * DAY)
        assert FaultClaim.objects.get(pk=claim.pk).state == "posted"
        seen(label.tracking_number, "delivered", at=DELIVERED + 3 * DAY)
        assert FaultClaim.objects.get(pk=claim.pk).state == "received"
        assert ledger.balance(CARRIER) == Money(900)

    def test_another_s_number_cannot_be_typed(self, order) -> None:  # type: ignore[no-untyped-def]
        label = labelled(faulty(order))
        other = a_return(an_order(delivered_at=DELIVERED), at=DELIVERED)
        with pytest.raises(TrackingNumberTaken):
            returns.post(
                return_id=other.pk,
                tracking_number=label.tracking_number,
                actor=Actor.buyer(other.subject_id),
                at=DELIVERED,
            )
        assert fresh(other).state == "accepted"


class TestTheFirstScan:
    def test_posts_the_return_and_charges_the_shop_once(self, order) -> None:  # type: ignore[no-untyped-def]
        """Nothing is in the shop's balance yet: the fund pays in its stead and the shop owes it."""
        made = faulty(order)
        label = labelled(made)
        for kind, hours in (("collected", 1), ("in_transit", 5)):
            seen(label.tracking_number, kind, at=DELIVERED + hours * HOUR)
        label.refresh_from_db()
        assert (fresh(made).state, label.charged_minor) == ("posted", 900)
        assert label.used_at == DELIVERED + HOUR
        assert ledger.balance(CARRIER) == Money(900)
        charge = ledger.LedgerEntry.objects.get(reference=label.pk)
        given = {each.account: each.amount_minor for each in charge.postings.all()}
        assert given.pop(CARRIER) == 900 and sum(given.values()) == -900

    def test_counts_after_the_days_to_post_as_long_as_nobody_closed_it(self, order) -> None:  # type: ignore[no-untyped-def]
        made = faulty(order)
        label = labelled(made)
        assert made.post_by is not None
        seen(label.tracking_number, "collected", at=made.post_by + HOUR)
        assert fresh(made).state == "posted"

    def test_a_return_that_closed_is_taken_up_when_its_parcel_arrives(self, order, platform_at) -> None:  # type: ignore[no-untyped-def]
        made = faulty(order)
        label = labelled(made)
        assert made.post_by is not None
        swept(platform_at(made.post_by + HOUR))
        assert fresh(made).state == "closed"
        seen(label.tracking_number, "collected", at=made.post_by + 2 * HOUR)
        assert fresh(made).state == "closed"
        seen(label.tracking_number, "delivered", at=made.post_by + DAY)
        assert fresh(made).state == "received"

    @pytest.mark.parametrize("kind", ["lost", "damaged"])
    def test_what_is_lost_on_the_way_is_never_the_buyers_loss(self, order, kind: str) -> None:  # type: ignore[no-untyped-def]
        made = faulty(order)
        label = labelled(made)
        seen(label.tracking_number, "collected", at=DELIVERED + HOUR)
        seen(label.tracking_number, kind, at=DELIVERED + DAY)
        assert fresh(made).state == "refunded"
        order.refresh_from_db()
        assert order.refunded_minor == made.amount_minor > 0

    def test_the_carriers_silence_is_never_the_buyers_loss(self, order, platform_at) -> None:  # type: ignore[no-untyped-def]
        made = faulty(order)
        label = labelled(made)
        seen(label.tracking_number, "collected", at=DELIVERED + HOUR)
        swept(platform_at(DELIVERED + 30 * DAY))
        assert fresh(made).state == "refunded"

    def test_a_number_that_was_typed_by_hand_is_charged_too(self, order) -> None:  # type: ignore[no-untyped-def]
        """The buyer says that they handed it over; the carrier's first scan comes later."""
        made = faulty(order)
        label, buyer = labelled(made), Actor.buyer(made.subject_id)
        returns.post(return_id=made.pk, tracking_number=label.tracking_number, actor=buyer, at=DELIVERED)
        drain(at=DELIVERED)
        label.refresh_from_db()
        assert (label.used_at, label.ended_at, ledger.balance(CARRIER)) == (None, None, Money(0))
        seen(label.tracking_number, "in_transit", at=DELIVERED + HOUR)
        assert ledger.balance(CARRIER) == Money(900)
        assert Shipment.objects.filter(returning=made).count() == 1


class TestAnUnusedLabel:
    def test_costs_nothing_where_another_carrier_took_it(self, order) -> None:  # type: ignore[no-untyped-def]
        made = faulty(order)
        label, buyer = labelled(made), Actor.buyer(made.subject_id)
        fetched(made)
        returns.post(return_id=made.pk, tracking_number=a_tracking_number(), actor=buyer, at=DELIVERED)
        drain(at=DELIVERED)
        label.refresh_from_db()
        assert (label.cause, label.charged_minor) == ("other_way", 0)
        assert Collection.objects.get().cause == "over"
        assert ledger.balance(CARRIER) == Money(0)

    def test_costs_nothing_where_the_return_was_withdrawn(self, order) -> None:  # type: ignore[no-untyped-def]
        made = faulty(order)
        label = labelled(made)
        returns.close(return_id=made.pk, cause="withdrawn", actor=Actor.buyer(made.subject_id), at=DELIVERED)
        drain(at=DELIVERED)
        label.refresh_from_db()
        assert (label.cause, ledger.balance(CARRIER)) == ("over", Money(0))


def test_unknown_numbers_are_not_ours() -> None:
    with pytest.raises(parcels.NotFound):
        seen("RL000000000000001", "collected", at=DELIVERED)
