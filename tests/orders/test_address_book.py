"""The address book: kept sealed, one first choice, so many; orders keep what they were sent to."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import guests
from kernel.errors import NotFound
from orders import address_book
from orders.address_book import AddressBookFull, PlaceMissing
from orders.limits import MOST_ADDRESSES
from orders.models import Address, Order
from orders.recipients import AddressElsewhere, PhoneInvalid, RecipientIncomplete, TextTooLong
from privacy import erasure
from privacy.states import RequestKind
from tests.builders.addresses import an_address, written
from tests.builders.orders import ORDERED, an_order
from tests.builders.people import a_buyer, a_guest
from tests.builders.requests import a_request

pytestmark = pytest.mark.django_db


def labels(person):
    return [each.label for each in address_book.addresses_of(person.actor)]


@pytest.fixture
def lin():
    return a_buyer()


class TestKeep:
    def test_the_first_one_is_the_first_choice_and_the_same_again_is_found(self, lin):
        row = an_address(lin.actor, at=ORDERED)
        assert row.is_default and an_address(lin.actor, at=ORDERED).pk == row.pk
        office = an_address(lin.actor, at=ORDERED, label="公司", first_choice=True)
        assert labels(lin) == ["公司", "家"]
        assert Address.objects.get(is_default=True).pk == office.pk

    def test_stands_sealed_in_the_database(self, lin):
        row = an_address(lin.actor, at=ORDERED)
        with connection.cursor() as cursor:
            cursor.execute("SELECT a::text FROM orders_address a WHERE id = %s", [row.pk])
            stored = cursor.fetchone()[0]
        assert not any(word in stored for word in ("林未", "13800138000", "漕溪北路", "家"))

    @pytest.mark.parametrize(
        ("wrong", "error", "field"),
        [
            ({"name": " "}, RecipientIncomplete, "name"),
            ({"phone": "abc"}, PhoneInvalid, "phone"),
            ({"address": "长" * 201}, TextTooLong, "address"),
            ({"label": "长" * 21}, TextTooLong, "label"),
            ({"destination": ""}, PlaceMissing, "destination"),
            ({"destination": "QQ"}, PlaceMissing, "destination"),
            ({"destination": "DE"}, AddressElsewhere, "address"),
        ],
        ids=["name", "phone", "address", "label", "no-place", "no-such-place", "elsewhere"],
    )
    def test_refuses_at_the_field_and_keeps_nothing(self, lin, wrong, error, field):
        with pytest.raises(error) as refused:
            an_address(lin.actor, at=ORDERED, **wrong)
        assert refused.value.params["field"] == field
        assert not Address.objects.exists()

    def test_takes_so_many_and_no_more(self, lin):
        for number in range(MOST_ADDRESSES):
            an_address(lin.actor, at=ORDERED, label=f"{number}")
        with pytest.raises(AddressBookFull):
            an_address(lin.actor, at=ORDERED, label="还有一个")
        assert Address.objects.count() == MOST_ADDRESSES
        address_book.give_up(address_id=Address.objects.get(seat=7).pk, actor=lin.actor, at=ORDERED)
        assert an_address(lin.actor, at=ORDERED, label="还有一个").seat == 7


class TestChangeAndGiveUp:
    def test_an_order_keeps_where_it_was_sent(self, lin):
        row = an_address(lin.actor, at=ORDERED)
        order = an_order(subject_id=lin.subject_id, paid=False)
        before = (order.recipient, order.phone, order.address)
        changed = written(name="林安", address="上海市静安区 1 号")
        address_book.change(address_id=row.pk, written=changed, actor=lin.actor, at=ORDERED)
        assert address_book.addresses_of(lin.actor)[0].address == "上海市静安区 1 号"
        address_book.give_up(address_id=row.pk, actor=lin.actor, at=ORDERED)
        order = Order.objects.get()
        assert (order.recipient, order.phone, order.address) == before
        assert not Address.objects.exists()

    def test_the_one_changed_last_follows_a_first_choice_that_goes(self, lin):
        first = an_address(lin.actor, at=ORDERED)
        an_address(lin.actor, at=ORDERED + timedelta(hours=1), label="老家")
        an_address(lin.actor, at=ORDERED + timedelta(hours=2), label="公司")
        address_book.give_up(address_id=first.pk, actor=lin.actor, at=ORDERED)
        assert labels(lin) == ["公司", "老家"]
        assert Address.objects.get(is_default=True).label == "公司"

    def test_another_person_s_is_absent(self, lin):
        row, other = an_address(lin.actor, at=ORDERED), a_buyer("别人")
        for step in (address_book.give_up, address_book.choose_first):
            with pytest.raises(NotFound):
                step(address_id=row.pk, actor=other.actor, at=ORDERED)
        with pytest.raises(NotFound):
            address_book.change(address_id=row.pk, written=written(), actor=other.actor, at=ORDERED)
        assert Address.objects.get().label == "家"


class TestGuests:
    def test_what_a_guest_kept_is_the_account_s_after_signing_up(self, lin):
        guest = a_guest()
        an_address(guest.actor, at=ORDERED, label="客人时的")
        an_address(lin.actor, at=ORDERED, label="自己的")
        guests.claim_guest(subject_id=lin.subject_id, guest_subject_id=guest.subject_id, at=ORDERED)
        assert set(labels(lin)) == {"客人时的", "自己的"}
        theirs = next(each for each in address_book.addresses_of(lin.actor) if each.label == "客人时的")
        address_book.choose_first(address_id=theirs.pk, actor=lin.actor, at=ORDERED)
        assert labels(lin)[0] == "客人时的"
        assert Address.objects.filter(is_default=True).count() == 1

    def test_erasing_the_account_takes_the_book_with_it(self, lin):
        guest = a_guest()
        an_address(guest.actor, at=ORDERED)
        an_address(lin.actor, at=ORDERED)
        guests.claim_guest(subject_id=lin.subject_id, guest_subject_id=guest.subject_id, at=ORDERED)
        gone = a_request(lin.subject_id, RequestKind.CLOSE, at=ORDERED)
        erasure.erase(request_id=gone.pk, actor=lin.actor, at=ORDERED)
        assert not Address.objects.exists()


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("an_address_has_a_seat_of_its_own", "seat = 1"),
        ("one_address_is_the_first_choice", "is_default = true"),
        ("an_address_book_has_so_many_seats", "seat = 21"),
        ("an_address_is_at_a_place", "destination = 'home'"),
    ],
    ids=["seat", "first-choice", "too-many", "place"],
)
def test_the_database_refuses_it_too(lin, constraint, change):
    an_address(lin.actor, at=ORDERED)
    row = an_address(lin.actor, at=ORDERED, label="公司")
    attack = pytest.raises(IntegrityError, match=constraint)
    with attack, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE orders_address SET {change} WHERE id = %s", [row.pk])
