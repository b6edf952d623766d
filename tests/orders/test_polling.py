"""Events that are lost on their way are asked for: recorded questions, over HTTP, outside transactions."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from kernel import clock
from orders import polling
from orders.carriers.simulator import CarrierSimulator
from orders.models import CarrierCall, Order, Scan
from orders.tasks import ask_carriers
from payments.simulators.serving import served
from tests.builders.orders import ORDERED, an_order, drain
from web.outgoing import Origin

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = ORDERED + 2 * DAY


@pytest.fixture
def carrier(settings):
    """The simulated carrier on loopback, named in the settings for the length of the test."""
    simulator = CarrierSimulator()
    with served(simulator, now=clock.now) as url:
        settings.CARRIERS = {"sandbox": url}
        settings.OUTGOING = frozenset({Origin.of(url, inside=True)})
        yield simulator


@pytest.fixture
def sent(db):
    return an_order(shipped=True)


def number_of(order):
    return order.shipments.get().tracking_number


def look(at):
    with clock.frozen(at):
        made = ask_carriers()
    drain(at=at)
    return made


def test_what_the_webhook_lost_is_asked_for(carrier, sent):
    carrier.sees(number_of(sent), "in_transit", at=ORDERED + DAY, told=False)
    carrier.sees(number_of(sent), "delivered", at=LATER - HOUR, told=False)
    assert look(LATER) == 1
    found = Order.objects.get(pk=sent.pk)
    assert (found.state, found.delivered_at) == ("delivered", LATER - HOUR)
    assert Scan.objects.count() == 2
    assert CarrierCall.objects.get().state == "answered" and CarrierCall.objects.get().last_answer == "200 2"
    # Nobody waits for it any more.
    assert look(LATER + DAY) == 0 and carrier.asked == 1


def test_an_event_that_comes_both_ways_counts_once(carrier, sent):
    carrier.sees(number_of(sent), "in_transit", at=ORDERED + DAY, event_id="e-7", told=False)
    look(LATER)
    look(LATER + 13 * HOUR)
    assert carrier.asked == 2 and Scan.objects.count() == 1


def test_nobody_asks_about_a_parcel_just_heard_of(carrier, sent):
    assert look(sent.shipped_at + 11 * HOUR) == 0
    assert look(sent.shipped_at + 12 * HOUR) == 1
    assert look(sent.shipped_at + 13 * HOUR) == 0


@pytest.mark.parametrize("fault", ["down", "lost", "garbage", "forged"])
def test_no_clear_answer_changes_nothing_and_is_asked_again(carrier, sent, fault):
    carrier.sees(number_of(sent), "delivered", at=LATER - HOUR, told=False)
    carrier.faults.append(fault)
    look(LATER)
    assert Order.objects.get(pk=sent.pk).state == "shipped" and not Scan.objects.exists()
    assert (CarrierCall.objects.get().state, CarrierCall.objects.get().attempts) == ("waiting", 1)
    look(LATER + HOUR)
    assert Order.objects.get(pk=sent.pk).state == "delivered"


def test_a_dead_carrier_is_given_up_and_asked_anew_later(carrier, sent):
    carrier.faults += ["down"] * 8
    for hour in range(8):
        look(LATER + 2 * hour * HOUR)
    assert [each.state for each in CarrierCall.objects.all()] == ["given_up"]
    look(LATER + 30 * HOUR)
    assert CarrierCall.objects.filter(state="answered").count() == 1


def test_without_an_address_nobody_is_asked(settings, sent):
    settings.CARRIERS = {}
    assert look(LATER) == 0 and not CarrierCall.objects.exists()


def test_one_question_at_a_time(sent):
    parcel = sent.shipments.get()
    CarrierCall.objects.create(shipment=parcel, owed_at=LATER, due_at=LATER)
    with pytest.raises(IntegrityError, match="a_carrier_is_asked_once_at_a_time"), transaction.atomic():
        CarrierCall.objects.create(shipment=parcel, owed_at=LATER, due_at=LATER)
    assert polling.owe(at=LATER) == 0
