"""Goods that shops enter to campaigns: conditions with numbers, answers, prices, and who pays to the fen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from catalog.models import CampaignPrice, Category, Listing
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from merchants import appeals
from merchants.models import Appeal, Merchant
from orders import cancellation, cart, checkout, entry_deadlines, invariants, returns, settlement
from orders.campaigns import answering, entering, making
from orders.campaigns.conditions import Condition
from orders.models import Campaign, CampaignEntry, EntryGoods, Funding, LineDiscount, Order
from payments import accounts, ledger
from tests.builders.campaigns import a_goods_campaign, accepted, entered
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
from tests.builders.prices import a_deal
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
BEGUN = ORDERED + timedelta(days=2)
DELIVERED = datetime(2026, 11, 12, 4, 0, tzinfo=UTC)


def balance(account: str) -> int:
    return ledger.balance(account).minor


def ordered(subject: Any, *wanted: tuple[Listing, int], at: datetime = BEGUN) -> checkout.Checkout:
    actor = Actor.buyer(subject)
    for listing, quantity in wanted:
        cart.put(subject_id=subject, listing_id=listing.pk, quantity=quantity, actor=actor, at=at)
    return checkout.place_orders(subject_id=subject, recipient=LIN_WEI, confirmations={}, actor=actor, at=at)


def bought(subject: Any, *wanted: tuple[Listing, int]) -> Order:
    done = ordered(subject, *wanted)
    pay(done, at=BEGUN + timedelta(minutes=5))
    return done.orders[0]


def sound() -> bool:
    found = invariants.all_offences()
    assert found == []
    return True


def failing(campaign: Campaign, listing: Listing, off_permille: int = 100) -> dict[Condition, dict[str, str]]:
    found = entering.check(
        campaign=campaign,
        shop=listing.merchant,
        offer=entering.Offer((listing.pk,), off_permille),
        at=ORDERED,
    )
    return {each.condition: dict(each.params) for each in found}


class TestConditions:
    def test_all_that_fails_is_told_with_both_numbers(self) -> None:
        listing = a_listing(price="100.00")
        other = Category.objects.exclude(pk=listing.category_id).earliest("pk").pk
        campaign = a_goods_campaign(least_grade="B", categories=(other,), least_permille=150)
        found = failing(campaign, listing, off_permille=125)
        assert found[Condition.GRADE] == {"asked": "B", "has": "N"}
        assert found[Condition.REDUCTION] == {"asked": "15", "has": "12.5"}
        assert found[Condition.CATEGORY]["asked"] == other
        with pytest.raises(entering.ConditionsUnmet):
            entered(campaign, listing, off_permille=125)
        assert not CampaignEntry.objects.exists()

    def test_a_price_that_was_raised_before_counts_from_the_real_deal(self) -> None:
        listing = a_listing(price="120.00")
        a_deal(listing, "100.00", at=ORDERED - timedelta(days=1))
        # 10 % off 120.00 is 108.00: dearer than it was really sold for, 0 % below that.
        told = failing(a_goods_campaign(), listing)[Condition.RAISED]
        assert told["has"] == "0" and told["asked"] == "10"
        # 25 % off is 90.00: 10 % below the real deal.
        assert failing(a_goods_campaign(), listing, off_permille=250) == {}

    def test_time_and_once(self) -> None:
        campaign, listing = a_goods_campaign(), a_listing()
        entered(campaign, listing)
        with pytest.raises(entering.EnteredAlready):
            entered(campaign, listing)
        with pytest.raises(entering.EntriesClosed):
            entered(campaign, a_listing(), at=campaign.apply_until)
        with pytest.raises(IntegrityError), transaction.atomic():
            CampaignEntry.objects.create(
                campaign=campaign, merchant=listing.merchant, off_permille=100, applied_at=ORDERED,
                applied_by="x", answer_by=ORDERED,
            )  # fmt: skip

    def test_by_sql_nobody_enters_below_the_terms_or_others_goods(self) -> None:
        campaign, listing = a_goods_campaign(), a_listing()
        row = {"campaign": campaign, "applied_at": ORDERED, "applied_by": "x", "answer_by": ORDERED}
        with pytest.raises(IntegrityError), transaction.atomic():
            CampaignEntry.objects.create(merchant=listing.merchant, off_permille=99, **row)
        entry = entered(campaign, listing)
        with pytest.raises(IntegrityError), transaction.atomic():
            EntryGoods.objects.create(entry=entry, listing=a_listing())


class TestAnswers:
    def test_silence_accepts_what_still_meets_them(self) -> None:
        campaign, listing = a_goods_campaign(), a_listing()
        entry = entered(campaign, listing)
        due = entry.answer_by
        answering.on_answer_due(reference=entry.pk, due_at=due, at=due)
        entry.refresh_from_db()
        assert (entry.state, entry.decided_by) == ("accepted", "system")
        assert CampaignPrice.objects.get().listing == listing

    def test_silence_refuses_what_no_longer_does(self) -> None:
        campaign, shop = a_goods_campaign(least_grade="B"), a_merchant()
        Merchant.objects.filter(pk=shop.pk).update(grade="A")
        shop.refresh_from_db()
        entry = entered(campaign, a_listing(merchant=shop))
        Merchant.objects.filter(pk=shop.pk).update(grade="C")
        answering.on_answer_due(reference=entry.pk, due_at=entry.answer_by, at=entry.answer_by)
        entry.refresh_from_db()
        assert entry.state == "refused" and entry.reasons and not CampaignPrice.objects.exists()

    def test_refused_with_reasons_appealed_and_let_in_by_another(self) -> None:
        campaign, listing = a_goods_campaign(), a_listing()
        entry, decider = entered(campaign, listing), Actor.staff(new_id())
        with pytest.raises(answering.EntryReasonsMissing):
            answering.refuse(entry_id=entry.pk, reasons=" ", actor=decider, at=ORDERED)
        answering.refuse(entry_id=entry.pk, reasons="图片不清楚", actor=decider, at=ORDERED)
        filed = appeals.file(
            merchant_id=entry.merchant_id, about="campaign", reference=entry.pk, text="已换图",
            actor=Actor.member(new_id(), entry.merchant_id), at=ORDERED,
        )  # fmt: skip
        with pytest.raises(appeals.SameReviewer):
            appeals.decide(appeal_id=filed.pk, upheld=True, reasons="看过", actor=decider, at=ORDERED)
        appeals.decide(
            appeal_id=filed.pk, upheld=True, reasons="看过", actor=Actor.staff(new_id()), at=ORDERED
        )
        drain(at=ORDERED)
        entry.refresh_from_db()
        assert entry.state == "accepted" and Appeal.objects.get().state == "upheld"
        assert CampaignPrice.objects.get().listing == listing

    def test_withdrawn_before_the_start_never_after(self) -> None:
        campaign, listing = a_goods_campaign(), a_listing()
        entry = accepted(campaign, listing)
        actor = Actor.member(new_id(), entry.merchant_id)
        with pytest.raises(entering.CampaignBegan):
            entering.withdraw(
                entry_id=entry.pk, merchant_id=entry.merchant_id, actor=actor, at=campaign.starts_at
            )
        entering.withdraw(entry_id=entry.pk, merchant_id=entry.merchant_id, actor=actor, at=ORDERED)
        assert CampaignPrice.objects.get().ended_at == ORDERED
        assert ordered(a_subject(), (listing, 1)).orders[0].discount_minor == 0
        entered(campaign, listing)

    def test_the_clock_ends_with_the_answer(self) -> None:
        entry = entered(a_goods_campaign(), a_listing())
        clock = entry_deadlines.booking.find(kind=entry_deadlines.ANSWER, reference=entry.pk)
        assert clock is not None and clock.due_at == entry.answer_by
        answering.accept(entry_id=entry.pk, actor=Actor.staff(new_id()), at=ORDERED)
        assert entry_deadlines.booking.find(kind=entry_deadlines.ANSWER, reference=entry.pk) is None


class TestWhoPays:
    """12.35 a piece, 10 % off: 1.23 (the started fen stays). The shop bears 50 %: 0.61, Anxin 0.62."""

    def test_split_to_the_fen_and_settled(self) -> None:
        campaign, listing = a_goods_campaign(), a_listing(price="12.35")
        accepted(campaign, listing)
        order = bought(a_subject(), (listing, 3))
        # 3 × 12.35 = 37.05, less 3 × 1.23 = 3.69: 33.36. Anxin 3 × 0.62 = 1.86, the shop 3 × 0.61 = 1.83.
        assert (order.goods_minor, order.discount_minor) == (3705, 369)
        parts = {row.funder: row.amount_minor for row in LineDiscount.objects.all()}
        assert parts == {"platform": 186, "merchant": 183}
        campaign.refresh_from_db()
        assert campaign.promised_minor == 186 and balance(accounts.campaign(campaign.pk)) == 100000 - 186
        ship(order, at=BEGUN + timedelta(hours=6))
        deliver(order, at=DELIVERED)
        order.refresh_from_db()
        assert order.settles_at is not None
        settlement.settle(order_id=order.pk, actor=Actor.system(), at=order.settles_at)
        drain(at=order.settles_at)
        fee = settlement.fee_on(Money(order.total_minor), order).minor
        fee += settlement.fee_on(Money(186), order).minor
        shop = order.merchant_id
        # The shop has its price less its own part, less the fee: 37.05 − 1.83 − fee.
        assert balance(accounts.available(shop)) + balance(accounts.reserve(shop)) == 3705 - 183 - fee
        assert Funding.objects.get().settled_minor == 186 and sound()

    def test_only_what_it_lowered_takes_the_campaign_s_part_back(self) -> None:
        """Two for 12.35 in the campaign, one for 50.00 not: that one's return leaves the campaign alone."""
        shop = a_merchant()
        cheap, dear = (a_listing(merchant=shop, price=price) for price in ("12.35", "50.00"))
        campaign, subject = a_goods_campaign(), a_subject()
        accepted(campaign, cheap)
        order = bought(subject, (cheap, 2), (dear, 1))
        ship(order, at=BEGUN + timedelta(hours=6))
        deliver(order, at=DELIVERED)
        back = []
        for day, listing in enumerate((dear, cheap, cheap), start=1):
            at, buyer = DELIVERED + timedelta(days=day), Actor.buyer(subject)
            line = order.lines.get(listing=listing)
            made = returns.ask(order_id=order.pk, lines=[(line.pk, 1)], actor=buyer, at=at)
            returns.post(return_id=made.pk, tracking_number=a_tracking_number(), actor=buyer, at=at)
            scan(made.shipments.get(), "delivered", at=at + timedelta(hours=1))
            returns.refund(return_id=made.pk, actor=Actor.system(), at=at + timedelta(hours=2))
            drain(at=at + timedelta(hours=2))
            made.refresh_from_db()
            back.append((made.amount_minor, Funding.objects.get().back_minor))
            assert sound()
        # 50.00 and nothing; 12.35 − 1.23 = 11.12 and 0.62 each time.
        assert back == [(5000, 0), (1112, 62), (1112, 124)]
        assert balance(accounts.campaign(campaign.pk)) == 100000

    @pytest.mark.parametrize(("share", "platform", "shop"), [(0, 123, 0), (1000, 0, 123)])
    def test_one_of_them_alone(self, share: int, platform: int, shop: int) -> None:
        campaign, listing = a_goods_campaign(shop_permille=share), a_listing(price="12.35")
        accepted(campaign, listing)
        bought(a_subject(), (listing, 1))
        parts = {row.funder: row.amount_minor for row in LineDiscount.objects.all()}
        assert parts == {name: minor for name, minor in (("platform", platform), ("merchant", shop)) if minor}
        assert Funding.objects.exists() == bool(platform) and sound()


