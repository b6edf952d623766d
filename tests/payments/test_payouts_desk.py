"""The money desk's queue of payouts: each button by permission, a large one by two people."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import JointAct
from accounts.staff import Role
from kernel.money import Money
from merchants.models import PayoutAccount
from payments.models import Payout
from payments.paying_out import runs
from tests.builders.payouts import MONDAY, a_payout, a_rich_shop, available, earns
from tests.builders.people import a_staff
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db


def at(name: str, made: Payout) -> str:
    return reverse(f"admin:payments_payout_{name}", args=[made.pk])


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_large_one_goes_from_page_to_page() -> None:
    shop = a_rich_shop(5_000_000)
    made = a_payout(shop)
    first, second = a_staff(Role.MONEY_DESK), a_staff(Role.MONEY_DESK)
    assert at("release", made) in text(first.client.get(at("change", made)))
    assert a_staff(Role.AUDITOR).client.post(at("release", made)).status_code == 403
    assert first.client.post(at("release", made)).status_code == 302
    act = JointAct.objects.get(kind="payments.release_payout")
    decide = reverse("staff:joint-decide", args=[act.pk])
    first.client.post(decide, {"decision": "confirm"})
    made.refresh_from_db()
    assert made.state == "held"
    second.client.post(decide, {"decision": "confirm"})
    made.refresh_from_db()
    assert (made.state, made.act_id, available(shop)) == ("requested", act.pk, Money(0))
    said = text(second.client.get(at("change", made)))
    assert at("release", made) not in said
    assert reverse("admin:payments_providercall_changelist")[:-1] in said


def test_an_auditor_reads_and_sees_no_button() -> None:
    made = a_payout(a_rich_shop(5_000_000))
    said = text(a_staff(Role.AUDITOR).client.get(at("change", made)))
    assert "第二个人" in said
    assert at("release", made) not in said


def test_an_account_is_confirmed_and_the_next_run_pays() -> None:
    shop = a_merchant()
    earns(shop, 10_000)
    made = a_payout(shop)
    desk = a_staff(Role.MONEY_DESK)
    assert at("account", made) in text(desk.client.get(at("change", made)))
    assert a_staff(Role.REVIEWER).client.post(at("account", made)).status_code == 403
    desk.client.post(at("account", made))
    assert PayoutAccount.objects.get().verified_by == str(desk.actor)
    assert runs.run_due(at=MONDAY) == 1
    made.refresh_from_db()
    assert made.state == "requested"


def test_a_step_too_late_says_so_and_changes_nothing() -> None:
    made = a_payout(a_rich_shop())
    desk = a_staff(Role.MONEY_DESK)
    answer = desk.client.post(at("release", made), follow=True)
    assert "不再等你处理" in text(answer)
    assert not JointAct.objects.filter(kind="payments.release_payout").exists()


def test_the_list_shows_what_waits_in_words() -> None:
    a_payout(a_rich_shop(5_000_000))
    said = text(a_staff(Role.MONEY_DESK).client.get(reverse("admin:payments_payout_changelist")))
    assert "大额，两人放行" in said
