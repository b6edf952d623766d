"""Services by appointment, over HTTP: times offered, booked, moved, cancelled, kept, missed, or forgotten."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel import clock
from notifications.models import Letter
from orders.models import Appointment, Slot, Voucher
from tests.builders.orders import ORDERED
from tests.builders.people import a_buyer, a_member
from tests.builders.shops import a_merchant
from tests.builders.vouchers import BOUND, a_pack, a_service, a_slot, a_voucher, an_appointment, code_of
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
THEN = ORDERED + timedelta(days=3)


@pytest.fixture
def shop():
    return a_merchant()


@pytest.fixture
def owner(shop):
    return a_member(shop)


@pytest.fixture
def buyer():
    return a_buyer()


def bought(listing, buyer):
    return a_voucher(listing, subject_id=buyer.subject_id)


def post(person, name, *args, at, **told):
    with clock.frozen(at):
        return person.client.post(
            reverse(f"orders:{name}", args=args), {"idempotency_key": shopping.key(), **told}
        )


def book(person, order, slot, at=ORDERED):
    return post(person, "voucher-booking", order.number, order.lines.get().pk, at=at, slot=slot.pk)


def redeem(owner, shop, order, at):
    return post(owner, "merchant-codes", shop.slug, at=at, code=code_of(order), step="take", pieces="1")


class TestOffered:
    def test_a_week_of_times_over_http(self, shop, owner, buyer):
        listing = a_service(shop, **BOUND)
        told = {
            "listing": listing.pk, "day": "2026-11-06", "starts": "10:00", "ends": "11:30",
            "capacity": "2", "place": "徐汇店二楼", "weeks": "3",
        }  # fmt: skip
        url = [shop.slug]
        assert post(owner, "merchant-appointments", *url, at=ORDERED, **told).status_code == 303
        starts = [each.starts_at.isoformat() for each in Slot.objects.order_by("starts_at")]
        assert starts == [
            "2026-11-06T02:00:00+00:00", "2026-11-13T02:00:00+00:00", "2026-11-20T02:00:00+00:00",
        ]  # fmt: skip
        for change in (
            {"starts": "09:00", "ends": "08:00"}, {"day": "2026-11-01"}, {"capacity": "0"},
            {"capacity": "501"}, {"place": " "}, {"weeks": "0"}, {"weeks": "13"},
            {"listing": str(shop.pk)}, {}, {"ends": "23:30"},
        ):  # fmt: skip
            assert (
                post(owner, "merchant-appointments", *url, at=ORDERED, **{**told, **change}).status_code
                == 422
            )
        assert Slot.objects.count() == 3
        order = bought(listing, buyer)
        with clock.frozen(ORDERED):
            page = buyer.client.get(
                reverse("orders:voucher-booking", args=[order.number, order.lines.get().pk])
            )
        assert "徐汇店二楼" in page.content.decode() and "还有 2 个名额" in page.content.decode()

    def test_one_without_appointments_is_closed(self, shop, owner, buyer):
        listing = a_pack(shop)
        free, taken = a_slot(listing), a_slot(listing, starts_at=THEN + timedelta(days=1))
        an_appointment(bought(listing, buyer), taken)
        for slot in (free, taken):
            assert post(owner, "merchant-time-closing", shop.slug, slot.pk, at=ORDERED).status_code == 303
        assert list(Slot.objects.filter(closed_at__isnull=True)) == [taken]


class TestBooked:
    def test_no_more_than_there_are_seats(self, shop, buyer):
        listing = a_service(shop, **BOUND)
        slot = a_slot(listing, capacity=1)
        first, other = bought(listing, buyer), a_buyer()
        second = bought(listing, other)
        assert book(buyer, first, slot).status_code == 303
        assert book(other, second, slot).status_code == 422
        assert Appointment.objects.get().order_id == first.pk
        shopping.drain(ORDERED)
        assert Letter.objects.filter(kind="orders.appointment_booked").count() == 1

    def test_no_more_than_there_are_uses(self, shop, buyer):
        listing = a_service(shop, **BOUND)
        order = bought(listing, buyer)
        assert book(buyer, order, a_slot(listing)).status_code == 303
        again = a_slot(listing, starts_at=THEN + timedelta(days=1))
        assert book(buyer, order, again).status_code == 422
        assert Appointment.objects.count() == 1

    def test_not_too_late_and_not_after_its_time(self, shop, buyer):
        listing = a_service(shop, **BOUND, valid_days=10)
        order, slot = bought(listing, buyer), a_slot(listing)
        assert book(buyer, order, slot, at=THEN - timedelta(hours=1)).status_code == 422
        late = a_slot(listing, starts_at=ORDERED + timedelta(days=12))
        assert book(buyer, order, late).status_code == 422
        assert not Appointment.objects.exists()

    def test_nobody_else_s(self, shop, buyer):
        listing = a_service(shop, **BOUND)
        order, foreign = bought(listing, buyer), a_slot(a_service(a_merchant(), **BOUND))
        # As for one that doesn't exist: nothing on the page tells them apart.
        assert book(buyer, order, foreign).status_code == 422
        assert book(a_buyer(), order, a_slot(listing)).status_code == 404
        assert not Appointment.objects.exists()


class TestChanged:
    def test_moved_and_cancelled_for_nothing(self, shop, buyer):
        listing = a_service(shop, **BOUND)
        order, later = bought(listing, buyer), a_slot(listing, starts_at=THEN + timedelta(days=1))
        made = an_appointment(order, a_slot(listing))
        at = THEN - timedelta(hours=3)
        assert post(buyer, "appointment-move", order.number, made.pk, at=at, slot=later.pk).status_code == 303
        now = Appointment.objects.get(state="booked")
        assert (now.slot_id, Appointment.objects.get(pk=made.pk).state) == (later.pk, "moved")
        assert post(buyer, "appointment-cancellation", order.number, now.pk, at=at).status_code == 303
        voucher = Voucher.objects.get()
        assert (voucher.used, voucher.booked, voucher.left) == (0, 0, 1)

    def test_too_late_it_is_not_moved_and_costs_what_was_said(self, shop, buyer):
        listing = a_pack(shop, **BOUND)
        order = bought(listing, buyer)
        made, later = (
            an_appointment(order, a_slot(listing)),
            a_slot(listing, starts_at=THEN + timedelta(days=1)),
        )
        at = THEN - timedelta(hours=2)
        assert post(buyer, "appointment-move", order.number, made.pk, at=at, slot=later.pk).status_code == 422
        with clock.frozen(at):
            page = buyer.client.get(reverse("orders:appointment-cancellation", args=[order.number, made.pk]))
        assert "算用掉一次" in page.content.decode()
        assert post(buyer, "appointment-cancellation", order.number, made.pk, at=at).status_code == 303
        voucher = Voucher.objects.get()
        assert (voucher.used, voucher.booked, voucher.each_use.get().missed) == (1, 0, True)

    def test_by_the_shop_it_never_costs_the_buyer(self, shop, owner, buyer):
        listing = a_pack(shop, **BOUND)
        made = an_appointment(bought(listing, buyer), a_slot(listing))
        at = THEN - timedelta(minutes=5)
        assert post(owner, "merchant-appointment-cancellation", shop.slug, made.pk, at=at).status_code == 303
        shopping.drain(at)
        voucher = Voucher.objects.get()
        assert (voucher.used, voucher.booked, voucher.left) == (0, 0, 5)
        assert Letter.objects.filter(kind="orders.appointment_cancelled_by_shop").count() == 1

    def test_another_shop_changes_nothing(self, shop, buyer):
        made = an_appointment(bought(a := a_pack(shop), buyer), a_slot(a))
        other = a_merchant()
        for name in ("merchant-appointment-cancellation", "merchant-absence"):
            assert post(a_member(other), name, other.slug, made.pk, at=THEN).status_code == 404
        assert Appointment.objects.get().state == "booked"


class TestWhatBecameOfIt:
    def test_redeemed_only_when_it_is_time(self, shop, owner, buyer):
        listing = a_pack(shop, **BOUND)
        order = bought(listing, buyer)
        an_appointment(order, a_slot(listing))
        early = redeem(owner, shop, order, THEN - timedelta(minutes=61))
        assert early.status_code == 422 and "要预约" in early.content.decode()
        assert Voucher.objects.get().used == 0
        assert redeem(owner, shop, order, THEN - timedelta(minutes=60)).status_code == 303
        assert redeem(owner, shop, order, THEN).status_code == 422
        assert (Voucher.objects.get().used, Appointment.objects.get().state) == (1, "kept")

    @pytest.mark.parametrize(("no_show", "used"), [("counts", 1), ("free", 0)])
    def test_nobody_came(self, shop, owner, buyer, no_show, used):
        listing = a_pack(shop, **{**BOUND, "no_show": no_show})
        made = an_appointment(bought(listing, buyer), a_slot(listing))
        assert (
            post(owner, "merchant-absence", shop.slug, made.pk, at=THEN - timedelta(seconds=1)).status_code
            == 303
        )
        assert Appointment.objects.get().state == "booked"
        assert post(owner, "merchant-absence", shop.slug, made.pk, at=THEN).status_code == 303
        assert (Appointment.objects.get().state, Voucher.objects.get().used) == ("missed", used)

    def test_a_silent_shop_leaves_the_use_to_its_buyer(self, shop, buyer, platform_at):
        listing = a_pack(shop, **BOUND)
        an_appointment(bought(listing, buyer), a_slot(listing))
        shopping.time_passes(THEN + timedelta(days=2))
        voucher = Voucher.objects.get()
        assert (Appointment.objects.get().state, voucher.used, voucher.left) == ("lapsed", 0, 5)

    def test_cancelling_the_order_frees_the_seat(self, shop, buyer):
        listing = a_service(shop, **BOUND)
        order = bought(listing, buyer)
        an_appointment(order, a_slot(listing))
        assert post(buyer, "cancellation", order.number, at=THEN - timedelta(days=1)).status_code == 303
        order.refresh_from_db()
        assert (order.state, order.refunded_minor, Appointment.objects.get().state) == (
            "cancelled",
            3000,
            "cancelled",
        )


def test_the_shop_s_week_says_who_comes(shop, owner, buyer):
    listing = a_pack(shop, **BOUND)
    order = bought(listing, buyer)
    an_appointment(order, a_slot(listing))
    with clock.frozen(THEN):
        page = owner.client.get(reverse("orders:merchant-appointments", args=[shop.slug])).content.decode()
    assert order.number in page and "2 个名额，约了 1 个" in page and "没来：算用掉一次" in page
    assert code_of(order) not in page
