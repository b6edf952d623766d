"""Taking an insurer's answers in: a genuine one moves money or ends a claim, anything else is asked again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from orders.cover import deciding, telling
from orders.cover.insurers import registry
from orders.cover.insurers.protocol import Loss, Unclear, Verdict, Word
from orders.cover.telling import Call, State, Teller
from orders.cover_states import CoverClaimState, Refusal
from orders.models import InsurerCall
from web.outgoing import Answer

PENDING, TOO_LATE, DISPUTED = "pending", "refused too late", "waits for the bank's dispute"


def tell_due(*, tell: Teller, at: datetime, limit: int = 100) -> int:
    """Make up to `limit` due calls, each outside any transaction of ours; gives how many."""
    made = 0
    while made < limit and (call := telling.take_up(at)) is not None:
        take_in(call, tell(call.insurer, call.message), at=at)
        made += 1
    return made


@transaction.atomic
def take_in(call: Call, answer: Answer, *, at: datetime) -> None:
    """The claim's order is locked before the call's row, as in every step of a claim."""
    try:
        said, done = _carry_out(call, answer, at=at)
    except Unclear as problem:
        said, done = str(problem), False
    row = InsurerCall.objects.select_for_update(of=("self",), no_key=True).get(pk=call.call_id)
    if row.state != State.WAITING:
        return
    if done:
        row.state = State.ANSWERED
    else:
        telling.put_off(row, at=at)
    row.last_answer = f"{answer.status} {said}"[:120]
    row.save(update_fields=["state", "due_at", "last_answer"])


def _carry_out(call: Call, answer: Answer, *, at: datetime) -> tuple[str, bool]:
    """(what it said, whether that was the last word). :raises Unclear:"""
    insurer = registry.insurer(call.insurer)
    if not isinstance(call.told, Loss):
        insurer.read_policy(answer, call.told, at=at)
        return "held", True
    verdict = insurer.read_claim(answer, call.told, at=at)
    if verdict.word is Word.PENDING:
        return PENDING, False
    return _decide(call, verdict, at=at)


def _decide(call: Call, verdict: Verdict, *, at: datetime) -> tuple[str, bool]:
    """A "no" after its time doesn't undo what its silence has paid: staff take that up with it."""
    claim_id = InsurerCall.objects.values_list("claim_id", flat=True).get(pk=call.call_id)
    assert claim_id is not None, "a loss is told of a claim"
    if verdict.word is Word.ACCEPTED:
        claim = deciding.accept(claim_id=claim_id, transfer=verdict.transfer, at=at)
        return (str(verdict.word), True) if claim.state != CoverClaimState.ASKED else (DISPUTED, False)
    done = deciding.refuse(claim_id=claim_id, reason=verdict.reason or Refusal.NOT_COVERED, at=at)
    return (str(verdict.word), True) if done else (TOO_LATE, False)
