"""Staff act on nothing of their own: refused by the use case, and by the database beneath it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts import freezing, joint_acts, on_behalf
from accounts.staff import Role
from catalog import suspension
from complaints.models import Outcome
from kernel import clock
from kernel.actor import Actor
from merchants import standing
from merchants.parties import PartyMayNotAct
from privacy.models import Request
from tests.builders.cases import a_complaint_to_decide, a_ruling, rule
from tests.builders.people import a_buyer, a_member, a_staff
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db


def test_not_on_a_shop_they_act_for():
    shop = a_merchant()
    own = Actor.staff(a_member(shop).subject_id)
    reasons = {"reason": "x", "rule_id": "cn.x", "actor": own, "at": clock.now()}
    for step in (standing.restrict, standing.suspend, standing.close):
        with pytest.raises(PartyMayNotAct):
            step(merchant_id=shop.pk, **reasons)
    listing = a_listing(merchant=shop)
    with pytest.raises(PartyMayNotAct):
        suspension.suspend(listing_id=listing.pk, **reasons)


def test_nor_by_sql():
    shop = a_merchant()
    own = a_member(shop).subject_id
    with pytest.raises(IntegrityError, match="no shop of their own"), transaction.atomic():
        connection.cursor().execute(
            """INSERT INTO merchants_merchantmove
            (id, merchant_id, name, from_state, to_state, reason, rule_id, actor, at)
            VALUES (gen_random_uuid(), %s, 'restore', 'closed', 'trading', 'x', '', %s, now())""",
            [shop.pk, f"staff:{own}"],
        )


def test_nor_a_ruling_by_sql():
    case = a_complaint_to_decide()
    own = a_member(case.merchant).subject_id
    with pytest.raises(IntegrityError, match="no case of their own shop"), transaction.atomic():
        connection.cursor().execute(
            """INSERT INTO complaints_decision
            (id, complaint_id, subject_id, outcome, amount_minor, facts, reasons, rule_ids, decided_by, at)
            VALUES (gen_random_uuid(), %s, %s, 'refused', 0, '', '', '{x}', %s, now())""",
            [case.pk, case.subject_id, own],
        )
    rule(case, a_ruling(case, Outcome.UPHELD), at=clock.now())


class TestOnBehalf:
    def test_freezing_takes_two_officers(self):
        person = a_buyer()
        first, second = a_staff(Role.SECURITY_OFFICER), a_staff(Role.SECURITY_OFFICER)
        page, sent = reverse("staff:on-behalf"), {"step": "accounts.freeze_for", "email": person.email}
        assert a_staff(Role.REVIEWER).client.get(page).status_code == 403
        assert first.client.post(page, {**sent, "step": "accounts.erase_for"}).status_code == 422
        assert first.client.post(page, sent).status_code == 303
        act = joint_acts.waiting(at=clock.now())[0]
        decide = reverse("staff:joint-decide", args=[act.pk])
        first.client.post(decide, {"decision": "confirm"})
        assert not freezing.is_frozen(person.subject_id)
        second.client.post(decide, {"decision": "confirm"})
        assert freezing.is_frozen(person.subject_id)

    def test_an_erasure_is_asked_for_with_its_days_to_think(self):
        person = a_buyer()
        first, second = a_staff(Role.PRIVACY_OFFICER), a_staff(Role.PRIVACY_OFFICER)
        step = on_behalf.EraseFor(subject_id=person.subject_id)
        act = joint_acts.propose(step=step, actor=first.actor, at=clock.now())
        joint_acts.confirm(act_id=act.pk, actor=second.actor, at=clock.now())
        assert Request.objects.get(subject_id=person.subject_id).kind == "erase"

    @pytest.mark.parametrize("which", [0, 1])
    def test_not_for_one_of_the_two(self, which):
        two = [a_staff(Role.SECURITY_OFFICER), a_staff(Role.SECURITY_OFFICER)]
        step = on_behalf.FreezeFor(subject_id=two[which].subject_id)
        act = joint_acts.propose(step=step, actor=two[0].actor, at=clock.now())
        with pytest.raises(on_behalf.OwnAccount):
            joint_acts.confirm(act_id=act.pk, actor=two[1].actor, at=clock.now())
