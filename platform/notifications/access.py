"""The door to letters: one's own only."""

from __future__ import annotations

from uuid import UUID

from kernel.actor import Actor
from kernel.errors import NotFound
from notifications.models import Letter
from notifications.queries import LetterQuerySet
from privacy import persons


def inbox_of(actor: Actor) -> LetterQuerySet:
    """The person's and their guests', newest first. :raises NotFound: nobody is signed in"""
    if actor.subject_id is None:
        raise NotFound
    return Letter.objects.of_subjects(persons.all_of(actor.subject_id))


def letter_of(actor: Actor, letter_id: UUID) -> Letter:
    """:raises NotFound: also when it is somebody else's"""
    letter = inbox_of(actor).filter(pk=letter_id).first()
    if letter is None:
        raise NotFound
    return letter
