"""Who listens to campaigns and shops' entries to them: their part of the readable tables."""

from __future__ import annotations

from collections.abc import Callable

from kernel.events import Event
from notifications.kinds import LetterKind
from orders import campaign_events, campaign_letters, entry_deadlines
from orders.campaigns import answering

EVENTS: dict[type[Event], tuple[Callable[..., None], ...]] = {
    campaign_events.CampaignStopped: (campaign_letters.on_campaign_stopped,),
    campaign_events.EntryHandedIn: (campaign_letters.on_entry_handed_in,),
    campaign_events.EntryAccepted: (campaign_letters.on_entry_accepted,),
    campaign_events.EntryRefused: (campaign_letters.on_entry_refused,),
}
DEADLINES: dict[str, Callable[..., None]] = {entry_deadlines.ANSWER: answering.on_answer_due}
LETTERS: tuple[tuple[LetterKind, ...], ...] = (campaign_letters.KINDS,)
