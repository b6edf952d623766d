"""What can be appealed against: each room says what one of its decisions was and who took it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.errors import N_, NotFound
from merchants.appeal_lifecycle import About
from merchants.lifecycle import STATE_WORDS, MerchantState
from merchants.models import DocumentMove, MerchantMove, Penalty
from merchants.penalty_lifecycle import STEP_WORDS, Step

# Moves that cost a shop something it had.
AGAINST_THE_SHOP = ("restrict", "suspend", "close")
REFUSED = N_("The application was turned down")
PROOF_REFUSED = N_("The proof of a brand was refused")


@dataclass(frozen=True, slots=True)
class Contested:
    """A decision as an appeal needs it; `title` is a msgid, `deciders` are staff, none for a machine's."""

    merchant_id: UUID
    decided_at: datetime
    deciders: tuple[UUID, ...]
    title: str
    reason: str
    rule_id: str = ""


Finder = Callable[[UUID], Contested | None]
_table: dict[About, Finder] = {}


def connect(table: Mapping[About, Finder]) -> None:
    """Take the table of config/subscriptions.py: what it is about → who finds the decision."""
    _table.clear()
    _table.update(table)


def find(*, about: str, reference: UUID, merchant_id: UUID) -> Contested:
    """The decision, if it was taken about this very shop.

    :raises NotFound: no such kind, no such decision, or another shop's
    """
    finder = _table.get(About(about)) if about in list(About) else None
    found = finder(reference) if finder else None
    if found is None or found.merchant_id != merchant_id:
        raise NotFound
    return found


def of_standing(reference: UUID) -> Contested | None:
    return _of_move(reference, AGAINST_THE_SHOP)


def of_penalty(reference: UUID) -> Contested | None:
    """Once it took effect; before that the shop is heard."""
    penalty = Penalty.objects.filter(pk=reference, in_force_at__isnull=False).first()
    if penalty is None or penalty.in_force_at is None:
        return None
    return Contested(
        merchant_id=penalty.merchant_id,
        decided_at=penalty.in_force_at,
        deciders=tuple(one for one in (penalty.imposed_by, penalty.confirmed_by) if one is not None),
        title=STEP_WORDS[Step(penalty.step)],
        reason=penalty.reasons,
        rule_id=penalty.rule_id,
    )


def of_application(reference: UUID) -> Contested | None:
    return _of_move(reference, ("refuse",))


def of_brand(reference: UUID) -> Contested | None:
    """A paper of a brand's chain that staff sent back, or that had counted until then."""
    moves = DocumentMove.objects.filter(name__in=("refuse", "revoke"), document__brand_paper__isnull=False)
    move = moves.filter(pk=reference).first()
    if move is None:
        return None
    return Contested(
        merchant_id=move.merchant_id,
        decided_at=move.at,
        deciders=deciders_of(move.actor),
        title=PROOF_REFUSED,
        reason=move.reason,
    )


def _of_move(reference: UUID, names: tuple[str, ...]) -> Contested | None:
    move = MerchantMove.objects.filter(pk=reference, name__in=names).first()
    if move is None:
        return None
    return Contested(
        merchant_id=move.merchant_id,
        decided_at=move.at,
        deciders=deciders_of(move.actor),
        title=REFUSED if move.name == "refuse" else STATE_WORDS[MerchantState(move.to_state)],
        reason=move.reason,
        rule_id=move.rule_id,
    )


def deciders_of(*actors: str) -> tuple[UUID, ...]:
    """The staff behind actors as moves keep them ("staff:…")."""
    return tuple(UUID(one.removeprefix("staff:")) for one in actors if one.startswith("staff:"))
