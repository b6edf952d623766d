"""Money in a real browser, with scripts and without: coupon and points, a part back, a repair, a payout."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from kernel import clock
from kernel.ids import new_id
from kernel.money import Money
from merchants import standing
from merchants.capabilities import Capability
from orders.models import Coupon, FaultClaim, Order, Return, Shipment
from outbox import platform_clock
from payments import invariants
from payments.models import GiftCard, Payout
from payments.points import spending
from payments.sandbox import straight
from tests.browser.people import AtTheBrowser
from tests.builders.money import some_points
from tests.builders.orders import an_order, deliver, ship
from tests.builders.payouts import confirmed, earns
from tests.builders.people import a_buyer, a_member
from tests.builders.promotions import a_promotion
from tests.builders.shops import a_listing
from tests.journeys import shopping
from tests.privacy.pictures import a_jpeg
from web.outgoing import Origin

pytestmark = pytest.mark.django_db(transaction=True)
MODES = [pytest.param(True, 1280, id="scripts-wide"), pytest.param(False, 390, id="no-scripts-narrow")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def person(opened, live_server, transactional_db, settings):
    """`person(who)` at a browser; without anybody it is a guest's."""
    settings.LOOPBACK_URL = live_server.url
    settings.OUTGOING = frozenset({Origin.of(live_server.url, inside=True)})
    cache.clear()
    platform_clock.allow_shifting(allowed=True)

    def sit_down(who, *, js, width):
        return AtTheBrowser(opened(width=width, js=js), live_server, js=js, person=who)

    return sit_down


def paid_at_the_till(shopper: AtTheBrowser) -> None:
    for step in ("the provider's till", "paid", "back in the shop"):
        shopper.press_main(step)
    straight.run(at=clock.now())
    shopping.drain(clock.now())


def put_in_cart(shopper: AtTheBrowser, listing, times: int = 1) -> None:
    for _ in range(times):
        shopper.go(f"/p/{listing.pk}/", "product")
        shopper.press("加入购物车")


def with_a_coupon(shopper: AtTheBrowser, listing) -> None:
    """Ten off thirty, claimed on the shop's own page."""
    a_promotion(listing.merchant, "coupon", at=clock.now() - DAY, from_minor=3_000, off_minor=1_000,
                ends_at=clock.now() + 30 * DAY)  # fmt: skip
    shopper.go(f"/shop/{listing.merchant.slug}/promotions/", "the shop's offers")
    shopper.press_main("coupon claimed")
    assert Coupon.objects.count() == 1


@pytest.mark.parametrize(("js", "width"), MODES)
def test_bought_with_coupon_and_points_and_returned_in_part(person, js, width):
    now, buyer = clock.now(), a_buyer("林未")
    listing = a_listing(price="40.00", stock=5)
    some_points(500, owner=buyer.subject_id, at=now - DAY)
    shopper, shop = (person(who, js=js, width=width) for who in (buyer, a_member(listing.merchant)))
    with_a_coupon(shopper, listing)
    put_in_cart(shopper, listing, times=3)
    shopper.go("/checkout/", "checkout")
    shopper.fill(**{name: value for name, value in shopping.RECIPIENT.items() if value})
    shopper.press("用礼品卡或积分付", "the wallet")
    shopper.fill(pay_points="500")
    shopper.press("按此选择重新计算", "reckoned")
    # 3 × 40.00 less the coupon's 10.00, 5.00 of it by points.
    assert "105.00" in shopper.words()
    shopper.press_main("to the payment", "form.co")
    paid_at_the_till(shopper)
    order = Order.objects.get()
    assert (order.state, order.total) == ("paid", Money(11_000))
    assert spending.balance(buyer.subject_id, at=now).is_zero

    shop.go(f"/merchant/{listing.merchant.slug}/orders/shipments/", "many at once")
    shop.fill(rows=f"{order.number} SF0000000071")
    shop.press_main("lines checked", "form.form")
    assert not Shipment.objects.exists()
    shop.press("发出 1 个包裹", "sent")
    there = clock.now() + 2 * DAY
    with clock.frozen(there):
        shopping.carrier_says("SF0000000071", "delivered", there, event_id=str(new_id()))

    with clock.frozen(there + HOUR):
        shopper.go(f"/orders/{order.number}/return/", "what goes back")
        line = order.lines.get()
        shopper.fill(**{f"line_{line.pk.hex}": "1"})
        shopper.press_main("the sum before it is asked for")
        assert not Return.objects.exists()
        sum_shown = shopper.words()
        shopper.press_main("asked")
        back = Return.objects.get()
        assert back.amount.decimal_text in sum_shown, "what was shown is what goes back"
        shopper.fill(tracking_number="SF0000000072")
        shopper.press_main("posted")
    here = there + 3 * DAY
    with clock.frozen(here):
        shopping.carrier_says("SF0000000072", "delivered", here, event_id=str(new_id()))
        shop.go(f"/merchant/{listing.merchant.slug}/returns/{back.number}/", "looked at")
        shop.press_main("refunded")
        for _ in range(2):
            shopping.drain(here)
            straight.run(at=here)
        shopping.drain(here)
        shopper.go(f"/orders/{order.number}/", "refunded")
        shopper.go("/account/points/", "points are back")
    order.refresh_from_db()
    assert order.refunded == back.amount and Return.objects.get().state == "refunded"
    assert invariants.all_offences() == []
    assert shopper.complaints == [] and shop.complaints == []


