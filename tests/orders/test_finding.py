"""Orders are found by a whole name within one shop and a few weeks; nobody else is looked at."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.looking_up import Cause
from accounts.staff_roles import Role
from kernel import clock
from orders import finding
from orders.models import Order
from privacy.models import AccessRecord, LookUp
from tests.builders.orders import ORDERED, an_order
from tests.builders.people import a_staff
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
DAY = ORDERED.date()


def find(order, name="林未", *, days=3, actor=None, shop=""):
    asked = finding.Asked(
        name, shop or order.merchant.slug, DAY, DAY + timedelta(days=days), Cause.CASE, "C12345"
    )
    return finding.find_by_name(asked, actor=actor or a_staff().actor, at=ORDERED + timedelta(days=9))


@pytest.fixture
def order() -> Order:
    return an_order()


class TestFindByName:
    def test_finds_the_whole_name_in_any_spelling_and_tells_the_person(self, order):
        assert [one.pk for one in find(order, " 林 未 ")] == [order.pk]

        assert LookUp.objects.get().by == "name"
        line = AccessRecord.objects.get()
        assert (line.subject_id, line.fields) == (order.subject_id, ["orders.Order.recipient"])

    @pytest.mark.parametrize("name", ["林", "林未未", "未"])
    def test_a_part_or_more_finds_nobody_and_looks_at_nobody(self, order, name):
        if len(name) < 2:
            with pytest.raises(finding.NameIncomplete):
                find(order, name)
            return
        assert find(order, name) == []
        assert LookUp.objects.count() == 1 and not AccessRecord.objects.exists()

    def test_other_shops_and_other_days_are_not_opened(self, order):
        other = an_order(listing=a_listing(merchant=a_merchant()))
        assert other.merchant_id != order.merchant_id
        assert [one.pk for one in find(order)] == [order.pk]

    def test_a_long_span_is_refused(self, order):
        with pytest.raises(finding.SpanTooLong):
            find(order, days=400)
        assert not LookUp.objects.exists()

    def test_an_erased_person_is_not_found(self, order):
        from privacy import keys

        keys.destroy(subject_id=order.subject_id, at=ORDERED)
        assert find(order) == []


class TestPage:
    def test_shows_numbers_and_no_names_and_the_net_is_content(self, order):
        staff = a_staff(Role.REVIEWER)
        an_order(listing=order.lines.get().listing)
        told = {"name": "林未", "shop": order.merchant.slug, "first": DAY, "last": DAY, "cause": "case"}

        with clock.frozen(ORDERED + timedelta(days=2)):
            page = staff.client.post(
                reverse("admin:orders_order_by_name"), {**told, "reference": "C12345"}
            ).content.decode()

        assert order.number in page and "漕溪北路" not in page
        assert AccessRecord.objects.filter(purpose="person.search").count() == 2

    def test_roles_without_the_power_are_refused(self):
        assert a_staff(Role.MONEY_DESK).client.get(reverse("admin:orders_order_by_name")).status_code == 403
