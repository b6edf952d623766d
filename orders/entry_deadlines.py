"""The clock of a shop's entry to a campaign: the platform answers, or silence accepts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from deadlines import booking
from law.windows import Window
from rulebook import promises

if TYPE_CHECKING:
    from orders.models import CampaignEntry

ANSWER = "campaigns.answer"
SILENCE = "silence.campaign_entry"


def answer_window(*, place: str, at: datetime) -> Window:
    return promises.due(SILENCE, start=at, at=at, place=place)


def start_answer(entry: CampaignEntry, window: Window, *, at: datetime) -> None:
    booking.book(kind=ANSWER, reference=entry.pk, at=at, **window.as_booking())


def end_answer(entry: CampaignEntry, *, at: datetime) -> None:
    """It was answered, or the shop left."""
    booking.meet(kind=ANSWER, reference=entry.pk, at=at)
