"""Goods that their shop confirms after the order: made to order, or stock that it has to look for first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kernel.errors import N_, Invalid
from law.counting import Unit
from rulebook import policies, promises

KEY = "confirm_hours"
POLICY, MOST = "silence.order_confirmation", "catalog.confirm_hours_most"
Terms = Mapping[str, Any]


class ConfirmHoursRefused(Invalid):
    code = "confirm_hours_refused"
    message = N_("Write within how many hours you confirm: a whole number from 1 to %(most)s.")


class ServicesConfirmedByBooking(Invalid):
    code = "services_confirmed_by_booking"
    message = N_("Services are agreed on by their appointments, so there is nothing to confirm here.")


def hours(terms: Terms) -> int | None:
    """Within how many hours of the payment the shop confirms; None where it needn't."""
    return int(terms[KEY]) if terms.get(KEY) else None


def usual(*, at: datetime) -> int:
    """What the platform proposes."""
    length = promises.length(POLICY, at=at)
    return length.n if length.unit is Unit.HOURS else policies.number(MOST, at)


def most(*, at: datetime) -> int:
    return policies.number(MOST, at)


def require_right(changes: Mapping[str, Any], *, category: str, at: datetime) -> None:
    """What a draft's changes say of it is a whole number within the platform's limit, or nothing.

    :raises ConfirmHoursRefused, ServicesConfirmedByBooking: with the field to change
    """
    said = (changes.get("terms") or {}).get(KEY)
    if said is None:
        return
    if type(said) is not int or not 1 <= said <= most(at=at):
        raise ConfirmHoursRefused(field=KEY, most=most(at=at))
    if category == "services":
        raise ServicesConfirmedByBooking(field=KEY)
