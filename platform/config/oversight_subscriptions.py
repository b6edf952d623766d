"""Who listens to the room of violations, which outcome its clocks have: its part of the readable tables."""

from __future__ import annotations

from collections.abc import Callable

from accounts import joint_acts
from accounts.joint_acts import Step
from kernel.events import Event
from notifications.kinds import LetterKind
from oversight import deciding, events, handlers, letters

EVENTS: dict[type[Event], tuple[Callable[..., None], ...]] = {
    events.MatterOpened: (),
    events.ReportReceived: (letters.on_report_received,),
    events.ShopAsked: (letters.on_shop_asked,),
    events.ShopAnswered: (),
    events.MatterOverdue: (letters.on_matter_overdue,),
    events.MatterClosed: (letters.on_matter_closed,),
}
DEADLINES: dict[str, Callable[..., None]] = handlers.OUTCOMES
LETTERS: tuple[tuple[LetterKind, ...], ...] = (letters.KINDS,)
JOINT_ACTS: dict[type[Step], joint_acts.Doing] = {deciding.Confirm: deciding.confirm}
