"""Many workers and one compensation, on real connections: owed, gathered and sent once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from law.compensation import promised_share
from payments import fund
from payments.awards import owing, sending
from payments.invariants import all_offences
from payments.lifecycle import AwardCause
from payments.models import Award, LedgerEntry, ProviderCall
from tests.builders.money import OPENED, a_captured_payment, references
from tests.builders.shops import a_merchant
from tests.payments.test_at_once import at_once
from tests.payments.test_awards import RULE, SYSTEM, an_award

pytestmark = pytest.mark.django_db(transaction=True)
NOW = OPENED + timedelta(hours=1)


def test_two_sweepers_owe_and_pay_once() -> None:
    paid, shop, fact = a_captured_payment(20_000), a_merchant(), new_id()
    reckoned = promised_share(rule_id=RULE, base=Money(20_000), permille=100, least=500, most=10_000)
    at_once(
        lambda _: owing.owe(
            order_id=references(paid)[0],
            merchant_id=shop.pk,
            subject_id=paid.payer_subject_id,
            cause=AwardCause.LATE_DISPATCH,
            cause_id=fact,
            reckoned=reckoned,
            waits=False,
            actor=Actor.system(),
            at=NOW,
        )
    )
    award = Award.objects.get(cause_id=fact)
    assert (award.state, fund.debt(shop.pk)) == ("requested", Money(2_000))
    assert LedgerEntry.objects.filter(reference=award.pk).count() == 2
    assert all_offences() == []


def test_what_waited_is_gathered_and_sent_once() -> None:
    award = an_award(waits=True)
    at_once(lambda _: owing.gather(award_id=award.pk, actor=SYSTEM, at=NOW))
    at_once(lambda _: sending.send_waiting(at=NOW))
    award.refresh_from_db()
    assert (award.state, award.tries) == ("requested", 1)
    assert ProviderCall.objects.filter(kind="award").count() == 1
    assert all_offences() == []
