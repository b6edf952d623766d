"""Campaigns and coupons under several processes at once: never more than was put aside, one coupon each."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from accounts import guests
from kernel.actor import Actor
from kernel.errors import DomainError
from kernel.ids import new_id
from orders import cart, checkout, invariants
from orders.campaigns import claiming, making
from orders.models import Campaign, CampaignClaim, Coupon, Order
from orders.promotions import claiming as coupons
from tests.builders.campaigns import a_campaign, a_goods_campaign, accepted
from tests.builders.orders import LIN_WEI, ORDERED, a_subject, drain
from tests.builders.people import a_buyer, a_guest
from tests.builders.promotions import a_promotion
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db(transaction=True)
BEGUN = ORDERED + timedelta(days=2)
Case = tuple[Callable[..., Any], tuple[Any, ...]]


def _run(case: Case) -> str:
    """In a process of its own: "" for done, or the refusal's code."""
    step, given = case
    try:
        step(*given)
    except DomainError as refused:
        return refused.code
    return ""


def _children(cases: list[Case]) -> list[str]:
    """Every case in one of four processes, each with its own connection."""
    connection.close()
    with multiprocessing.get_context("fork").Pool(4) as pool:
        return pool.map(_run, cases, chunksize=1)


def _order(subject: UUID) -> None:
    checkout.place_orders(
        subject_id=subject, recipient=LIN_WEI, confirmations={}, actor=Actor.buyer(subject), at=BEGUN
    )


def _stop(campaign_id: UUID) -> None:
    making.stop(campaign_id=campaign_id, why="标价有误", actor=Actor.staff(new_id()), at=BEGUN)


def _buyers(listing: Any, number: int) -> list[UUID]:
    found = [a_subject() for _each in range(number)]
    for buyer in found:
        cart.put(subject_id=buyer, listing_id=listing.pk, quantity=1, actor=Actor.buyer(buyer), at=BEGUN)
    return found


def _lowered() -> int:
    return Order.objects.filter(discount_minor__gt=0).count()


def test_the_last_money_of_a_coupon_goes_to_as_many_as_it_pays() -> None:
    """30.00 each and 90.00 put aside: three of twelve; nobody else is charged less or more than was told."""
    campaign = a_campaign(budget="90.00", at=BEGUN)
    buyers = _buyers(a_listing(price="250.00", stock=40), 12)
    for buyer in buyers:
        claiming.claim(campaign_id=campaign.pk, subject_id=buyer, actor=Actor.buyer(buyer), at=BEGUN)
    told = _children([(_order, (buyer,)) for buyer in buyers])
    assert set(told) <= {"", "campaign_spent"}
    # Who was refused was charged nothing, and is shown the full price now.
    again = [buyer for buyer, answer in zip(buyers, told, strict=True) if answer]
    assert set(_children([(_order, (buyer,)) for buyer in again]) if again else [""]) == {""}
    campaign.refresh_from_db()
    assert (_lowered(), Order.objects.count(), campaign.promised_minor) == (3, 12, 9000)
    assert not invariants.all_offences()


def test_the_last_money_for_goods_too() -> None:
    """5.00 of 100.00 a piece is Anxin's; 15.00 pay three of ten."""
    campaign, listing = a_goods_campaign(budget="15.00"), a_listing(price="100.00", stock=40)
    accepted(campaign, listing)
    buyers = _buyers(listing, 10)
    told = _children([(_order, (buyer,)) for buyer in buyers])
    assert set(told) <= {"", "campaign_spent"}
    campaign.refresh_from_db()
    assert (_lowered(), campaign.promised_minor) == (3, 1500)
    assert not invariants.all_offences()


def test_stopped_while_checkouts_are_open() -> None:
    """Every order has the campaign's price with its money behind it, or the full one; after it none has."""
    campaign, listing = a_goods_campaign(), a_listing(price="100.00", stock=40)
    accepted(campaign, listing)
    cases: list[Case] = [(_order, (buyer,)) for buyer in _buyers(listing, 8)]
    told = _children([*cases[:4], (_stop, (campaign.pk,)), *cases[4:]])
    assert set(told) <= {"", "campaign_spent"}
    campaign = Campaign.objects.get(pk=campaign.pk)
    assert campaign.promised_minor == 500 * _lowered() and campaign.stopped_why
    before = _lowered()
    _order(_buyers(listing, 1)[0])
    assert _lowered() == before and not invariants.all_offences()


def _claim(campaign_id: UUID, subject: UUID) -> None:
    claiming.claim(campaign_id=campaign_id, subject_id=subject, actor=Actor.buyer(subject), at=ORDERED)


def _take(promotion_id: UUID, subject: UUID) -> None:
    coupons.claim(promotion_id=promotion_id, subject_id=subject, actor=Actor.buyer(subject), at=ORDERED)


def _link(owner: UUID, guest: UUID) -> None:
    guests.claim_guest(subject_id=owner, guest_subject_id=guest, at=ORDERED)


def test_a_guest_who_claims_while_signing_in_has_one() -> None:
    campaign, promotion = a_campaign(), a_promotion(a_merchant(), kind="coupon")
    people = [(a_buyer().subject_id, a_guest().subject_id) for _each in range(4)]
    cases: list[Case] = []
    for owner, guest in people:
        cases += [
            (_claim, (campaign.pk, guest)),
            (_link, (owner, guest)),
            (_claim, (campaign.pk, owner)),
            (_take, (promotion.pk, guest)),
            (_take, (promotion.pk, owner)),
        ]
    assert set(_children(cases)) <= {"", "campaign_claimed", "coupon_claimed"}
    drain(at=ORDERED)
    for owner, _guest in people:
        assert CampaignClaim.objects.counting(owner).count() == 1
        assert Coupon.objects.counting(owner).count() == 1
        assert CampaignClaim.objects.of_person(owner).usable(ORDERED).count() == 1
        assert Coupon.objects.of_person(owner).usable(ORDERED).count() == 1
