"""Making the calls that we owe providers: outside any transaction, again with the same key until answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from payments import arriving, disputes, owed, refunds, starting, statements
from payments.authorising import calling
from payments.awards import asking as awarding
from payments.gateways import registry
from payments.gateways.protocol import (
    Answer,
    Gateway,
    Outcome,
    Post,
    RefundOrder,
    Request,
    StatementLine,
    Trade,
    TradeState,
    TurnedDown,
    Unclear,
)
from payments.lifecycle import DISPUTE_ENDED, AttemptState, PaymentState
from payments.models import Attempt, Dispute, ProviderCall, ProviderNotice, ProviderStatement, Refund
from payments.paying_out import asking

# While a call is out nobody else makes it; if its worker dies it is free again after this.
LEASE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
# A payer may press the button in the last second, and the provider take its time.
LOOKS_ON_FOR = timedelta(minutes=30)
REFUND_LOOK = timedelta(minutes=10)
State = ProviderCall.State
PAYOUTS = ("payout", "ask_payout")
AWARDS = ("award", "ask_award")
RESERVED = ("capture", "release")


def make_due(*, post: Post, at: datetime, limit: int = 100) -> int:
    """Make up to `limit` waiting calls, each outside any transaction of ours; gives how many were made."""
    made = 0
    while made < limit and (claimed := _claim(at)) is not None:
        call, request = claimed
        if call.kind == "statement":
            _fetch_statement(call, request, post=post, at=at)
        else:
            _take_in(call.pk, post(request), at=at)
        made += 1
    return made


@transaction.atomic
def _claim(at: datetime) -> tuple[ProviderCall, Request] | None:
    call = ProviderCall.objects.claim(at)
    if call is None:
        return None
    call.attempts += 1
    call.due_at = at + LEASE
    call.save(update_fields=["attempts", "due_at"])
    return call, replace(_request(call, at=at), provider=call.provider)


def _request(call: ProviderCall, *, at: datetime) -> Request:
    if call.kind in PAYOUTS:
        return asking.request_of(call, at=at)
    if call.kind in AWARDS:
        return awarding.request_of(call, at=at)
    if call.kind in RESERVED:
        return calling.request_of(call, at=at)
    gateway = registry.gateway(call.provider)
    if call.kind in ("refund", "ask_refund"):
        order = _order(Refund.objects.select_related("charge").get(pk=call.reference))
        build = gateway.refund_request if call.kind == "refund" else gateway.ask_refund
        return build(order, at=at)
    if call.kind == "statement":
        return gateway.statement_request(ProviderStatement.objects.get(pk=call.reference).day, at=at)
    if call.kind == "ask_dispute":
        notice = ProviderNotice.objects.get(pk=call.reference)
        assert notice.body is not None, "a dispute's notices keep their body"
        return gateway.ask_dispute(str(notice.body["dispute"]), at=at)
    if call.kind == "answer_dispute":
        dispute = Dispute.objects.get(pk=call.reference)
        return gateway.answer_dispute(dispute.provider_dispute_id, dispute.evidence or "", at=at)
    attempt = Attempt.objects.select_related("payment").get(pk=call.reference)
    speaker = starting.speaker(attempt)
    if call.kind == "begin":
        begun = speaker.begin(starting.intent(attempt), at=at)
        assert isinstance(begun, Request), "a call to begin is only owed to who is asked by a call"
        return begun
    ask = speaker.close if call.kind == "close" else speaker.ask
    return ask(_trade(attempt), at=at)


def _trade(attempt: Attempt) -> Trade:
    return Trade(attempt.trade_number, attempt.reference)


def _order(made: Refund) -> RefundOrder:
    return RefundOrder(
        key=refunds.key_of(made),
        charge_id=made.through.provider_charge_id,
        amount=made.amount,
        whole=made.through.amount,
        notice_url=starting.notice_url(made.through.provider),
    )


def _fetch_statement(call: ProviderCall, request: Request, *, post: Post, at: datetime) -> None:
    """A day may come in many parts; only the whole of it is taken in."""
    try:
        came, lines = _whole_day(call, request, post=post, at=at)
    except (Unclear, TurnedDown) as problem:
        # A day that the provider won't give is asked for again: it may not be ready yet.
        _note(call.pk, State.WAITING, str(problem), at=at)
        return
    with transaction.atomic():
        statements.take_in(statement_id=call.reference, came=came, lines=lines, at=at)
        _note(call.pk, State.ANSWERED, f"{len(lines)} lines", at=at)


def _whole_day(
    call: ProviderCall, request: Request, *, post: Post, at: datetime
) -> tuple[bytes, list[StatementLine]]:
    gateway = registry.gateway(call.provider)
    day = ProviderStatement.objects.get(pk=call.reference).day
    came, lines = statements.fetch(request, gateway, post=post, at=at)
    for further in gateway.further_statements(day, at=at):
        more, others = statements.fetch(further, gateway, post=post, at=at)
        came, lines = came + b"\n" + more, lines + others
    return came, lines


@transaction.atomic
def _note(call_id: UUID, state: State, said: str, *, at: datetime) -> None:
    call = ProviderCall.objects.locked(call_id)
    if call.state == State.WAITING:
        _keep(call, state, said, at=at)


@transaction.atomic
def _take_in(call_id: UUID, answer: Answer, *, at: datetime) -> None:
    """Keep the provider's answer; no answer or a fault means again, with the same key, later."""
    call = ProviderCall.objects.locked(call_id)
    if call.state != State.WAITING:
        return
    try:
        state, said = _read(call, registry.gateway(call.provider), answer, at=at)
    except Unclear as problem:
        state, said = State.WAITING, str(problem)
    _keep(call, state, f"{answer.status} {said}", at=at)


