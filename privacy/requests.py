"""Requests of people about their data: received on any channel, answered in time or refused with reasons."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from kernel.ids import public_number
from privacy import copying, deadlines, lifecycle, subjects
from privacy.events import (
    ErasureBegins,
    IdentityChecked,
    RequestAnswered,
    RequestExtended,
    RequestReceived,
    RequestRefused,
    RequestWithdrawn,
)
from privacy.models import Certificate, Request, Subject
from privacy.states import COPYING, ERASING, REQUEST, SINGLE, Channel, Identity, RequestKind, RequestState

WORDS_LIMIT = 4000


class WordsMissing(Invalid):
    code = "privacy_words_missing"
    message = N_("Write what you did or why not: the person reads it, and it stays on record.")


class WordsTooLong(Invalid):
    code = "privacy_words_too_long"
    message = N_("This text is too long: %(limit)s characters at most.")


class OwnRequest(DomainError):
    code = "privacy_own_request"
    message = N_("This is your own request. A colleague has to work on it.")
    status = 403


class SecondOfficer(DomainError):
    code = "privacy_second_officer"
    message = N_("Whoever wrote this erasure down can't also vouch for the person. A colleague has to.")
    status = 403


class AlreadyErased(DomainError):
    code = "privacy_already_erased"
    message = N_("This person's data was erased before. Nothing more can be asked about it.")


class NothingToUndo(Invalid):
    code = "privacy_nothing_to_undo"
    message = N_("Undoing an order is asked for from the child's page, where the order is named.")


@transaction.atomic
def ask(
    *,
    subject_id: UUID,
    kind: RequestKind,
    details: str = "",
    channel: Channel = Channel.WEB,
    identity: Identity | None = None,
    about: UUID | None = None,
    actor: Actor,
    at: datetime,
) -> Request:
    """Receive a request and start its legal clock; what runs already is given back instead of a second one.

    Whoever is signed in as the person has proved who they are (or `identity` ORDER_LINK: a guest in the
    browser that bought); UNCHECKED, and by telephone or letter, an officer records the check afterwards.

    :raises NotFound: for somebody else's data; AlreadyErased, WordsTooLong,
        NothingToUndo
    """
    if (kind is RequestKind.UNDO_ORDER) != (about is not None):
        raise NothingToUndo(field="kind")
    if actor.subject_id != subject_id and not (actor.is_staff or actor.is_system):
        raise NotFound()
    subject = subjects.locked(subject_id)
    if subject.erased_at is not None:
        raise AlreadyErased()
    running = Request.objects.running().filter(subject=subject, kind=kind).first()
    if running is not None and kind in SINGLE:
        return running
    request = _received(subject, kind, _words(details, needed=False), channel, at, about=about)
    fact = RequestReceived(request.pk, subject_id, request.kind)
    lifecycle.begin(request, actor=actor, at=at, fact=fact)
    deadlines.start_answer(request, at=at)
    if identity is Identity.UNCHECKED:
        return request
    if actor.subject_id == subject_id:
        _open(request, identity=identity or Identity.PROVED, actor=actor, at=at)
    elif actor.is_system:
        _open(request, identity=Identity.OFFICER, actor=actor, at=at)
    return request


def _received(
    subject: Subject,
    kind: RequestKind,
    details: str,
    channel: Channel,
    at: datetime,
    *,
    about: UUID | None,
) -> Request:
    request = Request(
        number=public_number("P"),
        subject=subject,
        kind=kind,
        state=RequestState.RECEIVED,
        channel=channel,
        place=subject.place,
        token=secrets.token_urlsafe(32) if kind in ERASING else None,
        received_at=at,
        about=about,
    )
    request.details = details or None
    request.save(force_insert=True)
    return request


def _open(
    request: Request, *, identity: Identity, actor: Actor, at: datetime, note: str | None = None
) -> None:
    """It is the person: begin what can begin by itself."""
    fact = IdentityChecked(request.pk, request.subject_id, request.kind)
    changes = {"identity_note": note} if note else {}
    lifecycle.move(request, "check_identity", actor=actor, at=at, fact=fact, identity=identity, **changes)
    if request.kind in COPYING:
        copying.queue(request=request, at=at)
    if request.kind in ERASING:
        clock = deadlines.start_cooling_off(request, at=at)
        begins = ErasureBegins(request.pk, request.subject_id, request.kind, clock.due_at)
        lifecycle.move(
            request, "begin_cooling_off", actor=actor, at=at, fact=begins, erase_after=clock.due_at
        )


@transaction.atomic
def check_identity(*, request_id: UUID, how: str, actor: Actor, at: datetime) -> Request:
    """An officer writes down how they know that it is the person; no more than needed is asked for.

    :raises WordsMissing: OwnRequest, IllegalMove; SecondOfficer: for an erasure that they wrote down
    """
    request = _for_officer(request_id, actor)
    if request.kind in ERASING and request.moves.filter(name="receive", actor=str(actor)).exists():
        raise SecondOfficer()
    _open(request, identity=Identity.OFFICER, actor=actor, at=at, note=_words(how))
    return request


@transaction.atomic
def answer(*, request_id: UUID, text: str, actor: Actor, at: datetime) -> Request:
    """An officer says what was done; copies and erasures are answered by themselves when they are done.

    :raises WordsMissing: OwnRequest, IllegalMove
    """
    request = _for_officer(request_id, actor)
    fact = RequestAnswered(request.pk, request.subject_id, request.kind)
    lifecycle.move(request, "answer", actor=actor, at=at, fact=fact, answer=_words(text))
    _over(request, at=at)
    return request


@transaction.atomic
def refuse(*, request_id: UUID, reasons: str, actor: Actor, at: datetime) -> Request:
    """Refuse with reasons, which the person reads with where they can complain.

    :raises WordsMissing: OwnRequest, IllegalMove
    """
    request = _for_officer(request_id, actor)
    fact = RequestRefused(request.pk, request.subject_id, request.kind)
    lifecycle.move(request, "refuse", actor=actor, at=at, fact=fact, refusal=_words(reasons))
    _over(request, at=at)
    return request


@transaction.atomic
def extend(*, request_id: UUID, reasons: str, actor: Actor, at: datetime) -> Request:
    """Take the further time that the law of the place allows, once; the person is told why.

    :raises WordsMissing: OwnRequest, NoMoreTime, or a refusal of the deadline (over, extended before)
    """
    request = _for_officer(request_id, actor)
    words = _words(reasons)
    # The trail of deadlines stands open to staff; the words themselves only here, sealed.
    clock = deadlines.extend_answer(request, reasons=f"request {request.number}", actor=actor, at=at)
    fact = RequestExtended(request.pk, request.subject_id, request.kind, clock.due_at)
    lifecycle.note(request, "extend", actor=actor, at=at, fact=fact, extension=words, extended_at=at)
    return request


@transaction.atomic
def withdraw(*, request_id: UUID, actor: Actor, at: datetime) -> Request:
    """The person thinks better of it; an erasure until the last moment.

    :raises NotFound: for somebody else's; IllegalMove when it is over
    """
    request = _locked(request_id)
    if actor.subject_id != request.subject_id and not (actor.is_staff or actor.is_system):
        raise NotFound()
    fact = RequestWithdrawn(request.pk, request.subject_id, request.kind)
    lifecycle.move(request, "withdraw", actor=actor, at=at, fact=fact)
    _over(request, at=at)
    return request


def allows(request: Request, name: str) -> bool:
    """Whether an officer may take this step now; copies and erasures are answered by themselves."""
    by_itself = name == "answer" and request.kind in COPYING | ERASING
    return not by_itself and REQUEST.allows(request.state, name)


def of_subject(subject_id: UUID) -> list[Request]:
    """Everything the person ever asked, newest first."""
    return list(Request.objects.of_subject(subject_id).select_related("copy"))


def one_of(*, subject_id: UUID, number: str) -> Request:
    """:raises NotFound: absent and foreign alike"""
    found = Request.objects.of_subject(subject_id).select_related("copy").filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def by_token(token: str) -> Request:
    """The erasure whose certificate link this is. :raises NotFound:"""
    found = Request.objects.select_related("certificate").filter(token=token).first() if token else None
    if found is None:
        raise NotFound()
    return found


def certificate_of(token: str) -> Certificate:
    """:raises NotFound: for a link that isn't one, and before the erasure"""
    found = Certificate.objects.select_related("request").filter(request__token=token).first()
    if found is None:
        raise NotFound()
    return found


def _over(request: Request, *, at: datetime) -> None:
    deadlines.end_all(request, at=at)
    copying.drop(request=request, at=at)


def _for_officer(request_id: UUID, actor: Actor) -> Request:
    request = _locked(request_id)
    if not (actor.is_staff or actor.is_system):
        raise NotFound()
    if actor.subject_id == request.subject_id:
        raise OwnRequest()
    return request


def _locked(request_id: UUID) -> Request:
    """The person first, then the request: the same order everywhere, so that nobody waits in a circle."""
    subject_id = Request.objects.filter(pk=request_id).values_list("subject_id", flat=True).first()
    if subject_id is None:
        raise NotFound()
    subjects.locked(subject_id)
    return Request.objects.locked(request_id)


def _words(text: str, *, needed: bool = True) -> str:
    """:raises WordsMissing: WordsTooLong"""
    words = text.strip()
    if needed and not words:
        raise WordsMissing()
    if len(words) > WORDS_LIMIT:
        raise WordsTooLong(limit=WORDS_LIMIT)
    return words
