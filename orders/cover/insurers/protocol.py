"""What every insurer speaks with us: a cover that began, a claim that it decides; both asked again and again.

The same message may go out many times: it is one cover and one claim by its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from orders.cover_states import Refusal
from web.outgoing import Answer


class Unclear(Exception):
    """The insurer's answer proves nothing, or is still to come: ask again later."""


class Word(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Policy:
    """A cover that began: nothing in it names a person."""

    number: str
    product: str
    version: int
    premium_minor: int
    limit_minor: int
    currency: str
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Loss:
    """A claim with its facts. `means` is where what is beside the price goes: provider and its charge."""

    number: str
    policy: str
    cause: str
    quantity: int
    goods_minor: int
    beside_minor: int
    currency: str
    facts: tuple[Mapping[str, Any], ...]
    photos: int
    means: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """A call to the insurer's interface: path, headers and body; the origin stands in the settings."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What it says about a claim; `transfer` is the number under which it paid beside the price."""

    word: Word
    reason: Refusal | None = None
    transfer: str = ""


class Insurer(Protocol):
    """`read_policy` and `read_claim` take only a genuine, fresh answer about that very number and sum."""

    name: str

    def policy(self, told: Policy, *, at: datetime) -> Message: ...

    def claim(self, told: Loss, *, at: datetime) -> Message: ...

    def read_policy(self, answer: Answer, told: Policy, *, at: datetime) -> None:
        """:raises Unclear: for anything but its word that it has the cover"""

    def read_claim(self, answer: Answer, told: Loss, *, at: datetime) -> Verdict:
        """:raises Unclear: for anything but a genuine answer about this claim"""