def _keep(call: ProviderCall, state: State, said: str, *, at: datetime) -> None:
    call.state, call.last_answer = state, said[:120]
    if state == State.WAITING:
        call.due_at = at + min(timedelta(seconds=2 ** min(call.attempts, 12)), LONGEST_PAUSE)
    call.save(update_fields=["state", "due_at", "last_answer"])


def _read(call: ProviderCall, gateway: Gateway, answer: Answer, *, at: datetime) -> tuple[State, str]:
    match call.kind:
        case "payout" | "ask_payout":
            return asking.take_in(call, answer, at=at)
        case "award" | "ask_award":
            return awarding.take_in(call, answer, at=at)
        case "capture" | "release":
            return calling.take_in(call, answer, at=at)
        case "refund":
            return _refund(call, gateway.read_refund_answer(answer, at=at), at=at)
        case "ask_refund":
            made = Refund.objects.select_related("charge").get(pk=call.reference)
            return _refund_asked(call, gateway.read_asked_refund(answer, _order(made), at=at), at=at)
        case "ask_dispute":
            return _dispute_asked(call, gateway, answer, at=at)
        case "answer_dispute":
            return _dispute_answered(call, gateway, answer, at=at)
        case "begin":
            return _begun(call, answer, at=at)
        case "close":
            return _closed(call, answer, at=at)
    return _asked(call, answer, at=at)


def _refund(call: ProviderCall, outcome: Outcome, *, at: datetime) -> tuple[State, str]:
    actor, refund_id = Actor.provider(call.provider), call.reference
    match outcome:
        case Outcome.AGAIN:
            return State.WAITING, outcome
        case Outcome.REFUSED:
            refunds.give_up(refund_id=refund_id, actor=actor, at=at)
            return State.REFUSED, outcome
        case Outcome.PAID:
            refunds.confirm(refund_id=refund_id, actor=actor, at=at)
        case Outcome.ACCEPTED:
            made = refunds.mark_sent(refund_id=refund_id, actor=actor, at=at)
            owed.refund_look(made, due_at=at + REFUND_LOOK)
    return State.ANSWERED, outcome


