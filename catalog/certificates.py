"""Certificates of goods and shops: handed in sealed, compared by staff, shown while they are valid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext

from catalog import deadlines
from catalog.events import CertificateLost
from catalog.models import Certificate, Listing
from catalog.proof_kinds import CERTIFICATE, SCHEME_WORDS, CertificateState, Scheme
from catalog.schema import Schema
from catalog.schemas_by_version import schema_at
from catalog.taking_down import take_down
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants import documents, parties
from merchants.models import Merchant
from outbox import bus
from privacy import files
from privacy.models import FileState

PURPOSE = "catalog.certificate"
# The field of a schema that states a certificate's number → its scheme.
STATED_BY = {"ccc_certificate": Scheme.CCC}
ENDED = N_("The %(scheme)s certificate %(number)s no longer counts: %(why)s.")
WHY = {
    "expired": N_("it has expired"),
    "taken_back": N_("the shop took it back"),
    "wrong": N_("it isn't right"),
}


class CertificateOver(Invalid):
    code = "certificate_over"
    message = N_("This certificate ended on %(day)s. Hand in one that is valid today.")


class CertificateIncomplete(Invalid):
    code = "certificate_incomplete"
    message = N_("A certificate needs its number and who issued it, as printed.")


class CertificateNotExamined(DomainError):
    code = "certificate_not_examined"
    message = N_("The file is still being examined, or was locked away. Without it nobody can compare it.")


class RefusalUnexplained(Invalid):
    code = "certificate_refusal_unexplained"
    message = N_("Write the reason: the shop reads it.")


@dataclass(frozen=True, slots=True)
class Paper:
    """What a certificate says, as typed, and its picture or PDF."""

    scheme: Scheme
    number: str
    issuer: str
    file: UploadedFile[bytes]
    check_url: str = ""
    valid_until: date | None = None


@transaction.atomic
def hand_in(
    *, merchant_id: UUID, paper: Paper, actor: Actor, at: datetime, listing_id: UUID | None = None
) -> Certificate:
    """Seal a certificate for one listing, or for the whole shop, and wait for the comparison.

    :raises CertificateOver: :raises CertificateIncomplete: a refusal of files.receive :raises NotFound:
    """
    merchant = Merchant.objects.locked(merchant_id)
    if listing_id and not Listing.objects.of_merchant(merchant_id).filter(pk=listing_id).exists():
        raise NotFound
    if not paper.number.strip() or not paper.issuer.strip():
        raise CertificateIncomplete
    if paper.valid_until is not None and paper.valid_until < documents.today(merchant, at):
        raise CertificateOver(field="valid_until", day=paper.valid_until.isoformat())
    stored = files.receive(
        subject_id=merchant.subject_id, upload=paper.file, purpose=PURPOSE, actor=actor, at=at
    )
    return Certificate.objects.create(
        merchant=merchant,
        listing_id=listing_id,
        scheme=paper.scheme,
        number=paper.number.strip(),
        issuer=paper.issuer.strip(),
        check_url=paper.check_url,
        valid_until=paper.valid_until,
        file=stored,
        handed_in_at=at,
        handed_in_by=str(actor),
    )


@transaction.atomic
def verify(*, certificate_id: UUID, actor: Actor, at: datetime) -> Certificate:
    """Staff have compared it: its badge shows from now on, and its clock runs.

    :raises IllegalMove: :raises PartyMayNotAct: :raises CertificateNotExamined: :raises CertificateOver:
    """
    held = _locked(certificate_id)
    parties.refuse_party(merchant_id=held.merchant_id, actor=actor)
    if held.file.state != FileState.CLEAN:
        raise CertificateNotExamined
    if held.valid_until is not None and held.valid_until < documents.today(held.merchant, at):
        raise CertificateOver(day=held.valid_until.isoformat())
    _move(held, "verify", actor=actor, at=at)
    deadlines.start_certificate(held, at=at)
    return held


@transaction.atomic
def refuse(*, certificate_id: UUID, reason: str, actor: Actor, at: datetime) -> Certificate:
    """Send it back; one that counted and turns out wrong loses its badge and what hangs on it.

    :raises RefusalUnexplained: :raises IllegalMove: :raises PartyMayNotAct:
    """
    if not reason.strip():
        raise RefusalUnexplained
    held = _locked(certificate_id)
    parties.refuse_party(merchant_id=held.merchant_id, actor=actor)
    counted = held.state == CertificateState.VERIFIED
    _move(held, "revoke" if counted else "refuse", actor=actor, at=at, reason=reason.strip())
    if counted:
        _lost(held, "wrong", at=at)
    return held


@transaction.atomic
def withdraw(*, certificate_id: UUID, merchant_id: UUID, actor: Actor, at: datetime) -> Certificate:
    """:raises NotFound: another shop's :raises IllegalMove: it is over already"""
    held = _locked(certificate_id)
    if held.merchant_id != merchant_id:
        raise NotFound
    counted = held.state == CertificateState.VERIFIED
    _move(held, "withdraw", actor=actor, at=at)
    if counted:
        _lost(held, "taken_back", at=at)
    return held


