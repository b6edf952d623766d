"""The clocks of a shop's identity: the six-monthly check, changes, and a petty trader's licence."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from deadlines import booking
from deadlines.models import Deadline
from law import windows
from law.counting import midnight_after
from law.windows import Window
from rulebook import current, promises

if TYPE_CHECKING:
    from merchants.models import IdentityChange, Merchant
    from merchants.queries import MerchantQuerySet

RECHECK = "merchants.recheck"
CHANGE_REPORT = "merchants.change_report"
CHANGE_SHOWN = "merchants.change_shown"
PETTY_LICENCE = "merchants.petty_licence"

RECHECK_RULE = "cn.kyc.recheck"
REPORT_RULE = "cn.merchant.change_report"
SHOWN_RULE = "cn.merchant.change_shown"
PETTY_RULE = "cn.petty_trade"
PETTY_POLICY = "petty.licence"
MISSED_POLICY = "identity.recheck_missed"


def start_recheck(merchant: Merchant, *, at: datetime) -> Deadline:
    """Half a year from a check of the identity to the next one."""
    booking.cancel(kind=RECHECK, reference=merchant.pk, at=at)
    window = _window(RECHECK_RULE, at)
    return booking.book(kind=RECHECK, reference=merchant.pk, at=at, **window.as_booking())


def start_missing_recheck(merchant: Merchant, *, at: datetime) -> Deadline:
    """The clock of a shop that was admitted before there was one: from its last check, as if it had run.

    Who would be late already gets the time of a policy, for the platform never asked.
    """
    checked_at = merchant.verified_at or merchant.since or at
    by_law = _window(RECHECK_RULE, at, start=checked_at)
    window = max(by_law, promises.due(MISSED_POLICY, start=at, at=at), key=lambda each: each.due_at)
    return booking.book(kind=RECHECK, reference=merchant.pk, at=at, **window.as_booking())


def never_rechecked(shops: MerchantQuerySet) -> MerchantQuerySet:
    """Those without such a clock, running or over."""
    held = Deadline.objects.filter(kind=RECHECK, reference=OuterRef("pk"))
    return shops.filter(~Exists(held)).order_by("pk")


def end_recheck(merchant: Merchant, *, at: datetime) -> None:
    booking.meet(kind=RECHECK, reference=merchant.pk, at=at)


def ask_for_change(merchant: Merchant, *, at: datetime) -> None:
    """The platform has noticed that something isn't true any more: the shop's three working days."""
    if booking.find(kind=CHANGE_REPORT, reference=merchant.pk) is None:
        window = _window(REPORT_RULE, at)
        booking.book(kind=CHANGE_REPORT, reference=merchant.pk, at=at, **window.as_booking())


def end_asking(merchant: Merchant, *, at: datetime) -> None:
    booking.meet(kind=CHANGE_REPORT, reference=merchant.pk, at=at)


def reported_late(changed_on: date, *, at: datetime) -> bool:
    """Whether the legal days from the day of the change are over."""
    that_day = midnight_after(changed_on, current.pack(current.HOME, at).zone) - timedelta(seconds=1)
    return _window(REPORT_RULE, at, start=min(that_day, at)).is_late(at)


def start_showing(change: IdentityChange, *, at: datetime) -> datetime:
    """The platform's seven working days to check and show a change."""
    window = _window(SHOWN_RULE, at)
    booking.book(kind=CHANGE_SHOWN, reference=change.pk, at=at, **window.as_booking())
    return window.due_at


def end_showing(change: IdentityChange, *, at: datetime) -> None:
    booking.meet(kind=CHANGE_SHOWN, reference=change.pk, at=at)


def start_petty_licence(merchant: Merchant, *, at: datetime) -> None:
    """A petty trader above the line has so long to register."""
    if booking.find(kind=PETTY_LICENCE, reference=merchant.pk) is None:
        window = promises.due(PETTY_POLICY, start=at, at=at)
        booking.book(kind=PETTY_LICENCE, reference=merchant.pk, at=at, **window.as_booking())


def end_petty_licence(merchant: Merchant, *, at: datetime) -> bool:
    return booking.meet(kind=PETTY_LICENCE, reference=merchant.pk, at=at)


def running(merchant: Merchant) -> dict[str, Deadline]:
    """The identity's clocks that run, by kind."""
    return {each.kind: each for each in booking.open_for([merchant.pk])}


def _window(rule_id: str, at: datetime, *, start: datetime | None = None) -> Window:
    """By the home market's law: it is this platform's own duty, wherever the shop lies."""
    pack, calendar = current.pack(current.HOME, at), current.calendar(current.HOME)
    return windows.window(pack=pack, calendar=calendar, rule_id=rule_id, start=start or at, at=at)
