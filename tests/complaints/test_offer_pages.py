"""The pages of a negotiation: forms alone lead from an offer to an objection."""

import pytest
from django.urls import reverse

from complaints.models import Offer
from kernel import clock
from kernel.ids import new_id
from tests.builders.cases import (
    ANSWERED,
    DAY,
    DELIVERED,
    HOUR,
    OPENED,
    a_complaint,
    an_answered_complaint,
    reloaded,
)
from tests.builders.orders import an_order
from tests.builders.people import a_buyer, a_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(the_law):
    return the_law


def sent(person, address, told):
    return person.client.post(address, {**told, "idempotency_key": new_id().hex})


class TestOnTheirPages:
    """A counter-offer, a repair and an objection, by the forms alone."""

    def test_from_the_offer_to_the_objection(self):
        buyer = a_buyer()
        order = an_order(delivered_at=DELIVERED, subject_id=buyer.subject_id)
        case = a_complaint(order=order)
        member = a_member(order.merchant)
        shop = [order.merchant.slug, case.number]
        page = reverse("complaints:case", args=[case.number])
        with clock.frozen(OPENED + HOUR):
            refused = sent(
                member, reverse("complaints:shop-answer", args=shop), {"kind": "offer", "text": "可以修"}
            )
            assert (refused.status_code, "可以修" in refused.content.decode()) == (422, True)
            told_ = {"kind": "offer", "remedy": "refund", "offered": "10.00", "text": "退您十元"}
            assert sent(member, reverse("complaints:shop-answer", args=shop), told_).status_code == 303
            assert "10.00" in buyer.client.get(page).content.decode()
        with clock.frozen(OPENED + 2 * HOUR):
            chosen = buyer.client.get(reverse("complaints:confirm", args=[case.number]) + "?choice=counter")
            form = reverse("complaints:counter", args=[case.number])
            assert (chosen.status_code, chosen["Location"]) == (303, form)
            assert buyer.client.get(form).status_code == 200
            refused = sent(buyer, form, {"remedy": "refund", "text": "不够"})
            assert (refused.status_code, "不够" in refused.content.decode()) == (422, True)
            assert sent(buyer, form, {"remedy": "repair", "days": "5", "text": "请修好"}).status_code == 303
        with clock.frozen(OPENED + 3 * HOUR):
            assert member.client.get(reverse("complaints:shop-case", args=shop)).status_code == 200
            yes = {"kind": "accept", "text": "好的"}
            assert sent(member, reverse("complaints:shop-answer", args=shop), yes).status_code == 303
            assert reloaded(case).state == "performing"
            assert buyer.client.get(page).status_code == 200
            done = reverse("complaints:shop-performance", args=shop)
            assert sent(member, done, {"text": ""}).status_code == 422
            assert sent(member, done, {"text": "修好寄出"}).status_code == 303
            assert member.client.get(reverse("complaints:shop-case", args=shop)).status_code == 200
        with clock.frozen(OPENED + DAY):
            assert buyer.client.get(page).status_code == 200
            objection = reverse("complaints:objection", args=[case.number])
            assert buyer.client.get(objection).status_code == 200
            assert sent(buyer, objection, {"text": "没修好"}).status_code == 303
        assert reloaded(case).state == "deciding"
        assert Offer.objects.filter(complaint=case).count() == 2

    def test_a_retracted_offer_that_was_on_the_page_is_not_accepted(self):
        buyer = a_buyer()
        order = an_order(delivered_at=DELIVERED, subject_id=buyer.subject_id)
        case = an_answered_complaint(order=order)
        member = a_member(order.merchant)
        with clock.frozen(ANSWERED + HOUR):
            take_back = reverse("complaints:shop-retraction", args=[order.merchant.slug, case.number])
            assert sent(member, take_back, {"offer": str(case.offer_id)}).status_code == 303
            assert sent(member, take_back, {"offer": "x"}).status_code == 409
            choose = reverse("complaints:choose", args=[case.number, "acceptance"])
            answer = sent(buyer, f"{choose}?offer={case.offer_id}", {})
        assert answer.status_code == 409
        assert reloaded(case).state == "answered"