@transaction.atomic
def expire(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The last day is over: the badge goes, and what may be sold only with it goes off sale."""
    held = _locked(reference)
    if held.state == CertificateState.VERIFIED:
        _move(held, "expire", actor=Actor.system(), at=at)
        _lost(held, "expired", at=at)


def shown(listing: Listing, *, at: datetime) -> Sequence[Certificate]:
    """The certificates whose badge stands on the page: compared, and valid today."""
    today = documents.today(listing.merchant, at)
    rows = Certificate.objects.filter(merchant_id=listing.merchant_id, state=CertificateState.VERIFIED)
    rows = rows.filter(Q(listing=listing) | Q(listing__isnull=True))
    return list(rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today)).order_by("scheme", "id"))


def confirmed_by(
    schema: Schema, attributes: dict[str, object], rows: Sequence[Certificate]
) -> dict[str, str]:
    """Field → number: what the offer says of itself and a compared certificate says, too."""
    numbers = {(row.scheme, row.number) for row in rows}
    stated = {key: str(attributes.get(key, "")) for key in STATED_BY if key in schema.by_key}
    return {key: value for key, value in stated.items() if (STATED_BY[key], value) in numbers}


def _lost(held: Certificate, why: str, *, at: datetime) -> None:
    """What hangs on it comes down after the commit: a shop's own page may not write its letters."""
    deadlines.end_certificate(held.pk, at=at)
    bus.publish(CertificateLost(held.pk, why), at=at)


def take_down_without(*, certificate_id: UUID, why: str, at: datetime) -> None:
    """Offers that may be sold only with this certificate go off sale, unless another stands for it."""
    held = Certificate.objects.select_related("merchant").get(pk=certificate_id)
    rows = Listing.objects.of_merchant(held.merchant_id).filter(state="live").select_related("live_revision")
    if held.listing_id:
        rows = rows.filter(pk=held.listing_id)
    for listing in rows.defer("search", "draft"):
        duty = _hangs_on(held, listing)
        if duty and not any(row.scheme == held.scheme for row in shown(listing, at=at)):
            with translation.override("zh-hans"):
                said = {"scheme": gettext(SCHEME_WORDS[Scheme(held.scheme)]), "number": held.number}
                reason = gettext(ENDED) % {**said, "why": gettext(WHY[why])}
            take_down(listing_id=listing.pk, reason=reason, rule_id=duty, actor=Actor.system(), at=at)


def _hangs_on(held: Certificate, listing: Listing) -> str:
    """The duty that demands this certificate of what is on sale; empty where it is only an ornament."""
    content = listing.live_revision.content if listing.live_revision else {}
    if not content:
        return ""
    attributes = content["attributes"]
    for spec in schema_at(content["category"], content["schema_version"]).fields:
        if STATED_BY.get(spec.key) == held.scheme and spec.demanded(attributes):
            return spec.duty if held.listing_id or attributes.get(spec.key) == held.number else ""
    return ""


def _move(held: Certificate, name: str, *, actor: Actor, at: datetime, reason: str = "") -> None:
    before = held.state
    held.state = CERTIFICATE.target(before, name)
    held.reason, held.decided_at, held.decided_by = reason, at, str(actor)
    held.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    if CertificateState.VERIFIED in (before, held.state):
        _shelve(held)


def behind(listings: Sequence[Listing]) -> set[UUID]:
    """Those that a compared certificate stands behind; one that ends is moved on by its deadline."""
    shops = {each.merchant_id for each in listings}
    rows = Certificate.objects.filter(merchant_id__in=shops, state=CertificateState.VERIFIED)
    held = rows.filter(Q(listing__in=[each.pk for each in listings]) | Q(listing__isnull=True))
    proved = set(held.values_list("merchant_id", "listing_id"))
    return {each.pk for each in listings if {(each.merchant_id, each.pk), (each.merchant_id, None)} & proved}


def _shelve(held: Certificate) -> None:
    """What lists filter by: the same question for every offer that this one stood for, in one statement."""
    rows = Certificate.objects.filter(merchant=OuterRef("merchant"), state=CertificateState.VERIFIED)
    counts = Exists(rows.filter(Q(listing=OuterRef("pk")) | Q(listing__isnull=True)))
    offers = Listing.objects.of_merchant(held.merchant_id).annotate(counts=counts)
    if held.listing_id:
        offers = offers.filter(pk=held.listing_id)
    offers.exclude(certified=F("counts")).update(certified=counts)


def _locked(certificate_id: UUID) -> Certificate:
    rows = Certificate.objects.select_for_update(of=("self",)).select_related("merchant", "file")
    held = rows.filter(pk=certificate_id).first()
    if held is None:
        raise NotFound
    return held
