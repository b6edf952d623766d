"""Data sent abroad: recorded person by person, counted by year against the law, stopped where it must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Q

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from law.counting import local_day
from outbox import bus
from privacy import consent
from privacy.classification import Purpose
from privacy.events import ExportNearThreshold
from privacy.models import (
    ConsentEvent,
    ConsentPurpose,
    ExportAlert,
    ExportBasis,
    ExportFiling,
    ExportRoute,
    Transfer,
)
from rulebook import current, policies

HOME = current.HOME
STANDARD = "cn.privacy.export_standard"
ALERTS = "privacy.export_alerts"
WHOLE = 1000
# One counter for everybody, so that two transfers at once can't both be the last that is free.
COUNTER_LOCK = 4_072_101


class AssessmentMissing(DomainError):
    code = "export_filing_missing"
    message = N_(
        "This would send more people's data abroad this year than the law allows without %(route)s."
        " It was stopped. File it first, then note it here."
    )


class ConsentMissing(DomainError):
    code = "export_consent_missing"
    message = N_("The person has not agreed to send data abroad beyond what an order needs.")


class SameCountry(Invalid):
    code = "export_same_country"
    message = N_("The recipient is in the same country: nothing goes abroad.")


class FilingOdd(Invalid):
    code = "export_filing_odd"
    message = N_("Give the number of the filing, and an end after its beginning.")


@dataclass(frozen=True, slots=True)
class People:
    """Distinct persons of a year."""

    counted: int
    sensitive: int
    exempt: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure of the law, how many people count towards it, and which filing it asks for from there on."""

    name: str
    figure: int
    people: int
    route: ExportRoute

    @property
    def permille(self) -> int:
        return self.people * WHOLE // self.figure


@transaction.atomic
def record(
    *,
    subject_id: UUID,
    recipient: str,
    country: str,
    basis: ExportBasis,
    purpose: Purpose,
    data: Sequence[str],
    reference: UUID,
    sensitive: bool = False,
    actor: Actor,
    at: datetime,
) -> Transfer:
    """Write a transfer down before it happens; the same fact again changes nothing.

    :raises SameCountry: ConsentMissing, AssessmentMissing; nothing may be sent then
    """
    if country == HOME:
        raise SameCountry
    told = Transfer.objects.filter(reference=reference, recipient=recipient, purpose=purpose).first()
    if told is not None:
        return told
    counted, year = basis != ExportBasis.CONTRACT, year_of(at)
    by_consent = _consent(subject_id, at) if basis == ExportBasis.CONSENT else None
    if counted:
        _require_filing(subject_id, year, sensitive=sensitive, at=at)
    made = Transfer.objects.create(
        subject_id=subject_id, recipient=recipient, country=country, basis=basis, consent=by_consent,
        purpose=purpose, data=list(data), sensitive=sensitive, reference=reference, year=year, at=at,
    )  # fmt: skip
    if counted:
        _alert(year, at=at)
    return made


@transaction.atomic
def note_filing(
    *,
    route: ExportRoute,
    number: str,
    valid_from: datetime,
    valid_until: datetime,
    actor: Actor,
    at: datetime,
) -> ExportFiling:
    """An officer notes a standard contract filed or an assessment passed. :raises FilingOdd:"""
    if not number.strip() or valid_until <= valid_from:
        raise FilingOdd
    return ExportFiling.objects.create(
        route=route,
        number=number.strip(),
        valid_from=valid_from,
        valid_until=valid_until,
        noted_by=str(actor),
        noted_at=at,
    )


def of_subject(subject_id: UUID) -> list[Transfer]:
    """What of one person went abroad, the last first."""
    return list(Transfer.objects.filter(subject_id=subject_id).order_by("-at", "-id"))


def year_of(at: datetime) -> int:
    """The calendar year in China: the law counts from 1 January there."""
    return local_day(at, current.pack(current.HOME, at).zone).year


def counts(year: int) -> People:
    """Distinct persons, in one statement: counted towards the thresholds, sensitive ones, and exempt."""
    by_contract = Q(basis=ExportBasis.CONTRACT)
    found = Transfer.objects.filter(year=year).aggregate(
        counted=Count("subject_id", filter=~by_contract, distinct=True),
        sensitive=Count("subject_id", filter=~by_contract & Q(sensitive=True), distinct=True),
        exempt=Count("subject_id", filter=by_contract, distinct=True),
    )
    return People(**found)


def thresholds(year: int, *, at: datetime) -> list[Threshold]:
    """The law's figures with this year's people, the first that is reached first."""
    held, now = _figures(at), counts(year)
    return [
        Threshold("free_below", held["free_below"], now.counted, ExportRoute.STANDARD_CONTRACT),
        Threshold("assessment_from", held["assessment_from"], now.counted, ExportRoute.ASSESSMENT),
        Threshold(
            "sensitive_assessment_from",
            held["sensitive_assessment_from"],
            now.sensitive,
            ExportRoute.ASSESSMENT,
        ),
    ]


def filings(*, at: datetime) -> list[ExportFiling]:
    """Those that count at the instant."""
    return list(ExportFiling.objects.filter(valid_from__lte=at, valid_until__gt=at).order_by("valid_until"))


def _require_filing(subject_id: UUID, year: int, *, sensitive: bool, at: datetime) -> None:
    """As if this person were counted already: reaching a figure needs its filing."""
    _lock_the_counter()
    mine = Transfer.objects.filter(subject_id=subject_id, year=year).exclude(basis=ExportBasis.CONTRACT)
    known = mine.exists()
    known_sensitive = mine.filter(sensitive=True).exists()
    allowed = {each.route for each in filings(at=at)}
    if sensitive and not allowed:
        raise AssessmentMissing(route=str(ExportRoute.STANDARD_CONTRACT))
    for each in thresholds(year, at=at):
        about_sensitive = each.name.startswith("sensitive")
        if about_sensitive and not sensitive:
            continue
        more = 0 if (known_sensitive if about_sensitive else known) else 1
        needs = {each.route, ExportRoute.ASSESSMENT}
        if each.people + more >= each.figure and not allowed & needs:
            raise AssessmentMissing(route=str(each.route))


def _alert(year: int, *, at: datetime) -> None:
    """Tell officers once of each share of each figure that is reached."""
    for each in thresholds(year, at=at):
        for share in policies.value(ALERTS, at):
            if each.permille < share:
                continue
            told = {"people": each.people, "at": at}
            _, new = ExportAlert.objects.get_or_create(
                year=year, threshold=each.name, permille=share, defaults=told
            )
            if new:
                bus.publish(ExportNearThreshold(year, each.name, share, each.people, each.figure), at=at)


def _consent(subject_id: UUID, at: datetime) -> ConsentEvent:
    if not consent.given(subject_id=subject_id, purpose=ConsentPurpose.ABROAD, at=at):
        raise ConsentMissing
    given = ConsentEvent.objects.filter(subject_id=subject_id, purpose=ConsentPurpose.ABROAD)
    return given.order_by("-at", "-id")[0]


def _figures(at: datetime) -> dict[str, int]:
    return dict(current.pack(current.HOME, at).rule(STANDARD, at).figures)


def _lock_the_counter() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [COUNTER_LOCK])
