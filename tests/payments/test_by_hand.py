"""Money that staff move by hand takes two people: in the use case, on the pages, and in the ledger itself."""

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse

from accounts import joint_acts
from accounts.models import JointAct
from accounts.staff import Role
from kernel import clock
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from merchants.parties import PartyMayNotAct
from payments import accounts, by_hand, fund, ledger
from payments.models import LedgerEntry, Payout
from payments.paying_out import sending
from tests.builders.payouts import a_rich_shop
from tests.builders.people import a_member, a_staff

pytestmark = pytest.mark.django_db

HUNDRED = Money(10_000)


@pytest.fixture
def rich():
    """A shop with a hundred yuan to be paid out."""
    return a_rich_shop(HUNDRED.minor)


def a_step(shop, minor=4_000):
    return by_hand.PayOut(merchant_id=shop.pk, amount_minor=minor, currency="CNY", provider="sandbox")


def test_a_payout_goes_from_page_to_page_and_names_both(rich):
    first, second = a_staff(Role.MONEY_DESK), a_staff(Role.MONEY_DESK)
    page = reverse("admin:payments_pay_out")
    sent = {"merchant_id": str(rich.pk), "amount": "40.00", "provider": "sandbox"}
    assert a_staff(Role.MERCHANT_DESK).client.post(page, sent).status_code == 403
    assert first.client.get(page).status_code == 200
    assert first.client.post(page, sent | {"amount": "-1"}).status_code == 422
    assert first.client.post(page, sent).status_code == 303
    act = JointAct.objects.get(kind="payments.pay_out")
    decide = reverse("staff:joint-decide", args=[act.pk])
    first.client.post(decide, {"decision": "confirm"})
    assert not Payout.objects.exists()
    second.client.post(decide, {"decision": "confirm"})
    made = Payout.objects.get()
    assert (made.pk, made.amount) == (act.pk, Money(4_000))
    assert ledger.balance(accounts.available(rich.pk)) == Money(6_000)


def test_more_than_there_is_leaves_the_step_waiting(rich):
    first, second = (Actor.staff(new_id()) for _ in range(2))
    act = joint_acts.propose(step=a_step(rich, 10_001), actor=first, at=clock.now())
    with pytest.raises(ledger.NotEnoughMoney):
        joint_acts.confirm(act_id=act.pk, actor=second, at=clock.now())
    act.refresh_from_db()
    assert act.state == "waiting" and not Payout.objects.exists()


@pytest.mark.parametrize("which", [0, 1])
def test_not_for_a_shop_of_ones_own(rich, which):
    people = [Actor.staff(new_id()), Actor.staff(new_id())]
    people[which] = Actor.staff(a_member(rich).subject_id)
    act = joint_acts.propose(step=a_step(rich), actor=people[0], at=clock.now())
    with pytest.raises(PartyMayNotAct):
        joint_acts.confirm(act_id=act.pk, actor=people[1], at=clock.now())


def test_an_advance_goes_into_the_orders_escrow(rich):
    first, second = (Actor.staff(new_id()) for _ in range(2))
    order_id = new_id()
    step = by_hand.Advance(order_id=order_id, merchant_id=rich.pk, amount_minor=500, currency="CNY")
    act = joint_acts.propose(step=step, actor=first, at=clock.now())
    joint_acts.confirm(act_id=act.pk, actor=second, at=clock.now())
    assert ledger.balance(accounts.escrow(order_id)) == Money(500)


def test_one_member_of_staff_alone_moves_nothing_not_even_in_code(rich):
    alone = Actor.staff(new_id())
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        sending.request(merchant_id=rich.pk, amount=Money(1), provider="sandbox", actor=alone, at=clock.now())
    act = joint_acts.propose(step=a_step(rich), actor=alone, at=clock.now())
    for payout_id in (act.pk, new_id()):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            sending.request(
                merchant_id=rich.pk,
                amount=Money(1),
                provider="sandbox",
                actor=alone,
                at=clock.now(),
                payout_id=payout_id,
            )
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        fund.advance(
            reference=new_id(),
            merchant_id=rich.pk,
            amount=Money(1),
            purpose=f"by_hand:{act.pk}",
            actor=alone,
            at=clock.now(),
        )


@pytest.mark.parametrize("purpose", ["payout", "advance:by_hand:x"])
def test_sql_is_refused_too(purpose):
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        connection.cursor().execute(
            """INSERT INTO payments_ledgerentry (id, reference, purpose, occurred_at, actor)
            VALUES (gen_random_uuid(), gen_random_uuid(), %s, now(), 'staff:' || gen_random_uuid())""",
            [purpose],
        )
    assert not LedgerEntry.objects.filter(purpose=purpose).exists()
