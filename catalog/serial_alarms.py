"""What about a serial code can't be right goes to staff, once for each code and cause while it is open."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.staff import Role
from catalog.events import SerialAlarmRaised
from catalog.models import SerialAlarm, SerialCode
from catalog.serial_kinds import AlarmKind
from kernel.actor import Actor
from kernel.errors import N_, Invalid, NotFound
from merchants import parties, telling
from outbox import bus
from web import tenancy

LETTER = "catalog.serial_alarm"


class ReasonMissing(Invalid):
    code = "serial_alarm_reason_missing"
    message = N_("Write what you found out: the record keeps it.")


def sound(code: SerialCode, kind: AlarmKind, *, at: datetime, line: UUID | None = None) -> None:
    """Put it into the desk's queue; while it lies there a second one says nothing new."""
    with tenancy.widened():
        alarm, new = SerialAlarm.objects.get_or_create(
            code=code,
            kind=str(kind),
            closed_at=None,
            defaults={
                "merchant_id": code.merchant_id,
                "listing_id": code.listing_id,
                "line": line,
                "raised_at": at,
            },
        )
        if new:
            bus.publish(SerialAlarmRaised(alarm.pk, code.merchant_id, code.listing_id, str(kind)), at=at)


def on_raised(event: SerialAlarmRaised, *, at: datetime) -> None:
    path = f"/admin/catalog/serialalarm/{event.alarm_id}/change/"
    telling.desk(Role.CATALOGUE_DESK, LETTER, reference=event.alarm_id, at=at, path=path)


@transaction.atomic
def close(*, alarm_id: UUID, reason: str, actor: Actor, at: datetime) -> SerialAlarm:
    """Somebody looked and says what it was.

    :raises ReasonMissing: :raises NotFound: none, or closed already :raises PartyMayNotAct:
    """
    if not reason.strip():
        raise ReasonMissing
    held = SerialAlarm.objects.select_for_update().filter(pk=alarm_id, closed_at__isnull=True).first()
    if held is None:
        raise NotFound
    parties.refuse_party(merchant_id=held.merchant_id, actor=actor)
    held.closed_at, held.closed_by, held.reason = at, str(actor), reason.strip()[:2000]
    held.save(update_fields=["closed_at", "closed_by", "reason"])
    return held
