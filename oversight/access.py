"""The only door to matters for pages and programs: foreign and absent look the same."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from catalog.models import ListingMove
from kernel.actor import Actor
from kernel.errors import N_, Invalid, NotFound
from merchants.capabilities import Capability
from merchants.models import Membership
from oversight import codes
from oversight.models import Matter, Report, ReportFile
from oversight.queries import MatterQuerySet
from oversight.states import MatterState


class CodeUnknown(Invalid):
    code = "report_code_unknown"
    message = N_("We know no such code. It has 16 letters and digits, as we showed it when you reported.")


def report_of_code(text: str) -> Report:
    """:raises CodeUnknown: also for one that was never given"""
    code = codes.normal(text)
    rows = Report.objects.select_related("matter__merchant", "matter__listing", "matter__revision")
    found = rows.filter(digest=codes.digest(code)).first() if code else None
    if found is None:
        raise CodeUnknown(field="code")
    return found


def reports_of(actor: Actor) -> list[Report]:
    """What somebody reported under their name, the newest first."""
    if actor.subject_id is None:
        return []
    rows = Report.objects.filter(subject_id=actor.subject_id, named=True)
    return list(rows.select_related("matter__merchant", "matter__listing").order_by("-made_at", "-id")[:50])


def queue() -> MatterQuerySet:
    """The desk's: danger first, with its count and its clock."""
    return Matter.objects.with_parts().with_count().with_clock().by_urgency()


def results() -> MatterQuerySet:
    """What the public reads with the shop's name, the newest first."""
    return Matter.objects.shown().with_parts()


def suspension_of(matter: Matter) -> UUID | None:
    """The suspension that came of it, as an appeal names it."""
    if matter.listing_id is None or matter.decided_at is None:
        return None
    moves = ListingMove.objects.filter(listing_id=matter.listing_id, name="suspend", at=matter.decided_at)
    return moves.values_list("pk", flat=True).first()


def matters_of_merchant(membership: Membership) -> MatterQuerySet:
    """Of which the shop was told: what it was asked, and what was decided about it."""
    membership.require(Capability.READ)
    found = Matter.objects.with_parts().of_merchant(membership.merchant_id)
    told = found.exclude(state=MatterState.RECEIVED).exclude(
        state__in=[str(MatterState.NO_VIOLATION), str(MatterState.UNANSWERED)], asked_at__isnull=True
    )
    return told.order_by("-opened_at", "-id")


def matter_for_merchant(membership: Membership, number: str) -> Matter:
    """:raises NotFound: also when it is another shop's, or one that it wasn't told of"""
    found = matters_of_merchant(membership).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def file_of_matter(matter_id: UUID, file_id: UUID, *, actor: Actor, at: datetime) -> ReportFile:
    """For the desk. :raises NotFound: unless it came with a report of this very matter"""
    found = ReportFile.objects.select_related("file", "report").filter(
        file_id=file_id, report__matter_id=matter_id
    )
    held = found.first()
    if held is None or not actor.is_staff:
        raise NotFound
    return held
