"""After a restore nothing is paid out until somebody compared the books."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from kernel.actor import Actor
from kernel.money import Money
from payments.models import Payout
from payments.paying_out import sending
from privacy import restored

AT = datetime(2026, 11, 1, 8, tzinfo=UTC)


@pytest.mark.django_db
def test_a_payout_is_refused_and_nothing_is_moved() -> None:
    restored.note(backup_id="b", taken_at=AT, keys_missing=False, leaves_lost=0, at=AT)
    restored.finish(tombstones_replayed=0, at=AT)
    with pytest.raises(sending.PayoutsFrozen):
        sending.request(
            merchant_id=uuid4(), amount=Money(100, "CNY"), provider="sandbox", actor=Actor.system(), at=AT
        )
    assert not Payout.objects.exists()
