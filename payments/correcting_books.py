"""Booking a difference: two people make our books say what the provider's statement proves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from accounts.joint_acts import Signed, Step
from kernel.errors import N_, DomainError
from payments import accounts, differences, ledger
from payments.ledger import Line
from payments.lifecycle import DifferenceState
from payments.models import Difference


class NothingToCorrect(DomainError):
    code = "nothing_to_correct"
    message = N_("No money is between both sides here. Explain the difference instead.")


# Why the books are corrected; the words stand in the difference and in the joint act.
CAUSES = {
    "provider_erred": N_("The provider moved money that nobody ordered"),
    "we_erred": N_("We missed what the provider did"),
    "fee": N_("The provider kept a fee"),
}


@dataclass(frozen=True, slots=True)
class Correct(Step):
    """Book what a difference is about."""

    kind: ClassVar[str] = "payments.correct_books"
    permission: ClassVar[str] = "payments.correct_books"
    words: ClassVar[str] = N_("Correct the books after a provider's statement")

    difference_id: UUID
    amount_minor: int
    currency: str
    cause: str


def step_for(held: Difference, cause: str) -> Correct:
    """What two people have to sign. :raises NothingToCorrect: also for a cause that we don't know"""
    if not held.gap or held.what in differences.OUTSIDE or cause not in CAUSES:
        raise NothingToCorrect()
    return Correct(held.pk, held.gap.minor, held.currency, cause)


def correct(step: Correct, signed: Signed, at: datetime) -> Difference:
    """What the provider has more waits in suspense; what it has less the platform bears.

    :raises DifferenceEnded: :raises NothingToCorrect: the sum isn't the difference's any more
    """
    held = differences.still_open(step.difference_id)
    gap = held.gap
    if step != step_for(held, step.cause):
        raise NothingToCorrect()
    counter = accounts.suspense(held.pk) if gap.minor > 0 else accounts.FEES
    ledger.post(
        reference=held.pk,
        purpose=f"correction:{signed.act_id}",
        lines=[Line(accounts.provider(held.provider), -gap), Line(counter, gap)],
        actor=signed.actor,
        at=at,
    )
    differences.end(
        held,
        DifferenceState.CORRECTED,
        reason=CAUSES[step.cause],
        actor=signed.actor,
        at=at,
        act_id=signed.act_id,
        corrected_minor=gap.minor,
    )
    return held
