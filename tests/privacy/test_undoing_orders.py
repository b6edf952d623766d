"""A guardian has an order of their child undone: a request of its own, and the money waits for the answer."""

import pytest
from django.db import IntegrityError, transaction

from accounts.staff import Role
from orders.models import Order, OrderHold
from outbox.relay import drain_all
from privacy import ages, guardian_proofs, requests, undoing_orders
from privacy.models import Request
from privacy.states import RequestKind
from tests.builders.guardians import OFFICER, a_proof
from tests.builders.orders import an_order
from tests.builders.people import a_buyer, a_staff
from tests.privacy.test_minors import AT, a_guardian_of, a_minor

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(at):
    at(AT)
    child = a_minor()
    guardian, _ = a_guardian_of(child)
    return child, guardian, an_order(subject_id=child.subject_id)


def link_of(guardian):
    return ages.children_of(guardian.subject_id)[0]


def asked(guardian, order, **other):
    link = link_of(guardian)
    told = {"link_id": link.pk, "number": order.number, "reason": "孩子不知道要花钱", **other}
    made = undoing_orders.ask(**told, actor=guardian.actor, at=AT)
    drain_all()
    return made


def held(order):
    return OrderHold.objects.filter(order=order, reason="guardian", lifted_at=None).exists()


def test_the_guardian_asks_and_the_money_waits_until_the_answer(family):
    child, guardian, order = family
    page = f"/privacy/minors/{link_of(guardian).pk}/order/"
    assert page in guardian.client.get("/privacy/minors/").content.decode()
    shown = guardian.client.get(page)
    assert shown.status_code == 200 and "cn.minor.ratification" in shown.content.decode()
    made = asked(guardian, order)
    assert (made.kind, made.subject_id, made.about) == ("undo_order", guardian.subject_id, order.pk)
    assert held(order)
    assert guardian.client.get(f"/privacy/requests/{made.number}/").status_code == 200
    assert child.client.get(f"/privacy/requests/{made.number}/").status_code == 404
    officer = a_staff(Role.PRIVACY_OFFICER).actor
    requests.answer(request_id=made.pk, text="已取消，钱退回原路。", actor=officer, at=AT)
    drain_all()
    assert not held(order)


def test_the_officer_sees_whether_the_guardian_was_checked(family):
    _, guardian, order = family
    made, officer = asked(guardian, order), a_staff(Role.PRIVACY_OFFICER)
    page = f"/admin/privacy/request/{made.pk}/change/"
    assert "还没有提交" in officer.client.get(page).content.decode()
    link = a_proof(guardian, link_of(guardian), at=AT)
    guardian_proofs.accept(link_id=link.pk, actor=OFFICER, at=AT)
    shown = officer.client.get(page).content.decode()
    assert f"/admin/privacy/guardianlink/{link.pk}/change/?purpose=privacy.request" in shown


@pytest.mark.parametrize("end", ["refuse", "withdraw"])
def test_refused_or_taken_back_nothing_is_held(family, end):
    _, guardian, order = family
    made = asked(guardian, order)
    if end == "refuse":
        officer = a_staff(Role.PRIVACY_OFFICER).actor
        requests.refuse(request_id=made.pk, reasons="与年龄相称。", actor=officer, at=AT)
    else:
        requests.withdraw(request_id=made.pk, actor=guardian.actor, at=AT)
    drain_all()
    assert not held(order)


def test_not_for_an_order_of_somebody_else_nor_twice(family):
    _, guardian, order = family
    other = an_order()
    for number in (other.number, "NOTHING"):
        with pytest.raises(undoing_orders.NoSuchOrder):
            asked(guardian, order, number=number)
    assert not Request.objects.exists() and not OrderHold.objects.exists()
    asked(guardian, order)
    with pytest.raises(undoing_orders.UndoingRuns):
        asked(guardian, order)
    assert Request.objects.count() == 1


def test_strangers_and_the_child_get_nowhere(family):
    child, guardian, order = family
    page = f"/privacy/minors/{link_of(guardian).pk}/order/"
    for stranger in (child, a_buyer()):
        assert stranger.client.get(page).status_code == 404
        stranger.client.post(page, {"number": order.number})
    assert not Request.objects.exists() and not held(order)


def test_by_sql_an_undoing_names_its_order_and_nothing_else_does(family):
    _, guardian, order = family
    made = asked(guardian, order)
    for change in ({"about": None}, {"kind": RequestKind.OTHER}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Request.objects.filter(pk=made.pk).update(**change)
    assert Order.objects.get(pk=order.pk).closed_at is None
