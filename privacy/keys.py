"""Data, salt and kept keys of subjects: fetched, made, restricted, destroyed. Every process hears of it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet

from kernel.actor import Actor
from privacy import access_record, keyring, master, notices
from privacy.keyring import KeyDestroyed, KeyRestricted, current, forget_all, of_version, preload
from privacy.models import KeyUse, Subject, SubjectKey
from web import tenancy

__all__ = [
    "KeyDestroyed",
    "KeyRestricted",
    "add_version",
    "add_versions",
    "create",
    "current",
    "destroy",
    "destroy_kept",
    "forget_all",
    "kept",
    "make_kept",
    "of_version",
    "opening_kept",
    "preload",
    "salt_key",
]


def _wrapped(subject_id: UUID, version: int, secret: bytes) -> master.Wrapped:
    return master.wrap([(secret, keyring.wrapping_context(subject_id, version))])[0]


def _key(subject_id: UUID, use: KeyUse, version: int, secret: bytes, at: datetime) -> SubjectKey:
    made = _wrapped(subject_id, version, secret)
    return SubjectKey(
        subject_id=subject_id,
        use=use,
        version=version,
        master_version=made.master_version,
        wrapped=made.wrapped,
        created_at=at,
    )


def create(*, subject_id: UUID, at: datetime) -> None:
    """Make a new subject's data key and the key that salts its proofs."""
    SubjectKey.objects.bulk_create(
        [
            _key(subject_id, KeyUse.DATA, 1, os.urandom(master.KEY_BYTES), at),
            _key(subject_id, KeyUse.SALT, 2, os.urandom(master.KEY_BYTES), at),
        ]
    )


@transaction.atomic
def add_version(*, subject_id: UUID, at: datetime) -> int:
    """A new data key: what is sealed from here on is sealed under it; the older ones still open.

    :raises KeyDestroyed: after erasure
    """
    _lock(subject_id)
    live = SubjectKey.objects.filter(subject_id=subject_id, use=KeyUse.DATA, destroyed_at__isnull=True)
    if not live.exists():
        raise KeyDestroyed(str(subject_id))
    version = add_versions(subject_ids=[subject_id], at=at)[subject_id]
    _tell()
    return version


@transaction.atomic
def add_versions(*, subject_ids: Collection[UUID], at: datetime) -> dict[UUID, int]:
    """A new data key for each of these subjects, whose rows the caller has locked and of whom he tells."""
    have = SubjectKey.objects.filter(subject_id__in=subject_ids)
    salted = set(have.filter(use=KeyUse.SALT).values_list("subject_id", flat=True))
    for subject_id in set(subject_ids) - salted:
        salt_key(subject_id)
    last = dict(have.values_list("subject_id").annotate(last=Max("version")))
    made = {one: last[one] + 1 for one in subject_ids}
    SubjectKey.objects.bulk_create(
        _key(one, KeyUse.DATA, version, os.urandom(master.KEY_BYTES), at) for one, version in made.items()
    )
    return made


@transaction.atomic
def make_kept(*, subject_id: UUID, rule_id: str, destroy_after: datetime, at: datetime) -> int:
    """A restricted key for what `rule_id` keeps until `destroy_after`; gives its version."""
    _lock(subject_id)
    version = _next_version(subject_id)
    made = _key(subject_id, KeyUse.KEPT, version, os.urandom(master.KEY_BYTES), at)
    made.keep_rule_id, made.destroy_after = rule_id, destroy_after
    made.save(force_insert=True)
    keyring.forget_all()
    return version


def salt_key(subject_id: UUID) -> bytes:
    """The key that salts the subject's proofs; it never rotates and dies at erasure.

    For a subject older than salt keys it is the first data key: no salt of an existing leaf may move.
    :raises KeyDestroyed: after erasure
    """
    return keyring.salt(subject_id) or _first_salt(subject_id)


@tenancy.widened()
@transaction.atomic
def _first_salt(subject_id: UUID) -> bytes:
    with tenancy.widened():
        return _made_first_salt(subject_id)


def _made_first_salt(subject_id: UUID) -> bytes:
    _lock(subject_id)
    keyring.forget_all()
    found = keyring.salt(subject_id)
    if found is not None:
        return found
    first = SubjectKey.objects.filter(subject_id=subject_id, use=KeyUse.DATA).order_by("version").first()
    if first is None:
        raise KeyDestroyed(str(subject_id))
    secret = keyring.of_version(subject_id, first.version)
    _key(subject_id, KeyUse.SALT, _next_version(subject_id), secret, first.created_at).save(force_insert=True)
    keyring.forget_all()
    return secret


@contextmanager
def opening_kept(
    *, actor: Actor, subject_id: UUID, purpose: str, at: datetime, fields: Sequence[str] = ("privacy.kept",)
) -> Iterator[None]:
    """Inside, what a rule keeps of an erased subject at `at` opens; the look is written down first.

    A key whose day has passed stays shut, also when the nightly sweep hasn't destroyed it yet.
    """
    access_record.record(actor=actor, subject_id=subject_id, purpose=purpose, fields=fields, at=at)
    with keyring.kept_opened(subject_id, [key.version for key in kept(subject_id, at)]):
        yield


def kept(subject_id: UUID, at: datetime) -> list[SubjectKey]:
    """The kept keys that may still open at `at`, the first to be destroyed first."""
    found = SubjectKey.objects.filter(subject_id=subject_id, use=KeyUse.KEPT, destroyed_at__isnull=True)
    return list(found.filter(destroy_after__gt=at).order_by("destroy_after", "version"))


@transaction.atomic
def destroy(*, subject_id: UUID, at: datetime) -> None:
    """Shred: whatever was sealed or salted under the subject's keys is lost; kept keys stay."""
    _shred(SubjectKey.objects.filter(subject_id=subject_id).exclude(use=KeyUse.KEPT), at)


@transaction.atomic
def destroy_kept(*, subject_id: UUID, version: int, at: datetime) -> None:
    """Shred what a rule kept, at its end."""
    _shred(SubjectKey.objects.filter(subject_id=subject_id, version=version, use=KeyUse.KEPT), at)


def _shred(wanted: QuerySet[SubjectKey], at: datetime) -> None:
    # FOR UPDATE: whoever writes a cell holds its key's row until that is committed.
    found = wanted.filter(destroyed_at__isnull=True).order_by("version").select_for_update()
    SubjectKey.objects.filter(pk__in=[key.pk for key in found]).update(wrapped=None, destroyed_at=at)
    _tell()


def _tell() -> None:
    notices.publish()
    keyring.forget_all()
    transaction.on_commit(keyring.forget_all)


def _lock(subject_id: UUID) -> None:
    Subject.objects.select_for_update(no_key=True).get(pk=subject_id)


def _next_version(subject_id: UUID) -> int:
    found = SubjectKey.objects.filter(subject_id=subject_id).aggregate(last=Max("version"))
    return int(found["last"] or 0) + 1
