"""Asking a carrier about parcels whose events have stayed away: the fallback for a webhook that was lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from kernel.actor import Actor
from orders import parcels
from orders.carriers import registry
from orders.carriers.protocol import CarrierScan, Question, Unclear
from orders.models import CarrierCall, Shipment
from orders.parcels import ScanUnknown
from rulebook import policies
from web import outgoing
from web.outgoing import Answer

POLICY = "carrier.asked"
# While a question is out nobody else asks it; if its worker dies it is free again after this.
LEASE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 8
State = CarrierCall.State
Asker = Callable[[str, Question], Answer]


def over_http(carrier: str, question: Question) -> Answer:
    """Ask the carrier's configured address: host and port never come from data."""
    place = outgoing.Origin.of(settings.CARRIERS[carrier], inside=settings.SANDBOX)
    return outgoing.post(place, question.path, body=question.body, headers=question.headers, method="GET")


@transaction.atomic
def owe(*, at: datetime, limit: int = 100) -> int:
    """Write down the questions that are due: nothing was heard of a parcel for the policy's hours."""
    quiet_since = at - timedelta(hours=int(policies.value(POLICY, at)["hours"]))
    asked = CarrierCall.objects.filter(shipment=OuterRef("pk")).filter(
        Q(state=State.WAITING) | Q(owed_at__gt=quiet_since)
    )
    quiet = (
        Shipment.objects.filter(delivered_at=None, lost_at=None, carrier__in=sorted(settings.CARRIERS))
        .annotate(heard_at=Coalesce("last_scan_at", F("handed_over_at")))
        .filter(~Exists(asked), heard_at__lte=quiet_since)
        .order_by("heard_at", "id")
    )
    made = CarrierCall.objects.bulk_create(
        (CarrierCall(shipment=each, owed_at=at, due_at=at) for each in quiet[:limit]), ignore_conflicts=True
    )
    return len(made)


def ask_due(*, ask: Asker, at: datetime, limit: int = 100) -> int:
    """Ask up to `limit` waiting questions, each outside any transaction of ours; gives how many."""
    made = 0
    while made < limit and (claimed := _claim(at)) is not None:
        call_id, carrier, question = claimed
        _take_in(call_id, ask(carrier, question), at=at)
        made += 1
    return made


@transaction.atomic
def _claim(at: datetime) -> tuple[UUID, str, Question] | None:
    call = CarrierCall.objects.select_related("shipment").claim(at)
    if call is None:
        return None
    call.attempts += 1
    call.due_at = at + LEASE
    call.save(update_fields=["attempts", "due_at"])
    parcel = call.shipment
    question = registry.carrier(parcel.carrier).question(parcel.tracking_number, at=at)
    return call.pk, parcel.carrier, question


@transaction.atomic
def _take_in(call_id: UUID, answer: Answer, *, at: datetime) -> None:
    """What the carrier saw counts like its events, each once; no clear answer means again, a few times."""
    call = CarrierCall.objects.select_for_update(of=("self",), no_key=True).get(pk=call_id)
    if call.state != State.WAITING:
        return
    parcel = Shipment.objects.get(pk=call.shipment_id)
    try:
        found = registry.carrier(parcel.carrier).read_answer(answer, parcel.tracking_number, at=at)
        for scan in sorted(found, key=lambda each: each.happened_at):
            _record(parcel.carrier, scan, at=at)
        call.state, said = State.ANSWERED, str(len(found))
    except Unclear as problem:
        said = str(problem)
        if call.attempts >= MOST_ATTEMPTS:
            call.state = State.GIVEN_UP
        call.due_at = at + min(timedelta(seconds=2 ** min(call.attempts, 12)), LONGEST_PAUSE)
    call.last_answer = f"{answer.status} {said}"[:120]
    call.save(update_fields=["state", "due_at", "last_answer"])


def _record(carrier: str, scan: CarrierScan, *, at: datetime) -> None:
    """:raises Unclear: for a kind that we don't know"""
    try:
        parcels.record_scan(
            carrier=carrier,
            event_id=scan.event_id,
            tracking_number=scan.tracking_number,
            kind=scan.kind,
            happened_at=scan.happened_at,
            actor=Actor.carrier(carrier),
            at=at,
        )
    except ScanUnknown as refusal:
        raise Unclear(refusal.code) from refusal
