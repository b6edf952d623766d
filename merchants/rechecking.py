"""A shop's identity is looked at every half year; a change is reported, checked and shown with its day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.staff import Role
from kernel.actor import Actor
from kernel.errors import N_, DomainError, IllegalMove, Invalid, NotFound
from merchants import checking, documents, parties, standing, telling
from merchants import recheck_deadlines as clocks
from merchants.events import IdentityConfirmed, IdentityShown
from merchants.lifecycle import SELLING, MerchantState
from merchants.models import Check, IdentityChange, IdentityConfirmation, Merchant, MerchantMove
from merchants.moving import ReasonMissing, leaf
from outbox import bus

# What the public reads about a shop, and how long each may be.
PUBLIC = {"legal_name": 120, "licence_number": 40, "address_public": 200, "contact_public": 100}
# Never public of a private person: it stands in the sealed application alone.
PRIVATE = frozenset({"address_public", "licence_number"})
DISAGREES = frozenset({Check.Result.NOT_MATCHED, Check.Result.UNKNOWN, Check.Result.ENDED})
NOT_CONFIRMED = N_("The identity was not confirmed within six months of the last check.")
NOT_REPORTED = N_("A register disagrees with what the shop shows, and no change was reported in time.")
CONFIRMED = N_("The identity was checked again.")


class NothingChanged(Invalid):
    code = "identity_nothing_changed"
    message = N_("Nothing differs from what is shown. To say that all is still true, confirm it.")


class ChangeInFuture(Invalid):
    code = "identity_change_in_future"
    message = N_("Report a change once it has happened.")


class ChangeWaits(DomainError):
    code = "identity_change_waits"
    message = N_("A change that you reported is being checked. Report the next one after it is shown.")


class FieldEmpty(Invalid):
    code = "identity_field_empty"
    message = N_("The public has a right to know this; it can't be empty.")


def public_fields(merchant: Merchant) -> tuple[str, ...]:
    """What a change can be reported of; where a private person lives is no business of the public's."""
    return tuple(each for each in PUBLIC if each not in PRIVATE or not merchant.is_private_person)


@transaction.atomic
def confirm(*, merchant_id: UUID, actor: Actor, at: datetime) -> IdentityConfirmation:
    """The shop says that all is still true; registers are asked, and what they say decides.

    :raises IllegalMove: the shop doesn't sell
    """
    merchant = _admitted(merchant_id)
    made = IdentityConfirmation.objects.create(merchant=merchant, actor=str(actor), at=at)
    leaf(merchant, "identity_confirmed", {"confirmation": str(made.pk)}, at)
    bus.publish(IdentityConfirmed(merchant.pk), at=at)
    return made


@transaction.atomic
def on_identity_confirmed(event: IdentityConfirmed, *, at: datetime) -> None:
    """All agree: checked for another half year. One disagrees: the shop reports what changed."""
    results = {each.result for each in checking.ask_about(merchant_id=event.merchant_id, at=at)}
    merchant = Merchant.objects.locked(event.merchant_id)
    if results & DISAGREES:
        clocks.ask_for_change(merchant, at=at)
        _tell(merchant, "merchants.identity_disagrees", at)
    elif Check.Result.UNAVAILABLE in results:
        telling.desk(
            Role.MERCHANT_DESK,
            "merchants.compare_by_hand",
            reference=merchant.pk,
            at=at,
            shop=merchant.display_name,
            path=f"/admin/merchants/merchant/{merchant.pk}/change/",
        )
    else:
        pass_check(merchant, actor=Actor.system(), at=at)


@transaction.atomic
def pass_by_hand(*, merchant_id: UUID, reason: str, actor: Actor, at: datetime) -> Merchant:
    """Staff have compared it where no register could be asked; `reason` says with what.

    :raises ReasonMissing, PartyMayNotAct, IllegalMove:
    """
    if not reason.strip():
        raise ReasonMissing
    parties.refuse_party(merchant_id=merchant_id, actor=actor)
    merchant = _admitted(merchant_id)
    said = reason.strip()[:500]
    made = IdentityConfirmation.objects.create(merchant=merchant, actor=str(actor), reason=said, at=at)
    leaf(merchant, "identity_compared", {"confirmation": str(made.pk), "reason": said}, at)
    pass_check(merchant, actor=actor, at=at)
    return merchant


@transaction.atomic
def book_missing(*, at: datetime, limit: int) -> int:
    """Start the half-yearly clock of selling shops that never had one; gives how many."""
    keys = list(clocks.never_rechecked(Merchant.objects.selling()).values_list("pk", flat=True)[:limit])
    for key in keys:
        clocks.start_missing_recheck(Merchant.objects.locked(key), at=at)
    return len(keys)


def pass_check(merchant: Merchant, *, actor: Actor, at: datetime) -> None:
    """A locked shop's identity counts as checked from now; a restriction for that reason ends."""
    merchant.verified_at = at
    merchant.save(update_fields=["verified_at"])
    clocks.end_asking(merchant, at=at)
    clocks.end_recheck(merchant, at=at)
    clocks.start_recheck(merchant, at=at)
    lift(merchant, rules=(clocks.RECHECK_RULE, clocks.REPORT_RULE), actor=actor, at=at)


