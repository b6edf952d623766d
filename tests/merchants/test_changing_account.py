"""Another account for a shop's money: in its own name, told to every owner, used after some hours."""

from datetime import timedelta

import pytest

from accounts import freezing
from kernel.actor import Actor
from merchants import changing_account, payout_accounts
from merchants.models import PayoutAccount
from notifications.models import Letter
from tests.builders.people import a_member
from tests.builders.shops import ADMITTED, a_merchant

pytestmark = pytest.mark.django_db
AT = ADMITTED + timedelta(days=9)
NEW = "6222020200112230012"


def change(shop, **changes):  # type: ignore[no-untyped-def]
    answers = {"channel": "bank", "holder": shop.legal_name, "bank": "另一家银行", "number": NEW} | changes
    return changing_account.change(
        merchant_id=shop.pk, answers=answers, path="/m/", actor=Actor.system(), at=AT
    )


def test_it_takes_the_old_one_s_place_and_waits() -> None:
    shop = a_merchant()
    owner = a_member(shop)
    old = payout_accounts.current(shop.pk)
    new = change(shop)
    assert old is not None
    old.refresh_from_db()
    assert (old.ended_at, new.number, new.usable_from) == (AT, NEW, AT + timedelta(hours=72))
    assert (new.verified_at, new.verified_by) == (AT, "system")
    letters = Letter.objects.filter(kind="merchants.payout_account_changed")
    assert owner.subject_id in set(letters.values_list("subject_id", flat=True))


def test_the_first_may_be_used_at_once() -> None:
    shop = a_merchant()
    first = payout_accounts.current(shop.pk)
    assert first is not None
    assert first.usable_from == first.since


def test_the_same_again_changes_nothing() -> None:
    shop = a_merchant()
    first = change(shop)
    assert change(shop, number="6222 0202 0011 2230 012").pk == first.pk
    assert Letter.objects.filter(kind="merchants.payout_account_changed").count() == 1


@pytest.mark.parametrize(
    ("refusal", "changes"),
    [
        (changing_account.AccountUnfit, {"number": "12"}),
        (changing_account.AccountUnfit, {"channel": "stripe"}),
        (changing_account.AccountUnfit, {"channel": "wechatpay", "number": "短"}),
        (changing_account.AccountOfAnother, {"holder": "别人"}),
        (changing_account.AccountNotConfirmed, {"number": "6222020200112234040"}),
    ],
    ids=["short", "channel", "openid", "holder", "bank says no"],
)
def test_what_doesn_t_fit_changes_nothing(refusal, changes) -> None:  # type: ignore[no-untyped-def]
    shop = a_merchant()
    old = payout_accounts.current(shop.pk)
    with pytest.raises(refusal):
        change(shop, **changes)
    assert payout_accounts.current(shop.pk) == old
    assert not Letter.objects.filter(kind="merchants.payout_account_changed").exists()


def test_where_nobody_answers_staff_compare_it() -> None:
    new = change(a_merchant(), number="6222020200112235030")
    assert (new.verified_at, new.verified_by) == (None, "")
    staff = Actor.staff(new.pk)
    changing_account.confirm(account_id=new.pk, actor=staff, at=AT)
    new.refresh_from_db()
    assert (new.verified_at, new.verified_by) == (AT, str(staff))


def test_not_while_somebody_else_may_sit_in_an_owner_s_account() -> None:
    shop = a_merchant()
    member = a_member(shop)
    freezing.freeze(subject_id=member.subject_id, actor=member.actor, at=AT)
    with pytest.raises(changing_account.AccountFrozen):
        change(shop)
    assert PayoutAccount.objects.filter(merchant=shop).count() == 1


@pytest.mark.parametrize(
    ("channel", "number"),
    [
        ("alipay", "money@example.com"),
        ("alipay", "2088000000000000"),
        ("wechatpay", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"),
        ("stripe", "acct_1Nv0FGQ9RKHgCVdK"),
    ],
)
def test_an_account_at_a_provider_keeps_its_capitals(channel: str, number: str) -> None:
    new = change(a_merchant(), channel=channel, number=number)
    assert (new.channel, new.number) == (channel, number)