def _refund_asked(call: ProviderCall, outcome: Outcome, *, at: datetime) -> tuple[State, str]:
    if outcome in (Outcome.AGAIN, Outcome.ACCEPTED):
        return State.WAITING, outcome
    ended = refunds.confirm if outcome is Outcome.PAID else refunds.give_up
    ended(refund_id=call.reference, actor=Actor.provider(call.provider), at=at)
    return State.ANSWERED, outcome


def _dispute_asked(
    call: ProviderCall, gateway: Gateway, answer: Answer, *, at: datetime
) -> tuple[State, str]:
    """Until a dispute has ended we go on asking by ourselves: its last notice may be lost."""
    try:
        held = disputes.note(provider=call.provider, told=gateway.read_dispute(answer, at=at), at=at)
    except disputes.UnknownCharge:
        return State.WAITING, "unknown charge"
    except TurnedDown as refusal:
        return State.REFUSED, str(refusal)
    return (State.ANSWERED if held.state in DISPUTE_ENDED else State.WAITING), held.state


def _dispute_answered(
    call: ProviderCall, gateway: Gateway, answer: Answer, *, at: datetime
) -> tuple[State, str]:
    try:
        gateway.read_dispute_answered(answer, at=at)
    except TurnedDown as refusal:
        # Too late, or ended meanwhile: the question that goes on finds out.
        return State.REFUSED, str(refusal)
    return State.ANSWERED, "answered"


def _begun(call: ProviderCall, answer: Answer, *, at: datetime) -> tuple[State, str]:
    actor = Actor.provider(call.provider)
    attempt = Attempt.objects.select_related("payment").get(pk=call.reference)
    try:
        found = starting.speaker(attempt).read_begin(answer, at=at)
    except TurnedDown as refusal:
        attempt = Attempt.objects.locked(attempt.pk)
        if attempt.state == AttemptState.BEGUN:
            starting.turn_down(attempt, refusal, actor=actor, at=at)
        return State.REFUSED, str(refusal)
    attempt = Attempt.objects.locked(attempt.pk)
    if attempt.state == AttemptState.BEGUN:
        starting.hand_over(attempt, found, actor=actor, at=at)
    else:
        # The payer left while we asked: what the provider has now must not be paid.
        attempt.reference = found.reference
        attempt.save(update_fields=["reference"])
        owed.call(attempt, "close", due_at=at)
    return State.ANSWERED, "handed over"


def _closed(call: ProviderCall, answer: Answer, *, at: datetime) -> tuple[State, str]:
    attempt = Attempt.objects.select_related("payment").get(pk=call.reference)
    try:
        starting.speaker(attempt).read_closed(answer, at=at)
    except TurnedDown as refusal:
        # Most often: it was paid a moment before. The question finds that out.
        owed.hasten(attempt, at=at)
        return State.REFUSED, str(refusal)
    return State.ANSWERED, "closed"


def _asked(call: ProviderCall, answer: Answer, *, at: datetime) -> tuple[State, str]:
    """Money that came in without a notice is recorded here; until the end we go on asking."""
    attempt = Attempt.objects.select_related("payment").get(pk=call.reference)
    sight = starting.speaker(attempt).read_asked(answer, at=at)
    if sight.state is TradeState.AUTHORISED and sight.amount is not None:
        number = attempt.trade_number
        _, reason = arriving.authorised(call.provider, number, sight.authorisation_id, sight.amount, at=at)
        return State.ANSWERED, reason or sight.state
    if sight.state is TradeState.PAID and sight.amount is not None:
        _, reason = arriving.captured(
            provider=call.provider,
            trade_number=attempt.trade_number,
            charge_id=sight.charge_id,
            amount=sight.amount,
            at=at,
        )
        return State.ANSWERED, reason or sight.state
    over = at >= attempt.payment.expires_at + LOOKS_ON_FOR
    paid = attempt.payment.state == PaymentState.CAPTURED
    if sight.state is TradeState.CLOSED or over or (paid and attempt.state == AttemptState.CLOSED):
        return State.ANSWERED, sight.state
    return State.WAITING, sight.state
