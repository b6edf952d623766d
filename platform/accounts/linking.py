"""One person, several subjects: what was bought as a guest belongs to the account that proved the guest."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import LinkedSubject, User
from privacy.models import Subject


@transaction.atomic
def link(*, owner_id: UUID, guest_id: UUID, at: datetime) -> bool:
    """Attach a guest to an account for good; False when it already belongs to somebody."""
    _, made = LinkedSubject.objects.get_or_create(
        guest_id=guest_id, defaults={"owner_id": owner_id, "since": at}
    )
    return made


def guests_of(subject_id: UUID) -> list[UUID]:
    """The guests that this account's person was, the earliest first: copying and erasing go over them too."""
    linked = LinkedSubject.objects.filter(owner_id=subject_id).order_by("since", "pk")
    return list(linked.values_list("guest_id", flat=True))


def persons_of(subject_id: UUID) -> QuerySet[Any, Any]:
    """The subject and its guests, to be used inside another query: `subject_id__in=persons_of(…)`."""
    own = Subject.objects.filter(pk=subject_id).values_list("pk")
    return own.union(LinkedSubject.objects.filter(owner_id=subject_id).values_list("guest_id"), all=True)


def account_of(subject_id: UUID) -> UUID | None:
    """The subject whose account it is: its own, or the one that the guest has become; None: a guest still."""
    if User.objects.filter(subject_id=subject_id).exists():
        return subject_id
    return LinkedSubject.objects.filter(guest_id=subject_id).values_list("owner_id", flat=True).first()


def person_of(subject_id: UUID) -> UUID:
    """The account that this guest belongs to; any other subject is its own."""
    row = LinkedSubject.objects.filter(guest_id=subject_id).first()
    return row.owner_id if row else subject_id


def hold(subject_id: UUID) -> UUID:
    """Keep the subject from being linked until the transaction ends; gives its person.

    A link refers to both rows, so it waits for this lock, or is seen here.
    """
    Subject.objects.select_for_update(of=("self",)).get(pk=subject_id)
    return person_of(subject_id)


def is_linked(guest_id: UUID) -> bool:
    """Whether the guest belongs to an account by now: then its links lead to the sign-in and no further."""
    return LinkedSubject.objects.filter(guest_id=guest_id).exists()


def same_person(subject_id: UUID | None, other_id: UUID) -> bool:
    """Whether `other_id` is the subject itself or a guest that it was."""
    if subject_id is None or subject_id == other_id:
        return subject_id == other_id
    return LinkedSubject.objects.filter(owner_id=subject_id, guest_id=other_id).exists()
