"""A restored system: what it must not do yet, and how it is let loose step by step."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Max

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from privacy import journal, tombstones
from privacy.models import Restoration

RESTORING, AWAITING, BEHIND, BROKEN = (
    "restoring",
    "awaiting_tombstones",
    "behind_tombstones",
    "journal_broken",
)


class NothingToDecide(DomainError):
    code = "restoration_decided"
    message = N_("This was decided before, or the tombstones were not replayed yet. Reload the page.")


class BooksWrong(DomainError):
    code = "books_wrong"
    message = N_("The books break %(number)s of their own rules. Nothing is paid out until that is mended.")


def marker() -> Path:
    """A file that stands while a restore runs, before the database can say so itself."""
    return Path(settings.TOMBSTONES_FILE).with_name("restoring.json")


def why_not() -> str:
    """Why nothing may be served now, as a code; empty when all is well.

    The journal is asked whatever the database says: it may have been put back by other hands.
    """
    if marker().exists():
        return RESTORING
    try:
        if Restoration.objects.filter(replayed_at__isnull=True).exists():
            return AWAITING
        return BEHIND if tombstones.behind() else ""
    except journal.JournalBroken:
        return BROKEN
    except DatabaseError:
        # No table yet or no database: other checks say so better.
        return ""


@transaction.atomic
def note(
    *, backup_id: str, taken_at: datetime | None, keys_missing: bool, leaves_lost: int, at: datetime
) -> Restoration:
    """Write that the database came out of a backup; from here on nothing is served."""
    return Restoration.objects.create(
        backup_id=backup_id,
        taken_at=taken_at,
        restored_at=at,
        keys_missing=keys_missing,
        leaves_lost=leaves_lost,
    )


def awaiting() -> Restoration | None:
    return Restoration.objects.filter(replayed_at__isnull=True).order_by("restored_at").first()


@transaction.atomic
def finish(*, tombstones_replayed: int, at: datetime) -> int:
    """The tombstones are replayed: serve again. Letters and payouts still wait for staff."""
    return Restoration.objects.filter(replayed_at__isnull=True).update(
        replayed_at=at, tombstones=tombstones_replayed, letters_until=at
    )


def letters_held_until() -> datetime | None:
    """Copies of letters written up to this instant may have left before; None: nothing is held."""
    held = Restoration.objects.filter(letters_until__isnull=False, letters_at__isnull=True)
    instant: datetime | None = held.aggregate(until=Max("letters_until"))["until"]
    return instant


def payouts_frozen() -> bool:
    """Whether the books wait for a comparison with the providers'."""
    return Restoration.objects.filter(books_at__isnull=True).exists()


@transaction.atomic
def decide_letters(*, restoration_id: UUID, send: bool, actor: Actor, at: datetime) -> Restoration:
    """Staff's word on held copies: let them go, or take them as sent before.

    :raises NothingToDecide:
    """
    found = _locked(restoration_id, letters_at__isnull=True, replayed_at__isnull=False)
    found.letters_at, found.letters_sent = at, send
    found.save(update_fields=["letters_at", "letters_sent"])
    return found


@transaction.atomic
def open_books(
    *, restoration_id: UUID, compared_with: str, offences: int, actor: Actor, at: datetime
) -> Restoration:
    """Somebody compared our books with the providers' statements: payouts may go on.

    :raises BooksWrong, NothingToDecide:
    """
    if offences:
        raise BooksWrong(number=offences)
    found = _locked(restoration_id, books_at__isnull=True, replayed_at__isnull=False)
    found.books_at, found.books_compared_with, found.books_by = at, compared_with[:200], str(actor)
    found.save(update_fields=["books_at", "books_compared_with", "books_by"])
    return found


def _locked(restoration_id: UUID, **state: bool) -> Restoration:
    found = Restoration.objects.select_for_update().filter(pk=restoration_id, **state).first()
    if found is None:
        raise NothingToDecide()
    return found
