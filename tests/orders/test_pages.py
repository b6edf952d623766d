"""Pages: four people at each door, bad input at its field, and the same form twice."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from deadlines import booking
from kernel import clock
from orders import deadlines
from orders.models import CartLine, Order, Return
from tests.builders.orders import ORDERED, a_return, an_order
from tests.builders.people import a_buyer, a_member
from tests.builders.shops import a_listing, a_merchant
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)


@pytest.fixture
def people():  # type: ignore[no-untyped-def]
    """A delivered order, its buyer, a stranger, its merchant's member and another merchant's."""
    buyer, listing = a_buyer(), a_listing()
    order = an_order(listing=listing, subject_id=buyer.subject_id, delivered_at=DELIVERED)
    return {
        "order": order,
        "return": a_return(order, at=DELIVERED),
        "buyer": buyer.client,
        "stranger": a_buyer().client,
        "member": a_member(order.merchant).client,
        "rival": a_member(a_merchant()).client,
    }


BUYERS_PAGES = ["order", "contract", "delivery", "cancellation", "return"]
BUYERS_POSTS = ["delivery", "cancellation", "return-check", "returns"]
RETURN_POSTS = ["return-parcel", "return-withdrawal", "return-reopening"]
PORTAL_POSTS = ["merchant-shipment", "merchant-cancellation"]
PORTAL_RETURN_POSTS = [
    "merchant-return-acceptance",
    "merchant-return-receipt",
    "merchant-return-refund",
    "merchant-return-refusal",
]


class TestFourPeople:
    def test_an_orders_pages_open_to_its_buyer_alone(self, people) -> None:  # type: ignore[no-untyped-def]
        for name in BUYERS_PAGES:
            address = reverse(f"orders:{name}", args=[people["order"].number])
            with clock.frozen(DELIVERED):
                assert people["buyer"].get(address).status_code == 200, name
                for who in ("stranger", "member", "rival"):
                    assert people[who].get(address).status_code == 404, (name, who)

    def test_a_returns_page_too(self, people) -> None:  # type: ignore[no-untyped-def]
        address = reverse("orders:return-page", args=[people["return"].number])
        with clock.frozen(DELIVERED):
            assert people["buyer"].get(address).status_code == 200
            assert people["stranger"].get(address).status_code == 404

    def test_the_portals_pages_open_to_its_members_alone(self, people) -> None:  # type: ignore[no-untyped-def]
        for name, number in (
            ("merchant-order", people["order"].number),
            ("merchant-return", people["return"].number),
        ):
            address = reverse(f"orders:{name}", args=[people["order"].merchant.slug, number])
            with clock.frozen(DELIVERED):
                assert people["member"].get(address).status_code == 200, name
                for who in ("buyer", "stranger", "rival"):
                    assert people[who].get(address).status_code == 404, (name, who)

    def test_strangers_change_nothing(self, people) -> None:  # type: ignore[no-untyped-def]
        for name in BUYERS_POSTS + RETURN_POSTS + PORTAL_POSTS + PORTAL_RETURN_POSTS:
            about_return = name in RETURN_POSTS + PORTAL_RETURN_POSTS
            number = people["return" if about_return else "order"].number
            of_shop = [people["order"].merchant.slug] if name.startswith("merchant-") else []
            address = reverse(f"orders:{name}", args=[*of_shop, number])
            for who in ("stranger", "rival"):
                told = {"idempotency_key": shopping.key(), "tracking_number": "SF12345678"}
                assert people[who].post(address, told).status_code == 404, (name, who)
        assert Order.objects.get(pk=people["order"].pk).state == "delivered"
        assert Return.objects.get(pk=people["return"].pk).state == "accepted"

    def test_another_merchants_order_in_ones_own_portal_is_not_there(self, people) -> None:  # type: ignore[no-untyped-def]
        other = an_order()
        address = reverse("orders:merchant-order", args=[people["order"].merchant.slug, other.number])
        assert people["member"].get(address).status_code == 404

    def test_nobody_in_particular_is_sent_to_sign_in(self, people) -> None:  # type: ignore[no-untyped-def]
        answer = Client().get(reverse("orders:order", args=[people["order"].number]))
        assert answer.status_code == 302


class TestLists:
    def test_tabs_of_the_buyer(self, people) -> None:  # type: ignore[no-untyped-def]
        number = people["order"].number
        shown = {
            tab: number in people["buyer"].get(reverse("orders:list"), {"tab": tab}).content.decode()
            for tab in ("all", "unpaid", "coming", "returnable", "disputed")
        }
        assert shown == {"all": True, "unpaid": False, "coming": False, "returnable": True, "disputed": True}

    def test_the_merchants_list_searches_and_downloads(self, people) -> None:  # type: ignore[no-untyped-def]
        order = people["order"]
        address = reverse("orders:merchant-orders", args=[order.merchant.slug])
        found = people["member"].get(address, {"tab": "all", "q": order.number[:6].lower()})
        assert order.number in found.content.decode()
        file = people["member"].get(address, {"tab": "all", "format": "csv"})
        assert file["Content-Type"].startswith("text/csv") and order.number in file.content.decode()
        assert "林未" not in file.content.decode()

    def test_every_running_clock_of_a_list_names_its_rule(self, people) -> None:  # type: ignore[no-untyped-def]
        order = people["order"]
        mine = people["buyer"].get(reverse("orders:list")).content.decode()
        window = booking.find(kind=deadlines.RETURN_WINDOW, reference=order.pk)
        assert window is not None
        assert mine.count('class="running"') == mine.count('class="lawpop"') == 1
        assert reverse("rulebook:rule", args=[window.rule_id]) in mine
        waiting = an_order(listing=order.lines.get().listing)
        address = reverse("orders:merchant-orders", args=[order.merchant.slug])
        theirs = people["member"].get(address, {"tab": "to_ship"}).content.decode()
        promise = booking.find(kind=deadlines.DISPATCH, reference=waiting.pk)
        assert promise is not None
        assert theirs.count('class="running"') == theirs.count('class="lawpop"') == 1
        assert reverse("rulebook:rule", args=[promise.rule_id]) in theirs

    def test_the_merchants_list_takes_the_same_statements_for_many(
        self, people, django_assert_max_num_queries
    ) -> None:  # type: ignore[no-untyped-def]
        order = people["order"]
        listing = order.lines.get().listing
        for _ in range(4):
            an_order(listing=listing)
        with django_assert_max_num_queries(14):
            people["member"].get(
                reverse("orders:merchant-orders", args=[order.merchant.slug]), {"tab": "all"}
            )


class TestCheckout:
    @pytest.fixture
    def browser(self):  # type: ignore[no-untyped-def]
        buyer = a_buyer()
        shopping.put_in_cart(buyer.client, a_listing(price="39.00"))
        return buyer.client

    def test_double_click_and_retry_make_one_order(self, browser) -> None:  # type: ignore[no-untyped-def]
        key = shopping.key()
        first = shopping.check_out(browser, idempotency_key=key)
        told = {**shopping.RECIPIENT, "seen_total": "3900", "idempotency_key": key}
        again = browser.post(reverse("orders:checkout"), told)
        assert first.status_code == again.status_code == 303
        assert first["Location"] == again["Location"]
        assert Order.objects.count() == 1

    def test_bad_input_gets_a_message_at_its_field(self, browser) -> None:  # type: ignore[no-untyped-def]
        wrong = [
            ("name", ""),
            ("phone", "abc"),
            ("address", ""),
            ("address", "路" * 201),
            ("note", "x" * 501),
        ]
        for field, value in wrong:
            answer = shopping.check_out(browser, **{field: value})
            assert answer.status_code == 422, field
            page = answer.content.decode()
            assert f'href="#id_{field}"' in page and f'id="id_{field}_error"' in page
        assert not Order.objects.exists()

    def test_a_changed_sum_is_shown_before_paying(self, browser) -> None:  # type: ignore[no-untyped-def]
        assert shopping.check_out(browser, seen_total="3800").status_code == 422
        assert not Order.objects.exists()

    def test_excludable_goods_are_asked_with_no_answer_chosen(self) -> None:
        buyer, tea = (
            a_buyer(),
            a_listing(category="food", terms={"promises": [], "excludes_return": "confirm"}),
        )
        shopping.put_in_cart(buyer.client, tea)
        page = buyer.client.get(reverse("orders:checkout")).content.decode()
        asked = re.findall(rf'<input[^>]*name="confirm_{tea.pk.hex}"[^>]*>', page)
        assert len(asked) == 2 and not any("checked" in each for each in asked)
        assert not re.search(r'<input[^>]*type="checkbox"[^>]*checked', page)
        assert shopping.check_out(buyer.client).status_code == 422
        done = shopping.check_out(buyer.client, **{f"confirm_{tea.pk.hex}": "yes"})
        assert done.status_code == 303


class TestCart:
    def test_quantities_out_of_range_get_a_message(self) -> None:
        buyer, listing = a_buyer(), a_listing(stock=10)
        shopping.put_in_cart(buyer.client, listing, 2)
        for quantity in ("0", "-1", "1000", "11", "1.5", "x", "", "9" * 30):
            answer = buyer.client.post(reverse("orders:cart-line", args=[listing.pk]), {"quantity": quantity})
            assert answer.status_code == 422, quantity
            assert f'id="e-{listing.pk.hex}"' in answer.content.decode()
            assert CartLine.objects.get().quantity == 2

    def test_remove_and_count(self) -> None:
        buyer, listing = a_buyer(), a_listing()
        shopping.put_in_cart(buyer.client, listing, 2)
        assert buyer.client.session["cart_count"] == 2
        buyer.client.post(reverse("orders:cart-line", args=[listing.pk]), {"remove": "1"})
        assert (CartLine.objects.count(), buyer.client.session["cart_count"]) == (0, 0)

    def test_what_is_not_on_sale_is_said(self) -> None:
        draft = a_listing(live=False)
        answer = a_buyer().client.post(reverse("orders:cart-lines"), {"listing": draft.pk, "quantity": 1})
        assert answer.status_code == 422 and not CartLine.objects.exists()


class TestCarrier:
    def test_forged_and_stale_events_change_nothing(self) -> None:
        order = an_order(shipped=True)
        parcel = order.shipments.get()
        at = ORDERED + timedelta(days=2)
        with clock.frozen(at):
            stale = shopping.carrier_says(parcel.tracking_number, "delivered", at - timedelta(minutes=6))
            unsigned = Client().post(
                reverse("orders:carrier-webhook"), b'{"id": "x"}', content_type="application/json"
            )
            unknown = shopping.carrier_says("SF00000000XX", "delivered", at)
        assert (stale.status_code, unsigned.status_code, unknown.status_code) == (400, 400, 404)
        assert Order.objects.get(pk=order.pk).state == "shipped"
