"""What every carrier speaks with us: events that come in signed, and a question that we may ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from kernel.errors import N_, Invalid
from web.outgoing import Answer

# The carrier's word that its visit to fetch a parcel came to nothing; of a label, so no scan of a parcel.
NOT_COLLECTED = "not_collected"


class ScanUnreadable(Invalid):
    code = "scan_unreadable"
    message = N_("This event can't be read: it needs id, tracking, kind and at.")


@dataclass(frozen=True, slots=True)
class CarrierScan:
    """One genuine event: what was seen of which parcel, and when."""

    event_id: str
    tracking_number: str
    kind: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """A call to the carrier's interface: path, headers and body; the origin stands in the settings."""

    path: str
    headers: Mapping[str, str]
    body: bytes


class Unclear(Exception):
    """The carrier's answer proves nothing: ask again later."""


class Carrier(Protocol):
    """`read` takes an event in; `question` and `read_answer` ask for what a lost event would have said."""

    name: str
    # What people read, an English message to be translated.
    title: str

    def read(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> CarrierScan:
        """:raises ForgedNotice: unless genuine and fresh; ScanUnreadable: when a field is missing"""

    def question(self, tracking_number: str, *, at: datetime) -> Question: ...

    def label_number(self, reference: UUID) -> str:
        """The number of a prepaid label, out of the range that the carrier gave us; always the same one."""

    def read_answer(self, answer: Answer, tracking_number: str, *, at: datetime) -> Sequence[CarrierScan]:
        """All that the carrier knows of the parcel. :raises Unclear: for anything but a genuine answer"""
