"""Working out every rule of the money again: each night, on command, and what the public reads of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel.ids import new_id
from payments import invariants
from payments.invariants import Offence
from payments.models import BookCheck, Difference, Dispute

log = logging.getLogger(__name__)

# (rule, the rows that break it), one rule after the other; rooms above add theirs at start.
Source = Callable[[], Iterable[tuple[str, list[Offence]]]]
_more: list[Source] = []


def connect(sources: Sequence[Source]) -> None:
    """Replace what rooms above had added."""
    _more[:] = sources


def _found() -> Iterator[tuple[str, list[Offence]]]:
    for source in (invariants.found, *_more):
        yield from source()


def run(*, at: datetime) -> list[BookCheck]:
    """Work out every rule now and keep the counts; each row that breaks one is an alarm."""
    run_id, checks = new_id(), []
    for position, (rule, offences) in enumerate(_found()):
        for offence in offences:
            log.critical("the books are wrong", extra={"code": rule, "row": str(offence.row)})
        checks.append(
            BookCheck(run_id=run_id, position=position, rule=rule, offences=len(offences), checked_at=at)
        )
    BookCheck.objects.bulk_create(checks)
    return checks


@dataclass(frozen=True, slots=True)
class Standing:
    """What the public reads: the last check, and what is open with providers since when at the longest."""

    checks: list[BookCheck]
    differences: int
    oldest_difference: datetime | None
    disputes: int
    oldest_dispute: datetime | None

    @property
    def checked_at(self) -> datetime | None:
        return self.checks[0].checked_at if self.checks else None

    @property
    def broken(self) -> int:
        return sum(1 for one in self.checks if one.offences)


def standing() -> Standing:
    """The newest check, in the order of its rules."""
    last = BookCheck.objects.order_by("-checked_at", "-id").first()
    checks = list(BookCheck.objects.filter(run_id=last.run_id).order_by("position")) if last else []
    open_ones = Difference.objects.open().order_by("found_at").values_list("found_at", flat=True)
    running = Dispute.objects.running().order_by("opened_at").values_list("opened_at", flat=True)
    return Standing(checks, open_ones.count(), open_ones.first(), running.count(), running.first())
