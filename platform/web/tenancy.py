"""The second wall between merchants: in the portal the database shows one shop's rows and no others.

`narrowed` changes the transaction to the portal's role and names the shop; the row policies that
`manage grants` makes (config/policies.py) do the rest. Nothing outlives the transaction, so the connection
may come from a pooler and go back to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction

ROLE = "anxin_portal"
MERCHANT = "anxin.merchant_id"
PERSON = "anxin.subject_id"
# `role` is a setting like any other: one statement changes all three until the transaction ends.
_SET = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in ("role", MERCHANT, PERSON))
_NOBODY = ("none", "", "")

_now: ContextVar[tuple[str, str, str] | None] = ContextVar("narrowed", default=None)


@contextmanager
def narrowed(*, merchant_id: UUID, subject_id: UUID) -> Iterator[None]:
    """One transaction in which the database shows only this merchant's rows, to this member of it.

    An exception rolls all of it back, and the role with it.
    """
    who = (ROLE, str(merchant_id), str(subject_id))
    with transaction.atomic():
        _become(who)
        token = _now.set(who)
        try:
            yield
        finally:
            _now.reset(token)
        # Before the commit: checks that wait for it look at every row.
        _unless_broken(_NOBODY)


@contextmanager
def widened() -> Iterator[None]:
    """The platform's own part of a merchant's step, such as moving money; elsewhere it changes nothing.

    The merchant's role may not write the ledger at all, and the ledger's checks must see every row.
    """
    before = _now.get()
    if before is None:
        yield
        return
    with transaction.atomic():
        _become(_NOBODY)
        token = _now.set(None)
        try:
            yield
        finally:
            _now.reset(token)
        _unless_broken(before)


def is_narrowed() -> bool:
    """Whether the portal's role reads now."""
    return _now.get() is not None


def _become(who: tuple[str, str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SET, who)


def _unless_broken(who: tuple[str, str, str]) -> None:
    """After a failed statement the rollback that follows resets the role; nothing else can be said then."""
    if not connection.needs_rollback:
        _become(who)
