"""Every page that showed a person still works when they were erased, and says that they were."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.staff import Role
from complaints.models import Complaint, Outcome
from credit.models import Review
from deadlines.sweep import sweep_all
from kernel.actor import Actor
from orders.models import Order, Return
from outbox import relay
from payments.sandbox import straight
from privacy import erased, erasure, keys
from privacy.models import AccessRecord
from privacy.states import RequestKind
from tests.builders.cases import a_complaint_to_decide, a_ruling, rule
from tests.builders.orders import LIN_WEI, ORDERED, a_return, an_order
from tests.builders.people import a_buyer, a_member, a_staff, a_visitor
from tests.builders.requests import a_request
from tests.builders.reviews import a_review

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
DELIVERED = ORDERED + 2 * DAY
LATE = ORDERED + 120 * DAY
SAID = "釉色比图里偏灰一点。"
GAP = "已注销用户"


@pytest.fixture
def gone(platform_at):
    """The id of a buyer with a returned order, a decided case and a review, who was erased."""
    buyer = a_buyer("林未")
    returned = an_order(subject_id=buyer.subject_id, delivered_at=DELIVERED)
    a_return(returned, at=DELIVERED + DAY, received=True)
    reviewed = an_order(subject_id=buyer.subject_id, delivered_at=DELIVERED)
    a_review(order=reviewed, at=DELIVERED + DAY, text=SAID, nickname="林未")
    case = a_complaint_to_decide(order=reviewed, at=DELIVERED + DAY)
    rule(case, a_ruling(case, Outcome.REFUSED), at=case.opened_at + 3 * DAY)
    platform_at(LATE)
    while sweep_all():
        relay.drain_all()
        straight.run(at=LATE)
        relay.drain_all()
    request = a_request(buyer.subject_id, RequestKind.CLOSE, at=LATE)
    erasure.erase(request_id=request.pk, actor=Actor.system(), at=LATE)
    keys.forget_all()
    return buyer.subject_id


def text_of(client, *path, **kwargs):
    found = client.get(reverse(path[0], args=path[1:]), **kwargs)
    assert found.status_code == 200, (path, found.status_code)
    text = found.content.decode()
    for word in (LIN_WEI.name, LIN_WEI.address, "13800138000", "138 0013 8000", SAID):
        assert word not in text, (path, word)
    return text


def test_the_merchants_pages_name_an_erased_person(gone):
    for order in Order.objects.filter(subject_id=gone).select_related("merchant"):
        shop = a_member(order.merchant).client
        slug = order.merchant.slug
        text_of(shop, "orders:merchant-order", slug, order.number)
        text_of(shop, "orders:merchant-orders", slug)
        text_of(shop, "orders:merchant-returns", slug)
        for returning in Return.objects.filter(order=order):
            text_of(shop, "orders:merchant-return", slug, returning.number)
        for case in Complaint.objects.filter(order=order):
            text_of(shop, "complaints:shop-cases", slug)
            assert "已删除" in text_of(shop, "complaints:shop-case", slug, case.number)


def test_staff_read_the_case_and_the_record_says_so(gone):
    staff = a_staff(Role.REVIEWER).client
    case = Complaint.objects.get(subject_id=gone)
    assert "已删除" in text_of(staff, "admin:complaints_complaint_change", case.pk)
    text_of(staff, "admin:complaints_complaint_changelist")
    for order in Order.objects.filter(subject_id=gone):
        text_of(staff, "admin:orders_order_change", order.pk)
    text_of(staff, "admin:orders_order_changelist")
    review = Review.objects.get(subject_id=gone)
    text_of(staff, "admin:credit_review_change", review.pk)
    assert AccessRecord.objects.filter(subject_id=gone).exists()


def test_a_review_keeps_its_scores_without_words(gone):
    review = Review.objects.select_related("line__listing").get(subject_id=gone)
    listing = review.line.listing
    text_of(a_visitor().client, "credit:reviews", listing.pk)


def test_what_would_change_something_is_refused_in_words(gone):
    order = Order.objects.filter(subject_id=gone).first()
    with erased.shown():
        assert str(order.recipient) == GAP
        order.recipient = order.recipient
    with pytest.raises(keys.KeyDestroyed), transaction.atomic():
        order.save()


def test_outside_of_pages_it_still_raises(gone):
    with pytest.raises(keys.KeyDestroyed):
        str(Order.objects.filter(subject_id=gone).first().recipient)
