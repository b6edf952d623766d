"""A code goes out with an order line, once; with a second one it is a contradiction that staff look at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from catalog import serial_alarms, serial_codes
from catalog.models import SerialCode
from catalog.serial_kinds import AlarmKind


class Handed(StrEnum):
    OUT = "out"
    # Not a code of this product in this shop; other shops' codes are absent here.
    UNKNOWN = "unknown"
    # Went out with another order already.
    ELSEWHERE = "elsewhere"
    # The line has as many codes as pieces.
    FULL = "full"


@transaction.atomic
def hand_out(
    *, merchant_id: UUID, listing_id: UUID, line_id: UUID, pieces: int, text: str, at: datetime
) -> Handed:
    """Tie a code to a line. No refusal is raised: the alarm has to stay when the code does not."""
    digests = [serial_codes.digest(each) for each in serial_codes.readings(text)]
    rows = SerialCode.objects.select_for_update(of=("self",), no_key=True)
    code = rows.filter(merchant_id=merchant_id, listing_id=listing_id, digest__in=digests).first()
    if code is None:
        return Handed.UNKNOWN
    if code.line == line_id:
        return Handed.OUT
    if code.line is not None:
        serial_alarms.sound(code, AlarmKind.SOLD_TWICE, at=at, line=line_id)
        return Handed.ELSEWHERE
    if SerialCode.objects.filter(merchant_id=merchant_id, line=line_id).count() >= pieces:
        return Handed.FULL
    code.line, code.handed_out_at, code.tail = line_id, at, serial_codes.normal(text)[-4:]
    code.save(update_fields=["line", "handed_out_at", "tail"])
    return Handed.OUT


def of_lines(line_ids: Iterable[UUID]) -> dict[UUID, list[SerialCode]]:
    """The codes that went out with these lines, in the order they did; one statement."""
    found: dict[UUID, list[SerialCode]] = {}
    rows = SerialCode.objects.filter(line__in=list(line_ids)).only("line", "tail", "handed_out_at")
    for each in rows.order_by("handed_out_at", "pk"):
        if each.line is not None:
            found.setdefault(each.line, []).append(each)
    return found


def has_codes(listing_ids: Iterable[UUID]) -> bool:
    """Whether any of these products has codes at all, so that the form is worth showing."""
    return SerialCode.objects.filter(listing_id__in=list(listing_ids)).exists()
