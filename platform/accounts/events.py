"""What happened to accounts: ids only, handed up through the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel.events import Event, event


@event("accounts.GuestClaimed")
@dataclass(frozen=True, slots=True)
class GuestClaimed(Event):
    """A browser that acted as a guest has signed in: what the guest holds may move to the account."""

    subject_id: UUID
    guest_subject_id: UUID


@event("accounts.IdentityVerified")
@dataclass(frozen=True, slots=True)
class IdentityVerified(Event):
    """A verifier found that name and number belong together; `kind` is real_name or bank_account."""

    subject_id: UUID
    kind: str


@event("accounts.AccountFrozen")
@dataclass(frozen=True, slots=True)
class AccountFrozen(Event):
    """Somebody else may have been in the account: nothing that matters is done for it until it is back."""

    subject_id: UUID


@event("accounts.AccountRecovered")
@dataclass(frozen=True, slots=True)
class AccountRecovered(Event):
    """The owner has the account back; what was changed meanwhile has been undone."""

    subject_id: UUID


@event("accounts.TokenMade")
@dataclass(frozen=True, slots=True)
class TokenMade(Event):
    """A program may act for somebody from now on; `prefix` names the token without opening anything."""

    token_id: UUID
    subject_id: UUID
    prefix: str


@event("accounts.TokenRevoked")
@dataclass(frozen=True, slots=True)
class TokenRevoked(Event):
    """That program may act no more."""

    token_id: UUID
    subject_id: UUID
    prefix: str
