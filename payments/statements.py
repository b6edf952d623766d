"""Asking providers for their statement of each day, and keeping it: sealed, with its digest, line by line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from payments import owed, provider_fees, reconciliation
from payments.gateways import registry
from payments.gateways.protocol import Gateway, Post, Request, StatementLine, Unclear
from payments.models import ProviderStatement, StatementRow
from privacy import files
from privacy.subjects import create_subject
from rulebook import policies

PURPOSE = "payments.statement"
HOUR, BACK = "payments.statement_hour", "payments.statement_days_back"
AT_ONCE = 2_000


def yesterday(gateway: Gateway, *, at: datetime) -> date:
    """The last day that is over by the provider's calendar."""
    return at.astimezone(ZoneInfo(gateway.zone)).date() - timedelta(days=1)


@transaction.atomic
def ask(*, provider: str, day: date, at: datetime) -> ProviderStatement:
    """Owe the provider the question for its `day`; the same again changes nothing.

    :raises NotFound: for a provider we don't know
    """
    registry.gateway(provider)
    made, new = ProviderStatement.objects.get_or_create(provider=provider, day=day, defaults={"asked_at": at})
    if new:
        owed.statement(made, due_at=at)
    return made


def ask_due(*, at: datetime) -> int:
    """Ask every provider for each day that is over and wasn't asked for yet; gives how many.

    A day's statement is ready some hours after it; after a standstill the days before are made up for.
    """
    hour, back = policies.number(HOUR, at), policies.number(BACK, at)
    asked = 0
    for gateway in registry.GATEWAYS.values():
        last = yesterday(gateway, at=at)
        if not gateway.is_offered() or at.astimezone(ZoneInfo(gateway.zone)).hour < hour:
            continue
        known = set(ProviderStatement.objects.filter(provider=gateway.name).values_list("day", flat=True))
        # A provider that is new here has no days before.
        first = max(min(known, default=last), last - timedelta(days=back - 1))
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
            if day in known:
                continue
            ask(provider=gateway.name, day=day, at=at)
            asked += 1
    return asked


def fetch(first: Request, gateway: Gateway, *, post: Post, at: datetime) -> tuple[bytes, list[StatementLine]]:
    """The day as it came, part after part, and its lines. Outside any transaction.

    :raises Unclear: no answer, or one that isn't whole :raises TurnedDown: the provider says that it won't
    """
    came, lines = list[bytes](), list[StatementLine]()
    request: Request | None = first
    while request is not None:
        answer = post(replace(request, provider=gateway.name))
        if request.sha1 and _sha1(answer.body) != request.sha1:
            raise Unclear("the statement isn't what its digest says")
        part = gateway.read_statement(answer, at=at)
        came.append(answer.body)
        lines += part.lines
        request = part.rest
    return b"\n".join(came), lines


def _sha1(body: bytes) -> str:
    # What the provider offers against damage on the way; TLS and its signature are what proves it.
    return hashlib.sha1(body, usedforsecurity=False).hexdigest()


@transaction.atomic
def take_in(*, statement_id: UUID, came: bytes, lines: list[StatementLine], at: datetime) -> None:
    """Keep a day that came, and compare it; one that was read before stays as it is."""
    held = ProviderStatement.objects.locked(statement_id)
    if held.state == ProviderStatement.State.READ:
        return
    StatementRow.objects.bulk_create(_rows(held, lines), batch_size=AT_ONCE)
    held.subject = create_subject(locale="zh-hans", at=at)
    if came:
        held.file = files.keep(
            subject_id=held.subject.pk,
            content=came,
            name=str(held),
            media_type="application/octet-stream",
            purpose=PURPOSE,
            at=at,
        )
    held.state, held.read_at, held.line_count = ProviderStatement.State.READ, at, len(lines)
    held.sha256 = hashlib.sha256(came).hexdigest()
    held.save(update_fields=["subject", "file", "state", "read_at", "line_count", "sha256"])
    provider_fees.book(held)
    reconciliation.compare_open(provider=held.provider, at=at)


def _rows(held: ProviderStatement, lines: list[StatementLine]) -> Iterator[StatementRow]:
    for position, line in enumerate(lines):
        yield StatementRow(
            statement=held,
            provider=held.provider,
            position=position,
            kind=line.kind,
            key=line.key[:80],
            amount_minor=line.amount.minor,
            fee_minor=line.fee_minor,
            currency=line.amount.currency,
            settled=line.settled,
        )