@pytest.mark.parametrize(("js", "width"), MODES)
def test_a_guest_buys_with_a_coupon(person, js, width):
    listing = a_listing(price="40.00", stock=5)
    guest = person(None, js=js, width=width)
    with_a_coupon(guest, listing)
    put_in_cart(guest, listing)
    guest.go("/checkout/", "checkout")
    guest.fill(**{name: value for name, value in shopping.RECIPIENT.items() if value})
    guest.fill(email="guest@example.com")
    guest.press_main("to the payment", "form.co")
    paid_at_the_till(guest)
    order = Order.objects.get()
    assert (order.state, order.total) == ("paid", Money(3_000)) and "30.00" in guest.words()
    assert invariants.all_offences() == [] and guest.complaints == []


@pytest.mark.parametrize(("js", "width"), MODES)
def test_a_fault_with_a_photo_is_repaired(person, tmp_path, js, width):
    bought, buyer = clock.now() - 3 * DAY, a_buyer("林未", at=clock.now() - 4 * DAY)
    listing = a_listing(category="electronics")
    order = an_order(listing=listing, subject_id=buyer.subject_id, at=bought)
    ship(order, at=bought + HOUR)
    deliver(order, at=bought + DAY)
    shopper, shop = (person(who, js=js, width=width) for who in (buyer, a_member(listing.merchant)))
    photo = tmp_path / "底座.jpg"
    photo.write_bytes(a_jpeg())
    shopper.go(f"/orders/{order.number}/lines/{order.lines.get().pk}/claim/", "what can be had")
    shopper.fill(fault="底座不通电，指示灯不亮。")
    shopper.tick("remedy", "repair")
    shopper.page.locator("input[type=file]").set_input_files(str(photo))
    shopper.press_main("asked", "form.form")
    claim = FaultClaim.objects.get()
    assert claim.photos.count() == 1
    shopping.drain(clock.now())
    desk = f"/merchant/{listing.merchant.slug}/fault-claims/{claim.number}/"
    shop.go(desk, "a claim")
    shop.press_main("accepted")
    shopper.go(f"/fault-claims/{claim.number}/", "to be sent in")
    shopper.fill(tracking_number="SF0000000081")
    shopper.press_main("sent in")
    for step in ("it is here", "taken on"):
        shop.go(desk)
        shop.press_main(step)
    shop.fill(tracking_number="SF0000000082")
    shop.press_main("sent back")
    shopper.go(f"/fault-claims/{claim.number}/", "mended")
    shopper.press_main("it works")
    claim.refresh_from_db()
    assert claim.state == "done" and invariants.all_offences() == []
    assert shopper.complaints == [] and shop.complaints == []


@pytest.mark.parametrize(("js", "width"), MODES)
def test_a_shop_has_its_money_paid_out(person, js, width):
    listing = a_listing()
    shop = listing.merchant
    confirmed(shop, at=clock.now() - 30 * DAY)
    earns(shop, 50_000)
    # Of the best grade, which may ask for its money on any day.
    effects = {"grade": "A", "score_permille": 900, "payout_delay_days": 0, "rule_id": "x", "facts": {}}
    standing.write_effects(merchant_id=shop.pk, **effects, at=clock.now() - DAY)
    keeper = person(a_member(shop, [Capability.FINANCE]), js=js, width=width)
    keeper.go(f"/merchant/{shop.slug}/money/", "money")
    assert "500.00" in keeper.words()
    keeper.press_main("asked for")
    payout = Payout.objects.get()
    assert payout.amount == Money(50_000)
    straight.run(at=clock.now())
    shopping.drain(clock.now())
    payout.refresh_from_db()
    assert payout.state == "paid"
    keeper.go(f"/merchant/{shop.slug}/money/", "paid out")
    keeper.go(f"/merchant/{shop.slug}/money/statement/", "the month")
    assert "500.00" in keeper.words()
    assert invariants.all_offences() == [] and keeper.complaints == []


@pytest.mark.parametrize(("js", "width"), MODES)
def test_a_gift_card_is_bought_and_kept(person, js, width):
    giver = person(a_buyer("林未"), js=js, width=width)
    giver.go("/account/cards/new/", "a card")
    giver.fill(value="0")
    giver.press_main("no sum")
    assert not GiftCard.objects.exists()
    giver.fill(value="88.80")
    giver.press_main("to the payment")
    for step in ("the provider's till", "paid", "back"):
        giver.press_main(step)
    straight.run(at=clock.now())
    shopping.drain(clock.now())
    card = GiftCard.objects.get()
    giver.go(f"/account/cards/{card.pk}/", "the card")
    assert "88.80" in giver.words()
    assert invariants.all_offences() == [] and giver.complaints == []
