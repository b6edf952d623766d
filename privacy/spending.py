"""What a minor may buy: nothing below eight, then up to a limit, beyond it with a guardian's yes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from kernel.money import Money
from outbox import bus
from privacy import ages, subjects
from privacy.events import SpendingAnswered, SpendingAsked
from privacy.models import AgeBand, SpendingRequest
from rulebook import policies, promises

LIMIT = "minors.order_limit"
ANSWER = "silence.guardian_answer"


class TooYoungToBuy(DomainError):
    code = "minor_too_young_to_buy"
    message = N_("Under 8 nobody can order here: the law makes such orders void. Let a parent order for you.")


class GuardianFirst(DomainError):
    code = "minor_guardian_first"
    message = N_(
        "Before you can order, a parent or guardian has to watch over this account. Make a code for them"
        " on the page “Minors and guardians”. Nothing was ordered or charged."
    )


class GuardianMustAgree(DomainError):
    code = "minor_guardian_must_agree"
    message = N_(
        "Without asking you can buy for up to %(limit)s. For this one ask your guardian first,"
        " on the page “Minors and guardians”. Nothing was ordered or charged."
    )


class NoGuardianYet(DomainError):
    code = "minor_no_guardian"
    message = N_("Nobody watches over this account yet. Invite a parent or guardian first.")


class AmountMissing(Invalid):
    code = "minor_amount_missing"
    message = N_("Write how much you want to spend.")


def require_may_buy(*, subject_id: UUID, amount: Money, at: datetime) -> None:
    """Let an order of this sum pass; a guardian's yes that covers it is spent with it.

    :raises TooYoungToBuy: GuardianFirst, GuardianMustAgree
    """
    band = ages.band_of(subject_id)
    if band is not None:
        _require_as_minor(band, subject_id, amount, at=at)


@transaction.atomic
def _require_as_minor(band: AgeBand, subject_id: UUID, amount: Money, *, at: datetime) -> None:
    if band == AgeBand.UNDER_8:
        raise TooYoungToBuy
    if waits_for_guardian(subject_id, at=at):
        raise GuardianFirst
    limit = limit_of(subject_id, at=at)
    if amount.minor <= limit:
        return
    agreed = SpendingRequest.objects.select_for_update(no_key=True).filter(
        minor_id=subject_id, agreed=True, used_at=None, expires_at__gt=at, amount_minor__gte=amount.minor
    )
    found = agreed.order_by("amount_minor").first()
    if found is None:
        raise GuardianMustAgree(limit=Money(limit, amount.currency))
    found.used_at = at
    found.save(update_fields=["used_at"])


def waits_for_guardian(subject_id: UUID, *, at: datetime) -> bool:
    """Whether only a guardian can consent for this person, and nobody watches over the account yet."""
    return ages.needs_guardian(subject_id, at=at) and not ages.guardians_of(subject_id)


def limit_of(subject_id: UUID, *, at: datetime) -> int:
    """Fen per order without asking: the strictest guardian's word, else the platform's."""
    said = [each.order_limit_minor for each in ages.guardians_of(subject_id)]
    told = [each for each in said if each is not None]
    return min(told) if told else policies.number(LIMIT, at)


@transaction.atomic
def ask(*, minor_id: UUID, amount_minor: int, actor: Actor, at: datetime) -> SpendingRequest:
    """Ask the guardians for one order of up to `amount_minor` fen; one question waits at a time.

    :raises NoGuardianYet: AmountMissing
    """
    if amount_minor <= 0:
        raise AmountMissing(field="amount")
    subjects.locked(minor_id)
    guardians = ages.guardians_of(minor_id)
    if not ages.is_minor(minor_id) or not guardians:
        raise NoGuardianYet
    waiting = open_of(minor_id, at=at)
    if waiting is not None and waiting.amount_minor == amount_minor:
        return waiting
    window = promises.due(ANSWER, start=at, at=at)
    asked = SpendingRequest.objects.create(
        minor_id=minor_id, amount_minor=amount_minor, asked_at=at, expires_at=window.due_at
    )
    told = [SpendingAsked(minor_id, each.guardian_id or minor_id, asked.pk) for each in guardians]
    bus.publish_all(told, at=at)
    return asked


@transaction.atomic
def answer(*, request_id: UUID, agree: bool, actor: Actor, at: datetime) -> SpendingRequest:
    """A guardian's yes or no; after the time is over it is a no already.

    :raises NotFound: for anybody who doesn't watch over this child, or when it is answered or over
    """
    asked = SpendingRequest.objects.select_for_update(no_key=True).filter(pk=request_id).first()
    if asked is None or not ages.watches_over(guardian_id=actor.subject_id, minor_id=asked.minor_id):
        raise NotFound
    if asked.answered_at is not None or at >= asked.expires_at:
        raise NotFound
    asked.agreed, asked.answered_at, asked.answered_by_id = agree, at, actor.subject_id
    asked.save(update_fields=["agreed", "answered_at", "answered_by"])
    bus.publish(SpendingAnswered(asked.minor_id, asked.pk, agree), at=at)
    return asked


def open_of(minor_id: UUID, *, at: datetime) -> SpendingRequest | None:
    """The question that still waits."""
    waiting = SpendingRequest.objects.filter(minor_id=minor_id, answered_at=None, expires_at__gt=at)
    return waiting.order_by("-asked_at").first()


def latest_of(minor_id: UUID) -> SpendingRequest | None:
    return SpendingRequest.objects.filter(minor_id=minor_id).order_by("-asked_at").first()
