"""Both sides of the sandbox insurer in one process, for demo and small sites: same messages, no network."""

from __future__ import annotations

from datetime import datetime

from orders.cover import answers
from orders.cover.insurers.protocol import Message
from orders.cover.insurers.simulator import InsurerSimulator
from web.outgoing import Answer


def run(*, at: datetime, limit: int = 100, insurer: InsurerSimulator | None = None) -> int:
    """Make the calls that are due and take their answers in; gives how many."""
    other = insurer or InsurerSimulator(trusts=True)

    def tell(_name: str, message: Message) -> Answer:
        return other.handle(message, at=at)

    return answers.tell_due(tell=tell, at=at, limit=limit)
