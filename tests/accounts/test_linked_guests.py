"""What somebody bought as a guest is theirs after signing in; nobody is sealed anew, nobody else sees it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts import guests, linking
from accounts.models import LinkedSubject
from orders.models import Order
from payments.models import Payment
from tests.builders.orders import ORDERED, an_order
from tests.builders.people import a_buyer, a_guest

pytestmark = pytest.mark.django_db


@pytest.fixture
def bought():
    """A guest with an order, and the account that signs in with the same browser."""
    guest = a_guest()
    order = an_order(subject_id=guest.subject_id)
    lin = a_buyer(email="lin@example.com")
    return guest, order, lin


def test_signing_in_opens_the_guest_s_orders(bought, visitor):
    guest, order, _ = bought
    person = visitor()
    person.browser = guest.client
    person.sign_in("lin@example.com")

    assert person.get(f"/orders/{order.number}/").status_code == 200
    assert order.number in person.get("/orders/").content.decode()
    payment = Payment.objects.get(pk=order.payment_id)
    assert person.get(f"/pay/{payment.number}/").status_code != 404
    order.refresh_from_db()
    assert order.subject_id == guest.subject_id and order.recipient


def test_only_their_own_account_sees_them(bought):
    guest, order, lin = bought
    other = a_buyer()
    guests.claim_guest(subject_id=lin.subject_id, guest_subject_id=guest.subject_id, at=ORDERED)

    assert lin.client.get(f"/orders/{order.number}/").status_code == 200
    assert other.client.get(f"/orders/{order.number}/").status_code == 404
    assert Client().get(f"/orders/{order.number}/").status_code == 302
    assert linking.guests_of(lin.subject_id) == [guest.subject_id]
    assert linking.same_person(lin.subject_id, guest.subject_id)
    assert not linking.same_person(other.subject_id, guest.subject_id)


def test_a_guest_belongs_to_one_account_for_good(bought):
    guest, _order, lin = bought
    other = a_buyer()
    assert guests.claim_guest(subject_id=lin.subject_id, guest_subject_id=guest.subject_id, at=ORDERED)
    assert not guests.claim_guest(subject_id=other.subject_id, guest_subject_id=guest.subject_id, at=ORDERED)
    assert linking.guests_of(other.subject_id) == []


def test_finding_them_costs_no_further_statement(bought, django_assert_num_queries):
    _guest, _order, lin = bought
    with django_assert_num_queries(1):
        list(Order.objects.of_person(lin.subject_id))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_linkedsubject SET guest_id = owner_id",
        "INSERT INTO accounts_linkedsubject SELECT gen_random_uuid(), since, guest_id, owner_id"
        " FROM accounts_linkedsubject",
    ],
)
def test_the_table_refuses_a_link_that_can_t_be(bought, statement):
    guest, _order, lin = bought
    linking.link(owner_id=lin.subject_id, guest_id=guest.subject_id, at=ORDERED)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert LinkedSubject.objects.count() == 1
