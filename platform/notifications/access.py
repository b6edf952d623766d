"""The door to letters: one's own only."""

from __future__ import annotations

from uuid import UUID

from kernel.actor import Actor
from kernel.errors import NotFound
from notifications.models import Letter
from notifications.queries import LetterQuerySet


def inbox_of(actor: Actor) -> LetterQuerySet:
    """Newest first. :raises NotFound: nobody is signed in"""
    if actor.subject_id is None:
        raise NotFound
    return Letter.objects.of_subject(actor.subject_id)


def letter_of(actor: Actor, letter_id: UUID) -> Letter:
    """:raises NotFound: also when it is somebody else's"""
    letter = inbox_of(actor).filter(pk=letter_id).first()
    if letter is None:
        raise NotFound
    return letter
