"""Services over REST: codes redeemed by a shop's program, appointments made and cancelled by a person's."""

from datetime import timedelta

import pytest

from orders.models import Appointment, Voucher
from tests.builders.orders import ORDERED
from tests.builders.people import a_buyer, a_member
from tests.builders.programs import Program, a_key
from tests.builders.shops import a_listing, a_merchant
from tests.builders.vouchers import BOUND, a_pack, a_slot, a_voucher, code_of

pytestmark = pytest.mark.django_db
BEFORE = ORDERED - timedelta(days=1)


@pytest.fixture
def buyer():
    return a_buyer(at=BEFORE)


@pytest.fixture
def program(buyer):
    return Program(buyer)


def test_a_shop_s_program_redeems_once_per_key(program, buyer):
    shop = a_merchant()
    order = a_voucher(a_pack(shop), subject_id=buyer.subject_id)
    counter, key = Program(a_member(shop), merchant=shop), a_key()
    body = {"code": code_of(order), "pieces": 2}
    for _ in range(2):
        done = counter.post("/points/codes/", body, key=key)
        assert (done.status_code, done.json()["kind"], done.json()["order"]) == (200, "voucher", order.number)
    assert Voucher.objects.get().used == 2
    assert counter.post("/points/codes/", {**body, "pieces": 1}, key=key).status_code == 409
    assert counter.step("/points/codes/", {**body, "pieces": 4}).status_code == 422
    told = program.get(f"/orders/{order.number}/services/").json()["results"][0]
    # 100.01 for five, two used: 100.01 - 40.00.
    assert (told["uses"], told["used"], told["left"], told["unused_minor"]) == (5, 2, 3, 6001)
    assert [each["amount_minor"] for each in told["steps"]] == [10001, -4000]
    assert told["code"] == code_of(order)


def test_a_person_s_program_books_and_cancels(program, buyer):
    listing = a_pack(**BOUND)
    order, slot = a_voucher(listing, subject_id=buyer.subject_id), a_slot(listing)
    url = f"/orders/{order.number}"
    (told,) = program.get(f"{url}/services/").json()["results"]
    assert [(each["id"], each["seats"]) for each in told["times"]] == [(str(slot.pk), 2)]
    wanted = {"line": told["line"], "time": str(slot.pk)}
    (after,) = program.step(f"{url}/appointments/", wanted).json()["results"]
    (made,) = after["appointments"]
    assert (made["state"], after["booked"], after["times"][0]["seats"]) == ("booked", 1, 1)
    ended = program.step(f"{url}/appointments/{made['id']}/cancellation/").json()["results"][0]
    assert (ended["appointments"][0]["state"], ended["booked"]) == ("cancelled", 0)
    assert program.step(f"{url}/appointments/{made['id']}/cancellation/").status_code == 409


def test_nobody_else_s_and_nothing_sent(buyer):
    listing = a_pack(**BOUND)
    order, slot, other = a_voucher(listing), a_slot(listing), Program(a_buyer(at=BEFORE))
    assert other.get(f"/orders/{order.number}/services/").status_code == 404
    body = {"line": str(order.lines.get().pk), "time": str(slot.pk)}
    assert other.step(f"/orders/{order.number}/appointments/", body).status_code == 404
    assert not Appointment.objects.exists()
    goods = a_listing()
    assert goods.category_id != "services"