@transaction.atomic
def report_change(
    *, merchant_id: UUID, fields: Mapping[str, str], changed_on: date, actor: Actor, at: datetime
) -> IdentityChange:
    """The shop says what is different since when; the platform has seven working days to show it.

    :raises NothingChanged, ChangeInFuture, FieldEmpty, ChangeWaits, IllegalMove: nothing is kept then
    """
    merchant = _admitted(merchant_id)
    if changed_on > documents.today(merchant, at):
        raise ChangeInFuture(field="changed_on")
    if IdentityChange.objects.filter(merchant=merchant, state="reported").exists():
        raise ChangeWaits
    shown = public_fields(merchant)
    given = {name: words.strip()[: PUBLIC[name]] for name, words in fields.items() if name in shown}
    changed = {name: words for name, words in given.items() if words != getattr(merchant, name)}
    for name, words in changed.items():
        if not words:
            raise FieldEmpty(field=name)
    if not changed:
        raise NothingChanged
    late = clocks.reported_late(changed_on, at=at)
    made = IdentityChange.objects.create(
        merchant=merchant, fields=changed, changed_on=changed_on, reported_at=at, late=late
    )
    clocks.end_asking(merchant, at=at)
    clocks.start_showing(made, at=at)
    leaf(merchant, "identity_change", {"change": str(made.pk), "fields": changed, "late": late}, at)
    return made


@transaction.atomic
def show_change(*, change_id: UUID, actor: Actor, at: datetime) -> IdentityChange:
    """Staff have checked it: from now on the public reads it, with its day.

    :raises NotFound, PartyMayNotAct: :raises IllegalMove: decided already
    """
    change, merchant = _change(change_id, actor)
    for name, words in change.fields.items():
        setattr(merchant, name, words)
    merchant.save(update_fields=list(change.fields))
    change.state, change.decided_at, change.overdue_at = "shown", at, None
    change.save(update_fields=["state", "decided_at", "overdue_at"])
    clocks.end_showing(change, at=at)
    leaf(merchant, "identity_shown", {"change": str(change.pk)}, at)
    bus.publish(IdentityShown(merchant.pk, change.pk), at=at)
    pass_check(merchant, actor=actor, at=at)
    return change


@transaction.atomic
def refuse_change(*, change_id: UUID, reason: str, actor: Actor, at: datetime) -> IdentityChange:
    """What was reported isn't so. :raises ReasonMissing, NotFound, PartyMayNotAct, IllegalMove:"""
    if not reason.strip():
        raise ReasonMissing
    change, merchant = _change(change_id, actor)
    change.state, change.reason, change.decided_at = "refused", reason.strip(), at
    change.save(update_fields=["state", "reason", "decided_at"])
    clocks.end_showing(change, at=at)
    _tell(merchant, "merchants.identity_change_refused", at)
    return change


@transaction.atomic
def on_recheck_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Six months without a check: nothing new may be sold until the shop confirms."""
    _restrict(reference, NOT_CONFIRMED, clocks.RECHECK_RULE, at)


@transaction.atomic
def on_change_report_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    _restrict(reference, NOT_REPORTED, clocks.REPORT_RULE, at)


@transaction.atomic
def on_change_shown_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The platform was too slow: a senior has it now, and the public figures say so."""
    change = IdentityChange.objects.select_related("merchant").filter(pk=reference, state="reported").first()
    if change is None:
        return
    change.overdue_at = due_at
    change.save(update_fields=["overdue_at"])
    telling.desk(
        Role.SENIOR,
        "merchants.review_overdue",
        reference=change.pk,
        at=at,
        shop=change.merchant.display_name,
        path=f"/admin/merchants/identitychange/{change.pk}/change/",
    )


def lift(merchant: Merchant, *, rules: tuple[str, ...], actor: Actor, at: datetime) -> None:
    """End a restriction whose reason is gone, unless something else was decided since."""
    if merchant.state != MerchantState.RESTRICTED:
        return
    newest = MerchantMove.objects.filter(merchant=merchant).order_by("-at", "-id").first()
    if newest is not None and newest.name == "restrict" and newest.rule_id in rules:
        standing.restore(
            merchant_id=merchant.pk, reason=CONFIRMED, rule_id=newest.rule_id, actor=actor, at=at
        )


def _restrict(merchant_id: UUID, reason: str, rule_id: str, at: datetime) -> None:
    merchant = Merchant.objects.locked(merchant_id)
    if merchant.state == MerchantState.TRADING:
        standing.restrict(
            merchant_id=merchant.pk, reason=reason, rule_id=rule_id, actor=Actor.system(), at=at
        )
        _tell(merchant, "merchants.identity_restricted", at)


def _admitted(merchant_id: UUID) -> Merchant:
    merchant = Merchant.objects.locked(merchant_id)
    if merchant.state not in SELLING:
        raise IllegalMove(aggregate="merchant", move="identity", state=merchant.state)
    return merchant


def _change(change_id: UUID, actor: Actor) -> tuple[IdentityChange, Merchant]:
    found = IdentityChange.objects.filter(pk=change_id).first()
    if found is None:
        raise NotFound
    parties.refuse_party(merchant_id=found.merchant_id, actor=actor)
    merchant = Merchant.objects.locked(found.merchant_id)
    change = IdentityChange.objects.select_for_update(no_key=True).get(pk=change_id)
    if change.state != "reported":
        raise IllegalMove(aggregate="identity_change", move="decide", state=change.state)
    return change, merchant


def _tell(merchant: Merchant, kind: str, at: datetime) -> None:
    path = f"/merchant/{merchant.slug}/identity/"
    telling.owners(merchant, kind, reference=merchant.pk, at=at, path=path)
