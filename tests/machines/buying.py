"""Rules of the orders' machine: every way to buy: sets, offers, coupons, gifts, campaigns, cards, guests.

The goods, offers and the campaign are laid out once (`lay_out`); what is sold of them is the machine's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from catalog.models import ShopSet
from kernel.actor import Actor
from kernel.money import Money
from merchants.models import Merchant
from orders import cart, cart_sets, checkout
from orders.campaigns import claiming as campaign_claiming
from orders.campaigns import making
from orders.models import Campaign, Coupon, Order, Promotion
from orders.paying_with import PayWith
from orders.promotions import claiming, offering
from orders.states import OrderState
from payments.gift_card_models import CardKind
from payments.gift_cards import buying, giving_back
from payments.gift_cards import claiming as card_claiming
from payments.models import GiftCard
from payments.paying_out import asked
from payments.sandbox import straight
from tests.builders.campaigns import a_campaign
from tests.builders.gift_cards import a_card
from tests.builders.orders import LIN_WEI, a_subject
from tests.builders.payouts import confirmed
from tests.builders.promotions import a_gift, a_promotion
from tests.builders.sets import a_set
from tests.builders.shops import a_listing
from tests.machines.test_orders_machine import STARTED, OrdersMachine

PIECES = 8
LASTS = timedelta(days=30)


@dataclass
class Bazaar:
    """Two shops' goods: 33.33 and 0.07 and a cup that comes as a gift of one, 100.01 of the other."""

    shops: list[Merchant] = field(default_factory=list)
    listings: list[Any] = field(default_factory=list)
    sets: list[ShopSet] = field(default_factory=list)
    coupons: list[Promotion] = field(default_factory=list)
    campaign: Campaign | None = None


def lay_out() -> Bazaar:
    first = a_listing(category="electronics", price="33.33", freight="10.00", stock=PIECES)
    shop = first.merchant
    second = a_listing(merchant=shop, price="0.07", stock=PIECES)
    third = a_listing(category="electronics", price="100.01", freight="0.01", stock=PIECES)
    cup = a_listing(merchant=shop, title="青瓷品茗杯", price="9.99", stock=PIECES)
    for each in (shop, third.merchant):
        confirmed(each)
    ends = {"ends_at": STARTED + LASTS}
    a_promotion(shop, at=STARTED, from_minor=6_000, off_minor=444, **ends)
    a_gift(shop, cup, at=STARTED, from_minor=3_000, **ends)
    tenth = {"off_minor": None, "off_permille": 100, "most_minor": 777, "each": 3, "pieces": 4}
    coupon = a_promotion(shop, "coupon", at=STARTED, from_minor=3_000, **tenth, **ends)
    campaign = a_campaign(budget="25.00", at=STARTED, from_minor=5_000, off_minor=1_000, **ends)
    return Bazaar(
        shops=[shop, third.merchant],
        listings=[first, second, third, cup],
        sets=[a_set(first, second, price="30.01", quantities=(1, 2))],
        coupons=[coupon],
        campaign=campaign,
    )


