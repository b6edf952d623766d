"""Calls that we owe a provider, written down in the transaction of their cause."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from payments.gateways.paying import payout_key
from payments.gateways.protocol import refund_key
from payments.models import (
    Attempt,
    Authorisation,
    Award,
    Dispute,
    Payout,
    ProviderCall,
    ProviderStatement,
    Refund,
)

# Under which a provider's number of a dispute becomes part of a key of ours.
_NAMES = UUID("6f1f5b6e-6c0d-5a7c-9d53-6b1f2f0d6a11")


def key(kind: str, reference: UUID) -> str:
    """Our idempotency key of one call at the provider."""
    return f"{kind}-{reference.hex}"


def call(attempt: Attempt, kind: str, *, due_at: datetime) -> ProviderCall:
    """`kind`: begin, ask or close."""
    return ProviderCall.objects.create(
        provider=attempt.provider,
        kind=kind,
        reference=attempt.pk,
        idempotency_key=key(kind, attempt.pk),
        due_at=due_at,
    )


def authorisation(held: Authorisation, kind: str, *, due_at: datetime) -> None:
    """Have what is reserved taken (`kind` capture) or let go (release); each is asked for once."""
    ProviderCall.objects.get_or_create(
        provider=held.provider,
        idempotency_key=key(kind, held.pk),
        defaults={"kind": kind, "reference": held.pk, "due_at": due_at},
    )


def refund(made: Refund, *, due_at: datetime) -> ProviderCall:
    """Order the refund at the provider of its charge."""
    return ProviderCall.objects.create(
        provider=made.through.provider,
        kind="refund",
        reference=made.pk,
        idempotency_key=refund_key(made.pk),
        due_at=due_at,
    )


def refund_look(made: Refund, *, due_at: datetime) -> None:
    """Ask later what became of a refund that the provider took, in case its notice is lost."""
    ProviderCall.objects.get_or_create(
        provider=made.through.provider,
        idempotency_key=key("ask_refund", made.pk),
        defaults={"kind": "ask_refund", "reference": made.pk, "due_at": due_at},
    )


def statement(asked: ProviderStatement, *, due_at: datetime) -> ProviderCall:
    """Ask for the statement of a day."""
    return ProviderCall.objects.create(
        provider=asked.provider,
        kind="statement",
        reference=asked.pk,
        idempotency_key=key("statement", asked.pk),
        due_at=due_at,
    )


def dispute_look(provider: str, dispute_id: str, *, notice_id: UUID, due_at: datetime) -> None:
    """Ask what a dispute is now; one question per dispute, which every notice of it asks again at once."""
    made, new = ProviderCall.objects.get_or_create(
        provider=provider,
        idempotency_key=f"ask_dispute-{uuid5(_NAMES, dispute_id).hex}",
        defaults={"kind": "ask_dispute", "reference": notice_id, "due_at": due_at},
    )
    if not new:
        ProviderCall.objects.filter(pk=made.pk).update(state=ProviderCall.State.WAITING, due_at=due_at)


def dispute_answer(held: Dispute, *, due_at: datetime) -> ProviderCall:
    """Tell the provider what we say to a dispute."""
    return ProviderCall.objects.create(
        provider=held.provider,
        kind="answer_dispute",
        reference=held.pk,
        idempotency_key=key("answer_dispute", held.pk),
        due_at=due_at,
    )


def payout(left: Payout, *, due_at: datetime) -> ProviderCall:
    """Order the payout at its provider; the call names the row, never the account."""
    return ProviderCall.objects.create(
        provider=left.provider,
        kind="payout",
        reference=left.pk,
        idempotency_key=payout_key(left.pk),
        due_at=due_at,
    )


def payout_look(left: Payout, *, due_at: datetime) -> None:
    """Ask what became of a payout; asked once more when a notice says that something changed."""
    made, new = ProviderCall.objects.get_or_create(
        provider=left.provider,
        idempotency_key=key("ask_payout", left.pk),
        defaults={"kind": "ask_payout", "reference": left.pk, "due_at": due_at},
    )
    if not new:
        ProviderCall.objects.filter(pk=made.pk).update(state=ProviderCall.State.WAITING, due_at=due_at)


def award(left: Award, *, due_at: datetime) -> ProviderCall:
    """Order the transfer of a compensation; the call names the transfer, never the person."""
    assert left.transfer_id is not None, "what leaves has a transfer"
    return ProviderCall.objects.create(
        provider=left.provider,
        kind="award",
        reference=left.transfer_id,
        idempotency_key=payout_key(left.transfer_id),
        due_at=due_at,
    )


def award_look(left: Award, *, due_at: datetime) -> None:
    """Ask what became of it; asked once more when a notice says that something changed."""
    assert left.transfer_id is not None, "what leaves has a transfer"
    made, new = ProviderCall.objects.get_or_create(
        provider=left.provider,
        idempotency_key=key("ask_award", left.transfer_id),
        defaults={"kind": "ask_award", "reference": left.transfer_id, "due_at": due_at},
    )
    if not new:
        ProviderCall.objects.filter(pk=made.pk).update(state=ProviderCall.State.WAITING, due_at=due_at)


def forget_looks(reference: UUID, kind: str) -> None:
    """What we would have asked is known by now; a question that is out just now answers itself.

    It isn't waited for: its worker waits for what we have locked.
    """
    waiting = ProviderCall.objects.filter(kind=kind, reference=reference, state="waiting")
    free = list(waiting.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
    ended = {"state": ProviderCall.State.ANSWERED, "last_answer": "told before"}
    ProviderCall.objects.filter(pk__in=free).update(**ended)


def hasten(attempt: Attempt, *, at: datetime) -> None:
    """The payer is back: ask now what became of the attempt, not in a minute."""
    ProviderCall.objects.filter(
        provider=attempt.provider, kind="ask", reference=attempt.pk, state="waiting", due_at__gt=at
    ).update(due_at=at)
