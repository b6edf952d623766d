"""A guest who turns out to be an account's person has one coupon, whoever claimed first."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from accounts import guests
from kernel.actor import Actor
from orders import cancellation, cart, checkout
from orders.campaigns import claiming
from orders.models import CampaignClaim, Coupon, Order
from orders.promotions import claiming as coupons
from tests.builders.campaigns import a_campaign
from tests.builders.orders import LIN_WEI, ORDERED, drain
from tests.builders.people import a_buyer, a_guest
from tests.builders.promotions import a_promotion
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(hours=1)


@pytest.fixture
def owner() -> UUID:
    found = a_buyer().subject_id
    assert found is not None
    return found


@pytest.fixture
def guest() -> UUID:
    found = a_guest().subject_id
    assert found is not None
    return found


def linked(owner: UUID, guest: UUID) -> None:
    assert guests.claim_guest(subject_id=owner, guest_subject_id=guest, at=ORDERED)
    drain(at=ORDERED)


def claim(campaign_id: UUID, subject: UUID) -> CampaignClaim:
    return claiming.claim(campaign_id=campaign_id, subject_id=subject, actor=Actor.buyer(subject), at=ORDERED)


def take(promotion_id: UUID, subject: UUID) -> Coupon:
    return coupons.claim(
        promotion_id=promotion_id, subject_id=subject, actor=Actor.buyer(subject), at=ORDERED
    )


def order(subject: UUID) -> Order:
    listing, actor = a_listing(price="250.00"), Actor.buyer(subject)
    cart.put(subject_id=subject, listing_id=listing.pk, quantity=1, actor=actor, at=ORDERED)
    done = checkout.place_orders(
        subject_id=subject, recipient=LIN_WEI, confirmations={}, actor=actor, at=ORDERED
    )
    return done.orders[0]


def test_the_guest_s_counts_for_the_account(owner: UUID, guest: UUID) -> None:
    campaign, promotion = a_campaign(), a_promotion(a_merchant(), kind="coupon")
    claim(campaign.pk, guest), take(promotion.pk, guest)
    linked(owner, guest)
    with pytest.raises(claiming.CampaignClaimed):
        claim(campaign.pk, owner)
    with pytest.raises(coupons.CouponClaimed):
        take(promotion.pk, owner)
    assert order(owner).discount_minor == 3000


def test_of_two_the_unused_one_is_void(owner: UUID, guest: UUID) -> None:
    campaign, promotion = a_campaign(), a_promotion(a_merchant(), kind="coupon")
    for subject in (guest, owner):
        claim(campaign.pk, subject), take(promotion.pk, subject)
    linked(owner, guest)
    assert CampaignClaim.objects.of_person(owner).usable(ORDERED).count() == 1
    assert Coupon.objects.of_person(owner).usable(ORDERED).count() == 1
    assert order(owner).discount_minor == 3000
    # Nothing is left for a second order.
    assert order(owner).discount_minor == 0


def test_what_the_guest_used_counts_and_a_return_gives_no_second_one(owner: UUID, guest: UUID) -> None:
    campaign = a_campaign()
    claim(campaign.pk, guest), claim(campaign.pk, owner)
    first, second = order(guest), order(owner)
    assert (first.discount_minor, second.discount_minor) == (3000, 3000)
    linked(owner, guest)
    # Both were used before anybody knew: both orders stand. One comes to nothing, and its coupon with it.
    cancellation.expire(purchase_id=second.purchase_id, at=LATER)
    cancellation.expire(purchase_id=first.purchase_id, at=LATER)
    drain(at=LATER)
    assert CampaignClaim.objects.of_person(owner).usable(LATER).count() == 1


def test_each_may_have_so_many_over_both(owner: UUID, guest: UUID) -> None:
    promotion = a_promotion(a_merchant(), kind="coupon", each=2)
    take(promotion.pk, guest), take(promotion.pk, owner)
    linked(owner, guest)
    numbers = Coupon.objects.counting(owner).order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2]
    with pytest.raises(coupons.CouponClaimed):
        take(promotion.pk, owner)


def test_by_sql_nobody_has_a_second_one(owner: UUID, guest: UUID) -> None:
    campaign = a_campaign()
    linked(owner, guest)
    claim(campaign.pk, owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        CampaignClaim.objects.create(campaign=campaign, subject_id=guest, claimed_at=ORDERED)
    with pytest.raises(IntegrityError), transaction.atomic():
        CampaignClaim.objects.filter(campaign=campaign).update(used_at=LATER, voided_at=LATER)
