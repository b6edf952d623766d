"""The database's own rules of payouts, attacked in SQL; and what takes two people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from accounts import joint_acts
from kernel import clock
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from merchants.models import Merchant, PayoutAccount
from merchants.parties import PartyMayNotAct
from payments.models import Payout
from payments.paying_out import releasing
from payments.paying_out.holds import Hold, PayoutHeld
from payments.sandbox import straight
from tests.builders.payouts import MONDAY, SYSTEM, a_payout, a_rich_shop, available, earns
from tests.builders.people import a_member
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db
# Fifty thousand yuan: from here a second person looks.
LARGE = 5_000_000
OWN = "a payout goes to the shop's confirmed account"
ONCE = (IntegrityError, InternalError)


def refused(rule: str, sql: str, *values: object) -> None:
    with pytest.raises(ONCE, match=rule), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def put(shop: Merchant, account: object, **changes: object) -> tuple[str, list[object]]:
    facts: dict[str, object] = {
        "id": new_id(),
        "merchant_id": shop.pk,
        "account_id": account,
        "provider": "sandbox",
        "amount_minor": 100,
        "currency": "CNY",
        "state": "requested",
        "requested_at": MONDAY,
    } | changes
    names = ", ".join(facts)
    return f"INSERT INTO payments_payout ({names}) VALUES ({', '.join(['%s'] * len(facts))})", [
        *facts.values()
    ]


class TestAccount:
    def test_of_another_shop_none_ended_unconfirmed_or_too_new(self) -> None:
        shop, other = a_rich_shop(), a_rich_shop()
        own, theirs = (PayoutAccount.objects.get(merchant=one, ended_at=None) for one in (shop, other))
        for account in (None, theirs.pk):
            sql, values = put(shop, account)
            refused("has no account of its shop", sql, *values)
        sql, values = put(shop, own.pk)
        kept = {"ended_at": None, "verified_at": own.verified_at, "verified_by": own.verified_by}
        broken: list[dict[str, object]] = [
            {"ended_at": MONDAY},
            {"verified_at": None, "verified_by": ""},
            {"usable_from": MONDAY + timedelta(seconds=1)},
        ]
        for one in broken:
            PayoutAccount.objects.filter(pk=own.pk).update(**one)
            refused("has no account of its shop", sql, *values)
            PayoutAccount.objects.filter(pk=own.pk).update(**kept, usable_from=own.usable_from)

    def test_used_before_its_start_or_confirmed_by_nobody(self) -> None:
        account = PayoutAccount.objects.get(merchant=a_rich_shop())
        refused(
            "merchant_payout_account_is_used_after_its_start",
            "UPDATE merchants_payoutaccount SET usable_from = since - interval '1 second' WHERE id = %s",
            account.pk,
        )
        refused(
            "merchant_payout_account_says_who_confirmed_it",
            "UPDATE merchants_payoutaccount SET verified_by = '' WHERE id = %s",
            account.pk,
        )
        refused(
            "merchant_payout_channel_is_known",
            "UPDATE merchants_payoutaccount SET channel = 'cash' WHERE id = %s",
            account.pk,
        )


class TestRow:
    def test_what_left_stays_what_it_was(self) -> None:
        made = a_payout(a_rich_shop())
        for change in ("amount_minor = 1", "provider = 'alipay'", "account_id = NULL", "merchant_id = id"):
            refused("has left as it was", f"UPDATE payments_payout SET {change} WHERE id = %s", made.pk)
        refused("delete", "DELETE FROM payments_payout WHERE id = %s", made.pk)

    @pytest.mark.parametrize(
        ("rule", "change"),
        [
            ("known state|has its instant", {"state": "lost"}),
            ("a payout says why exactly while it waits", {"state": "held"}),
            ("a payout says why exactly while it waits", {"hold": "large"}),
            ("a payout has its instant exactly when it ended", {"state": "paid"}),
            ("a payout that left names its provider", {"provider": ""}),
            ("a payout is above zero", {"amount_minor": 0}),
            ("a payout is in a known currency", {"currency": "XAU"}),
        ],
        ids=["state", "hold missing", "hold left", "instant", "provider", "sum", "currency"],
    )
    def test_is_whole(self, rule: str, change: dict[str, object]) -> None:
        shop = a_rich_shop()
        account = PayoutAccount.objects.get(merchant=shop)
        sql, values = put(shop, account.pk, **change)
        refused(rule, sql, *values)

    def test_one_waits_per_shop_and_currency(self) -> None:
        shop = a_rich_shop()
        held = {"state": "held", "hold": "large"}
        sql, values = put(shop, None, **held)
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
        sql, values = put(shop, None, **held)
        refused("one payout waits per shop and currency", sql, *values)


class TestLarge:
    def propose(self, made: Payout) -> joint_acts.JointAct:
        return joint_acts.propose(step=releasing.step_for(made), actor=Actor.staff(new_id()), at=clock.now())

    def test_waits_for_two_people_and_leaves_as_it_was_looked_at(self) -> None:
        shop = a_rich_shop(LARGE)
        made = a_payout(shop)
        assert (made.state, made.hold, made.second_person) == ("held", Hold.LARGE, True)
        earns(shop, 700)
        assert a_payout(shop).amount == Money(LARGE)
        act = self.propose(made)
        with pytest.raises(joint_acts.SamePerson):
            joint_acts.confirm(act_id=act.pk, actor=Actor.staff(act.proposed_by), at=clock.now())
        joint_acts.confirm(act_id=act.pk, actor=Actor.staff(new_id()), at=clock.now())
        made.refresh_from_db()
        assert (made.state, made.act_id, available(shop)) == ("requested", act.pk, Money(700))
        straight.run(at=clock.now())
        made.refresh_from_db()
        assert made.state == "paid"

    def test_one_fen_less_needs_nobody(self) -> None:
        assert a_payout(a_rich_shop(LARGE - 1)).state == "requested"

    def test_leaves_by_no_other_door(self) -> None:
        shop = a_rich_shop(LARGE)
        made = a_payout(shop)
        account = PayoutAccount.objects.get(merchant=shop)
        leave = (
            "UPDATE payments_payout SET state = 'requested', hold = '', provider = 'sandbox', account_id = %s"
        )
        refused("needs two people", f"{leave} WHERE id = %s", account.pk, made.pk)
        act = self.propose(made)
        refused("needs two people", f"{leave}, act_id = %s WHERE id = %s", account.pk, act.pk, made.pk)
        refused(
            "needs two people",
            f"{leave}, act_id = %s, second_person = false WHERE id = %s",
            account.pk, new_id(), made.pk,
        )  # fmt: skip

    def test_not_by_a_party_and_not_while_something_else_holds_it(self) -> None:
        shop = a_rich_shop(LARGE)
        made = a_payout(shop)
        act = self.propose(made)
        with pytest.raises(PartyMayNotAct):
            joint_acts.confirm(act_id=act.pk, actor=Actor.staff(a_member(shop).subject_id), at=clock.now())
        PayoutAccount.objects.update(ended_at=clock.now())
        with pytest.raises(releasing.NoAccount):
            joint_acts.confirm(act_id=act.pk, actor=Actor.staff(new_id()), at=clock.now())
        assert (available(shop), Payout.objects.get().state) == (Money(LARGE), "held")
        assert PayoutHeld.code == "payout_held"

    def test_one_that_waits_for_something_else_can_t_be_proposed(self) -> None:
        shop = a_merchant()
        earns(shop, LARGE)
        with pytest.raises(releasing.PayoutMovedOn):
            releasing.step_for(a_payout(shop))


def test_staff_confirm_an_account_that_no_register_could() -> None:
    shop = a_merchant()
    earns(shop, 10_000)
    made = a_payout(shop)
    with pytest.raises(PartyMayNotAct):
        releasing.compare_account(payout_id=made.pk, actor=Actor.staff(a_member(shop).subject_id), at=MONDAY)
    colleague = Actor.staff(new_id())
    account = releasing.compare_account(payout_id=made.pk, actor=colleague, at=MONDAY)
    assert (account.verified_at, account.verified_by) == (MONDAY, str(colleague))
    assert a_payout(shop).state == "requested"
    assert str(SYSTEM) == "system"
