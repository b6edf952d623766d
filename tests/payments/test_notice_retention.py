"""The bodies of old notices go; ids and digests stay, and what isn't done with keeps all of it."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from payments import notice_retention
from payments.gateways import documents
from payments.models import Charge, ProviderNotice
from tests.builders.money import OPENED, a_payment
from tests.payments.test_webhook import deliver, notice

pytestmark = pytest.mark.django_db
KEPT = timedelta(days=180)


def sweep(after: timedelta) -> int:
    return notice_retention.old_bodies(at=OPENED + timedelta(minutes=1) + after, limit=100)


def test_a_body_goes_after_its_days_and_the_same_notice_is_still_known() -> None:
    told = notice(a_payment())
    assert deliver(told) == 200
    row = ProviderNotice.objects.get()
    assert row.digest == sha256(documents.write(told)).hexdigest() and row.body
    assert sweep(KEPT) == 0
    assert sweep(KEPT + timedelta(seconds=1)) == 1
    row.refresh_from_db()
    assert (row.body, row.event_id, len(row.digest)) == (None, "evt_1", 64)
    assert deliver(told) == 200
    assert ProviderNotice.objects.count() == Charge.objects.count() == 1
    assert sweep(KEPT * 2) == 0


def test_what_a_person_still_has_to_look_at_keeps_its_body() -> None:
    assert deliver(notice(a_payment(), amount=1)) == 200
    assert ProviderNotice.objects.get().outcome == "parked"
    assert sweep(KEPT * 2) == 0 and ProviderNotice.objects.get().body


@pytest.mark.parametrize(
    "change", ["outcome = 'parked', reason = 'x'", "kind = 'dispute.changed'", "digest = ''"]
)
def test_the_database_keeps_the_body_of_what_isn_t_done_with(change: str) -> None:
    assert deliver(notice(a_payment())) == 200
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE payments_providernotice SET body = NULL, {change}")
    values: Any = ProviderNotice.objects.values_list("body", flat=True).get()
    assert values
