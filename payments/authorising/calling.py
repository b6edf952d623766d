"""The calls that take or let go what is reserved: again with the same key until the provider has said it."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from payments import arriving, owed, starting
from payments.authorising import taking
from payments.gateways import registry
from payments.gateways.authorising import Authorised, AuthorisedIs, AuthorisedTold
from payments.gateways.protocol import Answer, Request, TurnedDown
from payments.models import Authorisation, ProviderCall

State = ProviderCall.State
# Noted of a call whose work was turned down: whether that is the last word is asked before it counts.
REFUSED = "refused:"


def request_of(call: ProviderCall, *, at: datetime) -> Request:
    """A capture is ordered and asked after in turns, since an answer may be lost after the work was done."""
    speaker, one = registry.AUTHORISERS[call.provider], _told_of(call)
    if call.kind == "release":
        return speaker.release(one, at=at)
    return speaker.ask_now(one, at=at) if _asks(call) else speaker.capture(one, at=at)


def take_in(call: ProviderCall, answer: Answer, *, at: datetime) -> tuple[ProviderCall.State, str]:
    """Do what the provider said. :raises Unclear: when it proves nothing"""
    speaker, one = registry.AUTHORISERS[call.provider], _told_of(call)
    try:
        if call.kind == "release":
            told = speaker.read_released(answer, one, at=at)
        else:
            told = (speaker.read_now if _asks(call) else speaker.read_captured)(answer, one, at=at)
    except TurnedDown as refusal:
        return _turned_down(call, refusal, at=at)
    return _apply(call, told, at=at)


def _asks(call: ProviderCall) -> bool:
    return call.attempts % 2 == 0


def _told_of(call: ProviderCall) -> Authorised:
    held = Authorisation.objects.select_related("payment").get(pk=call.reference)
    return Authorised(
        key=call.idempotency_key,
        number=held.trade_number,
        reference=held.reference,
        amount=held.capture if held.capture_minor else held.amount,
        whole=held.amount,
        subject=starting.subject_of(held.payment),
        notice_url=starting.notice_url(held.provider),
    )


def _apply(call: ProviderCall, told: AuthorisedTold, *, at: datetime) -> tuple[ProviderCall.State, str]:
    actor = Actor.provider(call.provider)
    held = Authorisation.objects.get(pk=call.reference)
    if told.state is AuthorisedIs.CAPTURED and told.amount is not None:
        _, reason = arriving.captured(
            provider=call.provider,
            trade_number=held.trade_number,
            charge_id=told.charge_id,
            amount=told.amount,
            at=at,
        )
        return State.ANSWERED, reason or told.state
    if told.state is AuthorisedIs.RELEASED:
        taking.free(authorisation_id=held.pk, actor=actor, at=at)
        return State.ANSWERED, told.state
    # It was refused, and nothing has happened since: that was the last word.
    if told.state is AuthorisedIs.HELD and REFUSED in call.last_answer:
        taking.free(authorisation_id=held.pk, actor=actor, at=at, cause="refused")
        owed.authorisation(held, "release", due_at=at)
        return State.REFUSED, call.last_answer
    return State.WAITING, told.state


def _turned_down(call: ProviderCall, refusal: TurnedDown, *, at: datetime) -> tuple[ProviderCall.State, str]:
    held = Authorisation.objects.get(pk=call.reference)
    # What the bank held for certain only until then is free by now, whatever the provider knows of it.
    over = at >= held.ends_at
    if held.state not in taking.GOING or over:
        taking.free(authorisation_id=held.pk, actor=Actor.provider(call.provider), at=at)
        return State.REFUSED, str(refusal)
    return State.WAITING, f"{REFUSED}{refusal}"
