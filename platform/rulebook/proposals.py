"""Changing the law that pages and clocks follow takes two people: one brings the file, another accepts it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from rulebook import loading
from rulebook.models import CalendarVersion, PackVersion, Proposal


class SamePerson(DomainError):
    code = "rulebook_same_person"
    message = N_("Somebody else must accept what you have brought.")


class AlreadyDecided(DomainError):
    code = "rulebook_already_decided"
    message = N_("This proposal was decided before.")


class AlreadyWaiting(DomainError):
    code = "rulebook_already_waiting"
    message = N_("Version %(version)s already waits for a second person.")


@transaction.atomic
def propose(*, text: str, name: str, actor: Actor, at: datetime) -> Proposal:
    """Keep a file that could be loaded, for a second person to look at.

    :raises BadRulebookFile: with the line; VersionTaken or AlreadyWaiting; nothing is kept
    """
    kind = Proposal.Kind.CALENDAR if name.endswith(".json") else Proposal.Kind.PACK
    read = loading.calendar_of if kind == Proposal.Kind.CALENDAR else loading.pack_of
    found, _data = read(text, name=name)
    model = CalendarVersion if kind == Proposal.Kind.CALENDAR else PackVersion
    if model.objects.filter(place=found.place, version=found.version).exists():
        raise loading.VersionTaken(version=found.version)
    if Proposal.objects.waiting().filter(kind=kind, version=found.version).exists():
        raise AlreadyWaiting(version=found.version)
    return Proposal.objects.create(
        kind=kind,
        place=found.place,
        version=found.version,
        file_name=name,
        text=text,
        proposed_by=str(actor),
        proposed_at=at,
    )


@transaction.atomic
def accept(*, proposal_id: UUID, actor: Actor, at: datetime) -> Proposal:
    """Load what another person brought; it counts from its own date.

    :raises SamePerson: or AlreadyDecided
    """
    proposal = _decide(proposal_id, Proposal.State.ACCEPTED, actor, at)
    load = loading.load_calendar if proposal.kind == Proposal.Kind.CALENDAR else loading.load_pack
    load(text=proposal.text, name=proposal.file_name, actor=actor, at=at)
    return proposal


@transaction.atomic
def refuse(*, proposal_id: UUID, actor: Actor, at: datetime) -> Proposal:
    """:raises SamePerson: or AlreadyDecided"""
    return _decide(proposal_id, Proposal.State.REFUSED, actor, at)


def _decide(proposal_id: UUID, state: Proposal.State, actor: Actor, at: datetime) -> Proposal:
    proposal = Proposal.objects.locked(proposal_id)
    if proposal.state != Proposal.State.WAITING:
        raise AlreadyDecided(version=proposal.version)
    if proposal.proposed_by == str(actor):
        raise SamePerson(version=proposal.version)
    proposal.state, proposal.decided_by, proposal.decided_at = state, str(actor), at
    proposal.save(update_fields=["state", "decided_by", "decided_at"])
    return proposal
