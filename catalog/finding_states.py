"""The states of what people ask of the catalogue beside buying; each ends once."""

from __future__ import annotations

from enum import StrEnum


class AlertState(StrEnum):
    """Ended: taken back by the person; expired: nothing came back in time."""

    WAITING = "waiting"
    TOLD = "told"
    ENDED = "ended"
    EXPIRED = "expired"
