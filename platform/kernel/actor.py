"""Who acts: handed to every use case, written on every move."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    SYSTEM = "system"
    ANONYMOUS = "anonymous"
    BUYER = "buyer"
    MEMBER = "member"
    STAFF = "staff"
    CARRIER = "carrier"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Actor:
    """A kind and pseudonymous ids; never a name or an address."""

    kind: ActorKind
    subject_id: UUID | None = None
    merchant_id: UUID | None = None
    name: str = ""
    # The staff session in which somebody acts; what was done in it stands in its own trail.
    session_id: UUID | None = None
    # Who really acts, under a mandate of the person in `subject_id`.
    by: UUID | None = None
    mandate_id: UUID | None = None

    @classmethod
    def system(cls) -> Actor:
        return cls(ActorKind.SYSTEM)

    @classmethod
    def anonymous(cls) -> Actor:
        return cls(ActorKind.ANONYMOUS)

    @classmethod
    def buyer(cls, subject_id: UUID) -> Actor:
        return cls(ActorKind.BUYER, subject_id=subject_id)

    @classmethod
    def proxy(cls, subject_id: UUID, *, by: UUID, mandate_id: UUID) -> Actor:
        """A buyer for whom somebody else acts; both stand in the trail."""
        return cls(ActorKind.BUYER, subject_id=subject_id, by=by, mandate_id=mandate_id)

    @classmethod
    def member(cls, subject_id: UUID, merchant_id: UUID) -> Actor:
        return cls(ActorKind.MEMBER, subject_id=subject_id, merchant_id=merchant_id)

    @classmethod
    def staff(cls, subject_id: UUID, *, session_id: UUID | None = None) -> Actor:
        return cls(ActorKind.STAFF, subject_id=subject_id, session_id=session_id)

    @classmethod
    def carrier(cls, name: str) -> Actor:
        return cls(ActorKind.CARRIER, name=name)

    @classmethod
    def provider(cls, name: str) -> Actor:
        return cls(ActorKind.PROVIDER, name=name)

    @property
    def is_system(self) -> bool:
        return self.kind is ActorKind.SYSTEM

    @property
    def is_staff(self) -> bool:
        return self.kind is ActorKind.STAFF

    def __str__(self) -> str:
        if self.by is not None:
            return f"{self.kind}:{self.subject_id}/{self.by}"
        if self.subject_id is not None:
            return f"{self.kind}:{self.subject_id}"
        return f"{self.kind}:{self.name}" if self.name else str(self.kind)
