"""Coupons that the platform pays for: over two shops, to the fen, never more than was put aside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts import joint_acts
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from merchants.models import Merchant
from orders import cancellation, cart, checkout, invariants, returns, settlement
from orders.campaigns import claiming, making
from orders.campaigns.making import SetAside
from orders.models import Campaign, CampaignClaim, Funding, LineDiscount, Order
from payments import accounts, ledger
from tests.builders.campaigns import a_campaign, fees
from tests.builders.orders import (
    LIN_WEI,
    ORDERED,
    a_subject,
    a_tracking_number,
    deliver,
    drain,
    pay,
    scan,
    ship,
)
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
SOON = ORDERED + timedelta(minutes=5)


def balance(account: str) -> int:
    return ledger.balance(account).minor


def claim(campaign: Campaign, subject: Any) -> CampaignClaim:
    return claiming.claim(campaign_id=campaign.pk, subject_id=subject, actor=Actor.buyer(subject), at=ORDERED)


def ordered(subject: Any, *listings: Any) -> checkout.Checkout:
    actor = Actor.buyer(subject)
    for listing in listings:
        cart.put(subject_id=subject, listing_id=listing.pk, quantity=1, actor=actor, at=ORDERED)
    return checkout.place_orders(
        subject_id=subject, recipient=LIN_WEI, confirmations={}, actor=actor, at=ORDERED
    )


def bought(campaign: Campaign) -> list[Order]:
    """160.00 of one shop and 140.00 of another: 30.00 off are 16.00 and 14.00."""
    subject = a_subject()
    claim(campaign, subject)
    done = ordered(subject, a_listing(price="160.00"), a_listing(price="140.00"))
    pay(done, at=SOON)
    return sorted(done.orders, key=lambda order: -order.goods_minor)


def sound() -> bool:
    found = invariants.all_offences()
    assert found == []
    return True


class TestTwoShops:
    def test_each_gets_its_part_and_the_campaign_pays_it_in(self) -> None:
        campaign = a_campaign()
        dear, cheap = bought(campaign)
        assert [(each.discount_minor, each.total_minor) for each in (dear, cheap)] == [
            (1600, 14400),
            (1400, 12600),
        ]
        assert {row.funder for row in LineDiscount.objects.all()} == {"platform"}
        campaign.refresh_from_db()
        assert campaign.promised_minor == 3000 and balance(accounts.campaign(campaign.pk)) == 97000
        assert balance(accounts.escrow(dear.fundings.get().pk)) == 1600
        assert sound()

    def test_one_order_goes_back_and_its_part_with_it(self) -> None:
        campaign = a_campaign()
        dear, cheap = bought(campaign)
        at = ORDERED + timedelta(hours=1)
        cancellation.cancel(order_id=cheap.pk, actor=Actor.buyer(cheap.subject_id), at=at)
        drain(at=at)
        campaign.refresh_from_db()
        cheap.refresh_from_db()
        # The buyer has back what they paid, 126.00; the campaign its 14.00. The coupon stays used.
        assert (cheap.refunded_minor, campaign.promised_minor) == (12600, 1600)
        assert balance(accounts.campaign(campaign.pk)) == 98400
        assert CampaignClaim.objects.get().used_at is not None and sound()
        cancellation.cancel(order_id=dear.pk, actor=Actor.buyer(dear.subject_id), at=at)
        drain(at=at)
        assert balance(accounts.campaign(campaign.pk)) == 100000
        assert CampaignClaim.objects.get().used_at is None and sound()

    def test_the_shop_has_its_full_price_less_the_fee(self) -> None:
        campaign = a_campaign()
        dear, _cheap = bought(campaign)
        ship(dear, at=ORDERED + timedelta(hours=6))
        deliver(dear, at=DELIVERED)
        dear.refresh_from_db()
        assert dear.settles_at is not None
        settlement.settle(order_id=dear.pk, actor=Actor.system(), at=dear.settles_at)
        drain(at=dear.settles_at)
        fee = settlement.fee_on(Money(14400), dear).minor + settlement.fee_on(Money(1600), dear).minor
        shop = dear.merchant_id
        assert balance(accounts.available(shop)) + balance(accounts.reserve(shop)) == 16000 - fee
        assert Funding.objects.get(order=dear).settled_minor == 1600 and sound()


class TestPartReturn:
    def test_indivisible_thirds_go_back_pro_rata(self) -> None:
        """Three for 66.67, 200.01: 30.00 off, 170.01 paid. One back gives 56.67, and the campaign 10.00."""
        campaign, subject = a_campaign(), a_subject()
        claim(campaign, subject)
        listing = a_listing(price="66.67")
        for _each in range(2):
            cart.put(
                subject_id=subject, listing_id=listing.pk, quantity=1, actor=Actor.buyer(subject), at=ORDERED
            )
        done = ordered(subject, listing)
        pay(done, at=SOON)
        order = done.orders[0]
        ship(order, at=ORDERED + timedelta(hours=6))
        deliver(order, at=DELIVERED)
        given = []
        for day in (1, 3, 5):
            at = DELIVERED + timedelta(days=day)
            buyer, line = Actor.buyer(subject), order.lines.get()
            made = returns.ask(order_id=order.pk, lines=[(line.pk, 1)], actor=buyer, at=at)
            returns.post(return_id=made.pk, tracking_number=a_tracking_number(), actor=buyer, at=at)
            scan(made.shipments.get(), "delivered", at=at + timedelta(hours=1))
            returns.refund(return_id=made.pk, actor=Actor.system(), at=at + timedelta(hours=2))
            drain(at=at + timedelta(hours=2))
            made.refresh_from_db()
            given.append((made.amount_minor, Funding.objects.get().back_minor))
            assert sound()
        assert given == [(5667, 1000), (5667, 2000), (5667, 3000)]
        assert balance(accounts.campaign(campaign.pk)) == 100000


class TestWhoMayEnter:
    def test_only_goods_of_shops_with_the_grade_count(self) -> None:
        campaign, subject = a_campaign(least_grade="B"), a_subject()
        good, other = a_merchant(), a_merchant()
        Merchant.objects.filter(pk=good.pk).update(grade="B")
        claim(campaign, subject)
        done = ordered(
            subject, a_listing(merchant=good, price="250.00"), a_listing(merchant=other, price="90.00")
        )
        assert {order.merchant_id: order.discount_minor for order in done.orders} == {
            good.pk: 3000,
            other.pk: 0,
        }

    def test_new_shops_are_not_good_enough(self) -> None:
        campaign, subject = a_campaign(least_grade="E"), a_subject()
        claim(campaign, subject)
        assert ordered(subject, a_listing(price="250.00")).orders[0].discount_minor == 0


class TestNeverMore:
    def test_who_comes_last_pays_the_full_price(self) -> None:
        campaign = a_campaign(budget="30.00")
        first, second = a_subject(), a_subject()
        claim(campaign, first), claim(campaign, second)
        assert ordered(first, a_listing(price="250.00")).orders[0].discount_minor == 3000
        assert ordered(second, a_listing(price="250.00")).orders[0].discount_minor == 0
        with pytest.raises(claiming.CampaignSpent):
            claim(campaign, a_subject())
        with pytest.raises(claiming.CampaignSpent):
            claiming.promise(campaign_id=campaign.pk, amount_minor=1)

    def test_one_coupon_each_and_only_while_it_is_on(self) -> None:
        campaign, subject = a_campaign(), a_subject()
        claim(campaign, subject)
        with pytest.raises(claiming.CampaignClaimed):
            claim(campaign, subject)
        for idle in (a_campaign(funded=False), a_campaign(starts_at=SOON)):
            with pytest.raises(claiming.CampaignNotOn):
                claim(idle, subject)
        assert CampaignClaim.objects.count() == 1

    def test_what_was_never_paid_is_promised_again(self) -> None:
        campaign, subject = a_campaign(budget="30.00"), a_subject()
        claim(campaign, subject)
        done = ordered(subject, a_listing(price="250.00"))
        at = done.payment.expires_at
        cancellation.expire(purchase_id=done.orders[0].purchase_id, at=at)
        drain(at=at)
        campaign.refresh_from_db()
        assert campaign.promised_minor == 0 and CampaignClaim.objects.get().used_at is None and sound()


class TestLateMoney:
    def ended(self, campaign: Campaign) -> tuple[checkout.Checkout, datetime]:
        """Ordered with the coupon, and not paid in time."""
        subject = a_subject()
        claim(campaign, subject)
        done = ordered(subject, a_listing(price="250.00"))
        at = ORDERED + timedelta(hours=1)
        cancellation.expire(purchase_id=done.orders[0].purchase_id, at=at)
        drain(at=at)
        return done, at

    def test_takes_its_part_again(self) -> None:
        campaign = a_campaign()
        done, at = self.ended(campaign)
        pay(done, at=at, choice="late")
        campaign.refresh_from_db()
        assert Order.objects.get().state == "paid" and campaign.promised_minor == 3000
        assert Funding.objects.get().held_at is not None and sound()

    def test_goes_back_whole_where_another_order_has_it(self) -> None:
        campaign = a_campaign(budget="30.00")
        done, at = self.ended(campaign)
        second = a_subject()
        claim(campaign, second)
        other = ordered(second, a_listing(price="250.00")).orders[0]
        assert other.discount_minor == 3000
        pay(done, at=at, choice="late")
        first = Order.objects.get(pk=done.orders[0].pk)
        campaign.refresh_from_db()
        assert first.state == "expired" and first.refunded_minor == 22000
        assert campaign.promised_minor == 3000 and sound()


class TestMoney:
    def test_two_people_put_it_aside_once(self) -> None:
        campaign = a_campaign(funded=False)
        fees("100.00")
        step = SetAside(campaign_id=campaign.pk, amount_minor=10000, currency="CNY")
        first, second = (Actor.staff(new_id()) for _each in range(2))
        act = joint_acts.propose(step=step, actor=first, at=ORDERED)
        with pytest.raises(joint_acts.SamePerson):
            joint_acts.confirm(act_id=act.pk, actor=first, at=ORDERED)
        assert balance(accounts.campaign(campaign.pk)) == 0
        joint_acts.confirm(act_id=act.pk, actor=second, at=ORDERED)
        assert balance(accounts.campaign(campaign.pk)) == 10000 and balance(accounts.FEES) == 0
        again = joint_acts.propose(step=step, actor=first, at=ORDERED)
        with pytest.raises(making.CampaignNotWaiting):
            joint_acts.confirm(act_id=again.pk, actor=second, at=ORDERED)

    def test_not_more_than_the_fees_hold(self) -> None:
        campaign = a_campaign(funded=False)
        step = SetAside(campaign_id=campaign.pk, amount_minor=10000, currency="CNY")
        act = joint_acts.propose(step=step, actor=Actor.staff(new_id()), at=ORDERED)
        with pytest.raises(ledger.NotEnoughMoney):
            joint_acts.confirm(act_id=act.pk, actor=Actor.staff(new_id()), at=ORDERED)

    def test_the_rest_goes_back_to_the_fees_and_what_comes_later_too(self) -> None:
        campaign = a_campaign()
        dear, _cheap = bought(campaign)
        with pytest.raises(making.CampaignRuns):
            making.end(campaign_id=campaign.pk, actor=Actor.system(), at=ORDERED)
        assert making.end_all(at=campaign.ends_at) == 1
        assert (balance(accounts.campaign(campaign.pk)), balance(accounts.FEES)) == (0, 97000)
        cancellation.cancel(order_id=dear.pk, actor=Actor.buyer(dear.subject_id), at=campaign.ends_at)
        drain(at=campaign.ends_at)
        assert balance(accounts.FEES) == 98600 and sound()
        assert making.end_all(at=campaign.ends_at) == 0
