"""Correcting what is wrong everywhere at once; what a law froze stays, and it is said why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import ngettext, override

from kernel.actor import Actor
from kernel.errors import N_, Invalid, NotFound
from privacy import requests
from privacy.models import Request
from privacy.states import Channel, RequestKind

# What can be corrected at once; anything else is a request that an officer works on.
CORRECTABLE = ("display_name", "recipient", "phone", "address")


class NothingToCorrect(Invalid):
    code = "privacy_nothing_to_correct"
    message = N_("Write at least one thing as it should be.")


@dataclass(frozen=True, slots=True)
class Corrected:
    """Columns that were changed, with their rows; numbers of what stays, with the rule that says so."""

    changed: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)


# A room's own: keyword-only subject_id=, values=, actor=, at=.
Corrector = Callable[..., Corrected]

_correctors: list[Corrector] = []


def connect(correctors: Iterable[Corrector]) -> None:
    """Take the table CORRECTIONS of config/subscriptions.py."""
    _correctors[:] = correctors


@transaction.atomic
def correct(
    *, subject_id: UUID, values: Mapping[str, str], actor: Actor, at: datetime
) -> tuple[Request, Corrected]:
    """Write the right values in every room, and leave a request that says what was done.

    :raises NotFound: for somebody else's; NothingToCorrect, or a room's own refusal: nothing is changed then
    """
    if actor.subject_id != subject_id:
        raise NotFound()
    wanted = {name: text.strip() for name, text in values.items() if name in CORRECTABLE and text.strip()}
    if not wanted:
        raise NothingToCorrect()
    request = requests.ask(
        subject_id=subject_id, kind=RequestKind.CORRECT, channel=Channel.WEB, actor=actor, at=at
    )
    done = [one(subject_id=subject_id, values=wanted, actor=actor, at=at) for one in _correctors]
    found = Corrected(
        {name: rows for each in done for name, rows in each.changed.items()},
        {number: rule for each in done for number, rule in each.kept.items()},
    )
    requests.answer(
        request_id=request.pk, text=_answer(found, request.subject.locale), actor=Actor.system(), at=at
    )
    return request, found


def told(found: Corrected) -> str:
    """What was put right and what stays, in the language of whoever reads now; it names nobody."""
    changed, kept = max(found.changed.values(), default=0), len(found.kept)
    said = ngettext("%(n)s order was put right.", "%(n)s orders were put right.", changed) % {"n": changed}
    if not kept:
        return said
    stays = ngettext(
        "%(n)s keeps what was true when it left; law asks for that.",
        "%(n)s keep what was true when they left; law asks for that.",
        kept,
    )
    return f"{said} {stays % {'n': kept}}"


def _answer(found: Corrected, locale: str) -> str:
    """The same in the language of the person's letters, with the numbers of what stays."""
    with override(locale):
        return "\n".join([told(found), *sorted(found.kept)])