class Buying(OrdersMachine):
    bazaar = Bazaar()

    @initialize()
    def begin(self) -> None:
        """With something on a card from the beginning."""
        super().begin()
        self.cards = [a_card(5_000, holder=self.buyer, at=self.now)]

    @rule(
        picks=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3)), max_size=3),
        sets=st.integers(0, 2),
        cards=st.sampled_from([0, 0, 1, 777, 3_000, 100_000]),
        coupon=st.booleans(),
        gifts=st.booleans(),
        pay=st.booleans(),
    )
    def buy_with(
        self, picks: list[tuple[int, int]], sets: int, cards: int, coupon: bool, gifts: bool, pay: bool
    ) -> None:
        for number, quantity in picks:
            listing = self.listings[number]
            self.do(cart.put, subject_id=self.buyer, listing_id=listing.pk, quantity=quantity)
        if sets:
            one = self.bazaar.sets[0]
            named = {"set_id": one.pk, "revision_id": one.live_revision_id}
            self.do(cart_sets.put, subject_id=self.buyer, quantity=sets, **named)
        without = () if gifts else Promotion.objects.filter(kind="gift").values_list("pk", flat=True)
        self.do(
            checkout.place_orders,
            subject_id=self.buyer,
            recipient=LIN_WEI,
            confirmations={},
            coupons=None if coupon else {self.bazaar.shops[0].pk: None},
            without_gifts=list(without),
            pay_with=PayWith(cards_minor=cards),
        )
        if pay:
            self.pay_with("pay")

    @rule(
        changed=st.lists(st.tuples(st.integers(0, 3), st.sampled_from([-1, 0, 1, 9, 10**6])), max_size=2),
        guest=st.booleans(),
    )
    def fill_the_cart(self, changed: list[tuple[int, int]], guest: bool) -> None:
        """As a guest it becomes the buyer's when they sign in."""
        who = a_subject(at=self.now) if guest else self.buyer
        for number, quantity in changed:
            listing = self.listings[number]
            self.do(cart.put, subject_id=who, listing_id=listing.pk, quantity=1, actor=Actor.buyer(who))
            self.do(cart.change, subject_id=who, variant_id=listing.pk, quantity=quantity)
        if guest:
            cart.merge(from_subject_id=who, into_subject_id=self.buyer, at=self.now)

    @rule(campaign=st.booleans())
    def claim_a_coupon(self, campaign: bool) -> None:
        if campaign and self.bazaar.campaign:
            ids = {"campaign_id": self.bazaar.campaign.pk, "subject_id": self.buyer}
            self.do(campaign_claiming.claim, **ids)
        else:
            self.do(claiming.claim, promotion_id=self.bazaar.coupons[0].pk, subject_id=self.buyer)

    @rule(data=st.data())
    def withdraw_an_offer(self, data: st.DataObject) -> None:
        offers = Promotion.objects.order_by("id")
        one = data.draw(st.sampled_from(list(offers)))
        self.do(offering.withdraw, promotion_id=one.pk, merchant_id=one.merchant_id)

    @rule()
    def the_campaign_ends(self) -> None:
        if self.bazaar.campaign:
            self.do(making.end, campaign_id=self.bazaar.campaign.pk)

    @rule(fen=st.sampled_from([100, 5_000]), choice=st.sampled_from(["pay", "late", "twice", "refunds_fail"]))
    def buy_a_card(self, fen: int, choice: str) -> None:
        card = buying.buy(kind=CardKind.BEARER, value=Money(fen), actor=self.actor, at=self.now)
        straight.pay(card.payment.number, at=self.now, choice=choice, wire=self.wire)
        self.hand_on()

    @rule(number=st.integers(0, 1))
    def a_shop_asks_for_its_money(self, number: int) -> None:
        self.do(asked.pay_now, merchant_id=self.bazaar.shops[number].pk, currency="CNY")

    @rule(data=st.data(), step=st.sampled_from(["keep", "by_code", "give_back", "extend"]))
    def move_a_card(self, data: st.DataObject, step: str) -> None:
        card = data.draw(st.sampled_from(list(GiftCard.objects.order_by("id"))))
        if step == "by_code":
            self.do(self._by_code, card=card)
        else:
            run = {
                "keep": card_claiming.keep,
                "give_back": giving_back.give_back,
                "extend": giving_back.extend,
            }[step]
            self.do(run, card_id=card.pk)

    def _by_code(self, *, card: GiftCard, actor: Actor, at: Any) -> None:
        """The code read out on the telephone: in small letters, with blanks."""
        code = card_claiming.make_code(card_id=card.pk, actor=actor, at=at)
        card_claiming.claim(text=f" {code.lower()} ", actor=actor, at=at)

    @precondition(lambda self: hasattr(self, "now"))
    @invariant()
    def no_coupon_lowers_two_purchases(self) -> None:
        """A used coupon belongs to a purchase of which something stands or is still waited for."""
        gone = [OrderState.CANCELLED, OrderState.EXPIRED, OrderState.REFUNDED]
        for coupon in Coupon.objects.filter(used_at__isnull=False):
            orders = Order.objects.filter(purchase_id=coupon.purchase_id)
            lowered = orders.filter(lines__discounts__reference=coupon.pk)
            assert lowered.exclude(state__in=gone).exists(), coupon.pk
