"""Making and finding subjects."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, Invalid, NotFound
from privacy import keys
from privacy.models import Subject
from privacy.places import COUNTRIES


class PlaceUnknown(Invalid):
    code = "privacy_place_unknown"
    message = N_("“%(place)s” is no country that we know. Choose one from the list.")


@transaction.atomic
def create_subject(*, locale: str, at: datetime) -> Subject:
    """A new subject with a data key of its own; `locale` is zh-hans, zh-hant or en."""
    subject = Subject.objects.create(locale=locale, created_at=at)
    keys.create(subject_id=subject.pk, at=at)
    return subject


@transaction.atomic
def change_place(*, subject_id: UUID, place: str, actor: Actor, at: datetime) -> Subject:
    """Say under which country's law (ISO 3166) the person's requests run from now on; running ones stay.

    :raises PlaceUnknown: for anything but a country; NotFound: for somebody else's
    """
    if actor.subject_id != subject_id and not actor.is_staff:
        raise NotFound()
    if place not in COUNTRIES:
        raise PlaceUnknown(place=place[:10])
    subject = locked(subject_id)
    subject.place = place
    subject.save(update_fields=["place"])
    return subject


def locked(subject_id: UUID) -> Subject:
    """The root of everything about a person: locked before any request of theirs. :raises NotFound:"""
    found = Subject.objects.select_for_update(no_key=True).filter(pk=subject_id).first()
    if found is None:
        raise NotFound()
    return found


def lives(subject_id: UUID) -> bool:
    """Whether the subject exists and has not been erased."""
    return Subject.objects.filter(pk=subject_id, erased_at__isnull=True).exists()
