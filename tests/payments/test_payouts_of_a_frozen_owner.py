"""No money leaves while somebody else may sit in the account of whoever may move it."""

import pytest

from accounts import freezing
from kernel import clock
from kernel.actor import Actor
from kernel.money import Money
from merchants.capabilities import Capability
from payments import accounts, ledger
from payments.models import Payout
from payments.paying_out import holds, sending
from tests.builders.payouts import a_rich_shop
from tests.builders.people import a_member
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db
HUNDRED = Money(10_000)


@pytest.fixture
def rich():  # type: ignore[no-untyped-def]
    return a_rich_shop(HUNDRED.minor)


def pay_out(shop) -> Payout:  # type: ignore[no-untyped-def]
    return sending.request(
        merchant_id=shop.pk, amount=HUNDRED, provider="sandbox", actor=Actor.system(), at=clock.now()
    )


@pytest.mark.parametrize("capability", [Capability.OWNER, Capability.FINANCE])
def test_it_waits_and_goes_on_when_the_account_is_back(rich, capability):  # type: ignore[no-untyped-def]
    member = a_member(rich, [capability])
    freezing.freeze(subject_id=member.subject_id, actor=member.actor, at=clock.now())
    with pytest.raises(holds.PayoutHeld):
        pay_out(rich)
    assert not Payout.objects.exists()
    assert ledger.balance(accounts.available(rich.pk)) == HUNDRED
    freezing.recover(subject_id=member.subject_id, actor=Actor.system(), at=clock.now())
    assert pay_out(rich).amount == HUNDRED


def test_whoever_moves_no_money_holds_nothing_up(rich):  # type: ignore[no-untyped-def]
    packer = a_member(rich, [Capability.ORDERS])
    freezing.freeze(subject_id=packer.subject_id, actor=packer.actor, at=clock.now())
    assert pay_out(rich).amount == HUNDRED


def test_another_shop_s_owner_holds_nothing_up(rich):  # type: ignore[no-untyped-def]
    other = a_member(a_merchant())
    freezing.freeze(subject_id=other.subject_id, actor=other.actor, at=clock.now())
    assert pay_out(rich).amount == HUNDRED
