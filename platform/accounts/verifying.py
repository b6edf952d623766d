"""Asking a verifier, on a separate consent; what was shown to it is kept nowhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts import verifiers
from accounts.events import IdentityVerified
from accounts.finding import subject_locked
from accounts.models import Verification, VerificationKind, VerificationResult
from accounts.verifiers import Claim
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from law.counting import local_day
from outbox import bus
from privacy import consent
from privacy.models import ConsentPurpose
from rulebook import policies

LIMITS = "limits.verification"
HOME = "Asia/Shanghai"


class IdentityNumberWrong(Invalid):
    code = "identity_number_wrong"
    message = N_("This number can't be right: one of its 18 characters differs. Compare it with your card.")


class AccountNumberWrong(Invalid):
    code = "account_number_wrong"
    message = N_("This account number can't be right: one of its digits differs. Compare it with your card.")


class TooManyVerifications(DomainError):
    code = "too_many_verifications"
    message = N_(
        "%(limit)s tries within %(hours)s hours is the most we pass on. Try again tomorrow, or write to us:"
        " somebody can check your papers instead."
    )
    status = 429


def verify(
    *, subject_id: UUID, claim: Claim, wording_version: int, language: str, actor: Actor, at: datetime
) -> Verification:
    """Write the consent and the question, ask outside of any transaction, then write the answer.

    `wording_version` and `language` are those of the consent's words on the screen.

    :raises IdentityNumberWrong, AccountNumberWrong: before anybody is asked
    :raises TooManyVerifications: the day's tries are used up; WordingChanged: the words were replaced
    """
    claim = Claim(claim.kind, claim.name.strip(), verifiers.normal_number(claim.number))
    _require_plausible(claim, at=at)
    verifier = verifiers.current()
    asked = _ask(subject_id, claim, verifier.name, wording_version, language, actor, at)
    return _answer(asked, verifier.check(claim), at)


@transaction.atomic
def _ask(
    subject_id: UUID, claim: Claim, verifier: str, version: int, language: str, actor: Actor, at: datetime
) -> Verification:
    subject_locked(subject_id)
    _require_under_limit(subject_id, at=at)
    receipt = consent.answer(
        subject_id=subject_id,
        purpose=ConsentPurpose.VERIFICATION,
        agree=True,
        version=version,
        language=language,
        actor=actor,
        at=at,
    )
    made = Verification(
        subject_id=subject_id,
        kind=claim.kind,
        verifier=verifier,
        result=VerificationResult.ASKED,
        consent_number=receipt.number,
        at=at,
    )
    made.masked = verifiers.masked(claim.number)
    made.save(force_insert=True)
    return made


@transaction.atomic
def _answer(asked: Verification, result: VerificationResult, at: datetime) -> Verification:
    asked.result = result
    asked.save(update_fields=["result"])
    if result == VerificationResult.MATCHED:
        bus.publish(IdentityVerified(subject_id=asked.subject_id, kind=str(asked.kind)), at=at)
    return asked


def latest(*, subject_id: UUID) -> dict[str, Verification]:
    """The newest answer of each kind; a verifier that was away says nothing."""
    said = (VerificationResult.MATCHED, VerificationResult.NOT_MATCHED)
    found = Verification.objects.filter(subject_id=subject_id, result__in=said)
    return {one.kind: one for one in found.order_by("at", "id")}


def is_verified(*, subject_id: UUID, kind: VerificationKind) -> bool:
    """Whether the newest answer of this kind was yes."""
    last = latest(subject_id=subject_id).get(kind)
    return last is not None and last.result == VerificationResult.MATCHED


def tried(*, subject_id: UUID) -> list[Verification]:
    """Every question asked for the person, newest first."""
    return list(Verification.objects.filter(subject_id=subject_id).order_by("-at", "-id"))


def _require_plausible(claim: Claim, *, at: datetime) -> None:
    if claim.kind is VerificationKind.REAL_NAME:
        if not verifiers.is_identity_number(claim.number, on=local_day(at, HOME)):
            raise IdentityNumberWrong
    elif not verifiers.is_account_number(claim.number):
        raise AccountNumberWrong


def _require_under_limit(subject_id: UUID, *, at: datetime) -> None:
    limits = policies.value(LIMITS, at)
    since = at - timedelta(hours=limits["hours"])
    asked = Verification.objects.filter(subject_id=subject_id, at__gt=since)
    if asked.exclude(result=VerificationResult.UNAVAILABLE).count() >= limits["tries"]:
        raise TooManyVerifications(limit=limits["tries"], hours=limits["hours"])
