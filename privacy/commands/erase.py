"""`privacy erase`: what a person asked for, carried out from the command line; prints the certificate."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from kernel import clock
from kernel.actor import Actor
from privacy import certificates, erasure, obstacles, requests
from privacy.models import Request
from privacy.states import ERASING, Channel, RequestKind, RequestState

NAME = "erase"
HELP = "erase a person and print the certificate; refused while something of theirs is open"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--subject", required=True, type=UUID, help="the person's id")
    parser.add_argument("--now", action="store_true", help="don't wait for the end of the time to think")


def run(options: dict[str, Any], tell: Callable[[str], None]) -> Any:
    subject_id, at = options["subject"], clock.now()
    done = Request.objects.filter(subject_id=subject_id, kind__in=sorted(ERASING), certificate__isnull=False)
    request = done.first() or _running(subject_id)
    if request is None:
        _refuse_what_is_open(subject_id, tell)
        request = requests.ask(
            subject_id=subject_id,
            kind=RequestKind.CLOSE,
            channel=Channel.STAFF,
            actor=Actor.system(),
            at=at,
        )
    elif request.state == RequestState.COOLING_OFF and not options["now"] and _thinks(request, at):
        raise CommandError(
            f"{request.number} can be taken back until {request.erase_after}; --now doesn't wait for that"
        )
    _refuse_what_is_open(subject_id, tell)
    certificate = erasure.erase(request_id=request.pk, actor=Actor.system(), at=at)
    return certificates.as_json(certificate)


def _running(subject_id: UUID) -> Request | None:
    return Request.objects.running().filter(subject_id=subject_id, kind__in=sorted(ERASING)).first()


def _thinks(request: Request, at: Any) -> bool:
    return request.erase_after is not None and request.erase_after > at


def _refuse_what_is_open(subject_id: UUID, tell: Callable[[str], None]) -> None:
    """:raises ErasureBlocked: after each thing was named"""
    for obstacle in obstacles.of(subject_id):
        tell(f"{obstacle.code}: {obstacle.text} {obstacle.path}".strip())
    obstacles.require_none(subject_id)
