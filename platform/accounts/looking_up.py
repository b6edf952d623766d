"""Finding a person for a stated purpose: by an exact address or number, never by a part of one.

The search itself is on record, also when it finds nobody; what was typed is kept as a digest that is keyed
anew for each reader and day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from accounts import finding, pseudonyms
from accounts.models import User
from kernel.actor import Actor
from kernel.errors import N_, Invalid
from notifications import addressees
from privacy import access_record, blind_index
from privacy.models import LookUp

PURPOSE = "person.search"
_REFERENCE = re.compile(r"[A-Z0-9][A-Z0-9-]{3,39}", re.ASCII)
LONGEST = 200


class By(StrEnum):
    EMAIL = "email"
    PHONE = "phone"


WAYS = {By.EMAIL: N_("E-mail address"), By.PHONE: N_("Telephone")}


class Cause(StrEnum):
    REQUEST = "request"
    CASE = "case"
    SECURITY = "security"


CAUSES = {
    Cause.REQUEST: N_("The person wrote to us about their data"),
    Cause.CASE: N_("The person wrote to us about an order or a case"),
    Cause.SECURITY: N_("An account is in danger"),
}


class ReferenceMissing(Invalid):
    code = "reference_missing"
    message = N_("Write the number of the request, order or case that this search is for.")


class NothingToSearch(Invalid):
    code = "nothing_to_search"
    message = N_("Type the whole address or the whole number: parts are not searched for.")


@dataclass(frozen=True, slots=True)
class Found:
    """`subject_id` is None for nobody; `on_record` the number of people this was told to."""

    subject_id: UUID | None
    at: datetime


@transaction.atomic
def look_up(*, by: By, text: str, cause: Cause, reference: str, actor: Actor, at: datetime) -> Found:
    """Whose address or number this is, exactly.

    :raises ReferenceMissing, NothingToSearch: nothing was searched then
    """
    number = number_of(reference)
    wanted = _normal(by, text)
    found = addressees.with_email(text) if by is By.EMAIL else addressees.with_phone(text)
    LookUp.objects.create(
        actor=str(actor),
        purpose=str(cause),
        reference=number,
        by=str(by),
        digest=blind_index.of(f"privacy.look_up|{actor}|{at.date()}", wanted),
        subject_id=found,
        at=at,
    )
    if found is not None:
        column = "notifications.Addressee.email" if by is By.EMAIL else "notifications.Addressee.phone"
        access_record.record(actor=actor, subject_id=found, purpose=PURPOSE, fields=[column], at=at)
    return Found(found, at)


@transaction.atomic
def account_with(contact: str, *, purpose: str, reference: str, actor: Actor, at: datetime) -> User | None:
    """The account with this address or number, for a step of staff; the look is on record, found or not."""
    wanted = pseudonyms.stands_for(contact)
    found = finding.account_of_contact(wanted)
    LookUp.objects.create(
        actor=str(actor),
        purpose=purpose,
        reference=reference,
        by=str(By.PHONE if pseudonyms.is_of_phone(wanted) else By.EMAIL),
        digest=blind_index.of(f"privacy.look_up|{actor}|{at.date()}", wanted),
        subject_id=found.subject_id if found else None,
        at=at,
    )
    return found


def number_of(reference: str) -> str:
    """The number that a search is for. :raises ReferenceMissing: when it is none"""
    number = reference.strip().upper()
    if not _REFERENCE.fullmatch(number):
        raise ReferenceMissing(field="reference")
    return number


def _normal(by: By, text: str) -> str:
    plain = text.strip()
    whole = "@" in plain if by is By.EMAIL else len(re.sub(r"\D", "", plain)) >= 7
    if not whole or len(plain) > LONGEST:
        raise NothingToSearch(field="text")
    return blind_index.normal_email(plain) if by is By.EMAIL else blind_index.normal_phone(plain)
