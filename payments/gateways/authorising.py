"""Reserving a sum at the payer's bank and taking it later: what a provider that can must be able to do.

Stripe, Alipay and the sandbox can. WeChat Pay takes the money at once in the products that we use, so it has
no authoriser: there the payer is charged, and gets it back whole when the order isn't confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from kernel.money import Money
from payments.gateways.protocol import Answer, Handover, Intent, Request, Sight, Trade


class AuthorisedIs(StrEnum):
    """Where an authorisation stands with its provider. `AGAIN`: it didn't say, or is still working on it."""

    HELD = "held"
    CAPTURED = "captured"
    RELEASED = "released"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Authorised:
    """`amount` is what we take of the `whole` that is reserved under the provider's name `reference`.

    `number`: of the attempt. `key` makes a repetition of one step harmless.
    """

    key: str
    number: str
    reference: str
    amount: Money
    whole: Money
    subject: str = ""
    notice_url: str = ""


@dataclass(frozen=True, slots=True)
class AuthorisedTold:
    """Charge and amount only when it was captured; `reason`: the provider's own code."""

    state: AuthorisedIs
    charge_id: str = ""
    amount: Money | None = None
    reason: str = ""


class Authoriser(Protocol):
    """One provider as one that reserves. Begin, ask and close are those of a gateway, for an authorisation.

    Readers raise Unclear where the answer proves nothing, TurnedDown where it is a plain "no".
    """

    name: str
    # So long we may count on it; providers and banks may hold longer, never shorter.
    lasts: timedelta

    def begin(self, intent: Intent, *, at: datetime) -> Handover | Request: ...

    def read_begin(self, answer: Answer, *, at: datetime) -> Handover: ...

    def ask(self, trade: Trade, *, at: datetime) -> Request: ...

    def read_asked(self, answer: Answer, *, at: datetime) -> Sight:
        """AUTHORISED with the provider's name of it in `authorisation_id` once the payer agreed."""

    def close(self, trade: Trade, *, at: datetime) -> Request: ...

    def read_closed(self, answer: Answer, *, at: datetime) -> None: ...

    def capture(self, one: Authorised, *, at: datetime) -> Request:
        """Take `one.amount`; what is left of the whole is free again at once."""

    def read_captured(self, answer: Answer, one: Authorised, *, at: datetime) -> AuthorisedTold: ...

    def release(self, one: Authorised, *, at: datetime) -> Request:
        """Take nothing: all of it is free again."""

    def read_released(self, answer: Answer, one: Authorised, *, at: datetime) -> AuthorisedTold: ...

    def ask_now(self, one: Authorised, *, at: datetime) -> Request:
        """Ask what became of it: an answer may be lost."""

    def read_now(self, answer: Answer, one: Authorised, *, at: datetime) -> AuthorisedTold: ...
