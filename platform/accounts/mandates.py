"""Granting, accepting and ending mandates. Either side ends one at once; nobody can widen one."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.joint_acts import Signed, Step
from accounts.mandate_scopes import Kinship, Scope
from accounts.models import AccountFreeze, FreezeState, Mandate, User
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from notifications.kinds import Value
from notifications.sending import send
from privacy import blind_index
from rulebook import policies

# No letter or digit that looks like another one.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
GRANTED, ACCEPTED = "accounts.mandate_granted", "accounts.mandate_accepted"
REVOKED = "accounts.mandate_revoked"


class ScopeMissing(Invalid):
    code = "mandate_scope_missing"
    message = N_("Choose at least one thing that the other person may do.")


class TermUnfit(Invalid):
    code = "mandate_term_unfit"
    message = N_("Choose an end after today, at most %(days)s days away. You can renew it later.")


class CodeUnknown(Invalid):
    code = "mandate_code_unknown"
    message = N_("This code doesn't open anything. Check it, or ask the person for a new one.")


class OwnMandate(Invalid):
    code = "mandate_own"
    message = N_("This is a mandate over your own account. Give the code to the other person.")


class Over(DomainError):
    code = "mandate_over"
    message = N_("This mandate has ended already.")


@dataclass(frozen=True, slots=True)
class Terms:
    """What, as what, and until when (aware; the first instant that is too late)."""

    scopes: Sequence[str]
    kinship: str
    ends_at: datetime
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EnterMandate(Step):
    """A mandate on paper, entered by staff: one reads it in, another one compares it with the paper."""

    kind: ClassVar[str] = "accounts.enter_mandate"
    permission: ClassVar[str] = "accounts.enter_mandate"
    words: ClassVar[str] = N_("Enter a mandate from paper")

    principal_id: UUID
    proxy_id: UUID
    scopes: str
    kinship: str
    ends_at: datetime
    document_id: UUID


@transaction.atomic
def grant(
    *, principal_id: UUID, terms: Terms, actor: Actor, at: datetime, renews: Mandate | None = None
) -> tuple[Mandate, str]:
    """A mandate that waits for its proxy, and the code to hand over; a renewal waits for the same proxy.

    :raises ScopeMissing, TermUnfit: nothing is granted then; NotFound: for anybody but the person
    """
    if actor.subject_id != principal_id or actor.by is not None:
        raise NotFound()
    _check(terms, at)
    code = "" if renews else "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    mandate = Mandate.objects.create(
        principal_id=principal_id,
        proxy_id=renews.proxy_id if renews else None,
        code_digest=_digest(code) if code else "",
        scopes=sorted(set(terms.scopes)),
        kinship=terms.kinship,
        starts_at=terms.starts_at or at,
        ends_at=terms.ends_at,
        granted_at=at,
        renews=renews,
    )
    readers = [principal_id, *([mandate.proxy_id] if mandate.proxy_id else [])]
    _write(mandate, GRANTED, at, *readers)
    return mandate, code


@transaction.atomic
def enter(step: EnterMandate, signed: Signed, at: datetime) -> Mandate:
    """What two members of staff have read in from paper; the proxy still has to accept it."""
    terms = Terms(step.scopes.split(","), step.kinship, step.ends_at)
    _check(terms, at)
    mandate = Mandate.objects.create(
        principal_id=step.principal_id,
        proxy_id=step.proxy_id,
        scopes=sorted(set(terms.scopes)),
        kinship=terms.kinship,
        starts_at=at,
        ends_at=terms.ends_at,
        granted_at=at,
        act_id=signed.act_id,
        document_id=step.document_id,
    )
    _write(mandate, GRANTED, at, step.principal_id, step.proxy_id)
    return mandate


@transaction.atomic
def accept_code(*, code: str, actor: Actor, at: datetime) -> Mandate:
    """The proxy takes the mandate on by its code, which works once and for a few days.

    :raises CodeUnknown: wrong, used, old and revoked ones look the same; OwnMandate
    """
    typed = "".join(letter for letter in code.upper() if letter in ALPHABET)
    hours = policies.number("mandate.code_hours", at)
    waiting = Mandate.objects.filter(
        code_digest=_digest(typed), accepted_at=None, revoked_at=None, ends_at__gt=at
    )
    mandate = waiting.filter(granted_at__gt=at - timedelta(hours=hours)).select_for_update().first()
    if mandate is None or actor.subject_id is None or actor.by is not None:
        raise CodeUnknown(field="code")
    if mandate.principal_id == actor.subject_id:
        raise OwnMandate(field="code")
    return _accept(mandate, actor.subject_id, at)


@transaction.atomic
def accept(*, mandate_id: UUID, actor: Actor, at: datetime) -> Mandate:
    """A renewed or entered mandate names its proxy already. :raises NotFound, Over:"""
    mandate = _locked(mandate_id)
    if mandate.proxy_id is None or mandate.proxy_id != actor.subject_id or actor.by is not None:
        raise NotFound()
    if mandate.revoked_at or mandate.accepted_at or at >= mandate.ends_at:
        raise Over()
    return _accept(mandate, mandate.proxy_id, at)


@transaction.atomic
def revoke(*, mandate_id: UUID, actor: Actor, at: datetime) -> Mandate:
    """Either side, at once. :raises NotFound: for anybody else; Over: it was revoked before"""
    mandate = _locked(mandate_id)
    person = actor.subject_id
    if person is None or person not in (mandate.principal_id, mandate.proxy_id) or actor.by is not None:
        raise NotFound()
    if mandate.revoked_at is not None:
        raise Over()
    _end(mandate, by=person, at=at)
    return mandate


@transaction.atomic
def end_all(*, subject_id: UUID, at: datetime) -> int:
    """The account closes: whatever it gave or held ends with it."""
    running = of_person(subject_id).filter(revoked_at=None, ends_at__gt=at).select_for_update()
    found = list(running.order_by("pk"))
    for mandate in found:
        _end(mandate, by=subject_id, at=at)
    return len(found)


def end_given_since(*, subject_id: UUID, since: datetime, at: datetime) -> None:
    """Somebody else sat in the account: what was given from it since then ends, and letters say so."""
    given = Mandate.objects.filter(principal_id=subject_id, granted_at__gte=since, revoked_at=None)
    for mandate in given.select_for_update(no_key=True).order_by("pk"):
        _end(mandate, by=subject_id, at=at)


def of_person(subject_id: UUID) -> QuerySet[Mandate]:
    """Given and held, newest first."""
    mine = Q(principal_id=subject_id) | Q(proxy_id=subject_id)
    return Mandate.objects.filter(mine).order_by("-granted_at", "-id")


def one_of(subject_id: UUID, mandate_id: UUID) -> Mandate:
    """:raises NotFound: also when it is between other people"""
    found = of_person(subject_id).filter(pk=mandate_id).first()
    if found is None:
        raise NotFound()
    return found


def running(*, mandate_id: UUID, proxy_id: UUID, at: datetime) -> Mandate | None:
    """The mandate if this proxy may act under it now."""
    return (
        Mandate.objects.filter(pk=mandate_id, proxy_id=proxy_id, accepted_at__lte=at, revoked_at=None)
        .filter(starts_at__lte=at, ends_at__gt=at, principal__erased_at=None)
        .exclude(principal_id__in=_frozen())
        .first()
    )


def representative_of(principal_id: UUID, *, scope: str, at: datetime) -> Mandate | None:
    """Who may act for the person in this matter: cases say that there is somebody."""
    found = Mandate.objects.filter(
        principal_id=principal_id, scopes__contains=[scope], accepted_at__lte=at, revoked_at=None
    )
    return found.filter(starts_at__lte=at, ends_at__gt=at).order_by("-accepted_at").first()


def name_of(subject_id: UUID) -> str:
    """What the person wants to be called: shown to the other side of a mandate only."""
    user = User.objects.filter(subject_id=subject_id).first()
    return str(user.display_name) if user else ""


def _check(terms: Terms, at: datetime) -> None:
    days = policies.number("mandate.longest_days", at)
    if not terms.scopes or not set(terms.scopes) <= set(Scope.values):
        raise ScopeMissing(field="scopes")
    if terms.kinship not in Kinship.values:
        raise ScopeMissing(field="kinship")
    start = terms.starts_at or at
    if terms.ends_at <= max(start, at) or terms.ends_at > at + timedelta(days=days):
        raise TermUnfit(field="until", days=days)


def _frozen() -> QuerySet[AccountFreeze, UUID]:
    """Whoever granted something from a frozen account may have been a thief."""
    return AccountFreeze.objects.exclude(state=FreezeState.ENDED).values_list("subject_id", flat=True)


def _digest(code: str) -> str:
    return blind_index.of("accounts.mandate", code)


def _locked(mandate_id: UUID) -> Mandate:
    found = Mandate.objects.select_for_update(no_key=True).filter(pk=mandate_id).first()
    if found is None:
        raise NotFound()
    return found


def _accept(mandate: Mandate, proxy_id: UUID, at: datetime) -> Mandate:
    mandate.proxy_id, mandate.accepted_at, mandate.code_digest = proxy_id, at, ""
    mandate.save(update_fields=["proxy", "accepted_at", "code_digest"])
    if mandate.renews is not None and mandate.renews.revoked_at is None and mandate.starts_at <= at:
        _end(mandate.renews, by=proxy_id, at=at, quietly=True)
    _write(mandate, ACCEPTED, at, mandate.principal_id)
    return mandate


def _end(mandate: Mandate, *, by: UUID, at: datetime, quietly: bool = False) -> None:
    mandate.revoked_at, mandate.revoked_by, mandate.code_digest = at, by, ""
    mandate.save(update_fields=["revoked_at", "revoked_by", "code_digest"])
    sides = [] if quietly else [each for each in (mandate.principal_id, mandate.proxy_id) if each]
    _write(mandate, REVOKED, at, *sides)


def _write(mandate: Mandate, kind: str, at: datetime, *readers: UUID) -> None:
    params: dict[str, Value] = {"until": mandate.ends_at, "path": "/mandates/"}
    for reader in readers:
        send(subject_id=reader, kind=kind, reference=mandate.pk, params=params, at=at)