class TestMoneyGone:
    def test_the_page_s_price_ends_with_the_money_and_comes_back_with_it(self) -> None:
        """0.62 a piece and 1.00 put aside: one order has it, the next pays the full price and is told."""
        campaign, listing = a_goods_campaign(budget="1.00"), a_listing(price="12.35")
        accepted(campaign, listing)
        done = ordered(a_subject(), (listing, 1))
        assert done.orders[0].discount_minor == 123 and not CampaignPrice.objects.get().can_pay
        assert ordered(a_subject(), (listing, 1)).orders[0].discount_minor == 0
        at = done.payment.expires_at
        cancellation.expire(purchase_id=done.orders[0].purchase_id, at=at)
        drain(at=at)
        assert CampaignPrice.objects.get().can_pay and sound()

    def test_stopped_by_staff(self) -> None:
        """Who saw the lower total is asked again; who ordered keeps the price, paid or not."""
        campaign, listing = a_goods_campaign(), a_listing(price="100.00")
        accepted(campaign, listing)
        unpaid = ordered(a_subject(), (listing, 1))
        late = a_subject()
        cart.put(subject_id=late, listing_id=listing.pk, quantity=1, actor=Actor.buyer(late), at=BEGUN)
        with pytest.raises(making.StopReasonMissing):
            making.stop(campaign_id=campaign.pk, why=" ", actor=Actor.staff(new_id()), at=BEGUN)
        making.stop(campaign_id=campaign.pk, why="标价有误", actor=Actor.staff(new_id()), at=BEGUN)
        with pytest.raises(checkout.CartChanged):
            checkout.place_orders(
                subject_id=late, recipient=LIN_WEI, confirmations={}, actor=Actor.buyer(late), at=BEGUN,
                seen_total=Money(9000),
            )  # fmt: skip
        assert Order.objects.count() == 1
        pay(unpaid, at=BEGUN + timedelta(minutes=5))
        order = Order.objects.get()
        assert (order.state, order.total_minor) == ("paid", 9000)
        assert balance(accounts.escrow(Funding.objects.get().pk)) == 500 and sound()
        assert balance(accounts.campaign(campaign.pk)) == 0 and balance(accounts.FEES) == 99500
        with pytest.raises(making.CampaignOver):
            making.stop(campaign_id=campaign.pk, why="再停", actor=Actor.staff(new_id()), at=BEGUN)
