"""Sellers without registration stay below a yearly line: warned near it, asked to register above it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from kernel.actor import Actor
from kernel.errors import N_
from merchants import documents, private_sellers, rechecking, standing, telling
from merchants import recheck_deadlines as clocks
from merchants.document_kinds import DocumentKind
from merchants.events import DocumentVerified
from merchants.lifecycle import MerchantState
from merchants.models import Merchant, PettySale, PettyYear
from rulebook import current, policies

WARN = "petty.warn_permille"
NO_LICENCE = N_("This year's sales are above the line for petty trade, and no licence was handed in in time.")


@transaction.atomic
def note_sale(*, merchant_id: UUID, reference: UUID, amount_minor: int, at: datetime) -> None:
    """Count a paid order of a seller without registration, once; other sellers aren't counted."""
    merchant = Merchant.objects.locked(merchant_id)
    if merchant.kind != Merchant.Kind.PRIVATE:
        return
    year = documents.today(merchant, at).year
    _sale, fresh = PettySale.objects.get_or_create(
        reference=reference,
        defaults={"merchant": merchant, "year": year, "amount_minor": amount_minor, "at": at},
    )
    if fresh and merchant.is_private_person:
        private_sellers.weigh(merchant, year, at=at)
    if fresh and not merchant.is_private_person:
        _weigh(merchant, year, at)


def sold_in(merchant: Merchant, year: int) -> int:
    """The year's paid orders in fen."""
    found = PettySale.objects.filter(merchant=merchant, year=year).aggregate(total=Sum("amount_minor"))
    return int(found["total"] or 0)


def line(at: datetime) -> int:
    """The yearly line of the law in fen."""
    return current.pack(current.HOME, at).rule(clocks.PETTY_RULE, at).figures["yearly_minor"]


@transaction.atomic
def on_licence_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Above the line and still without a licence: nothing new may be sold."""
    merchant = Merchant.objects.locked(reference)
    held = documents.holds(merchant.pk, DocumentKind.BUSINESS_LICENCE, at=at)
    if held or merchant.state != MerchantState.TRADING:
        return
    standing.restrict(
        merchant_id=merchant.pk, reason=NO_LICENCE, rule_id=clocks.PETTY_RULE, actor=Actor.system(), at=at
    )
    _tell(merchant, "merchants.petty_restricted", at)


@transaction.atomic
def on_document_verified(event: DocumentVerified, *, at: datetime) -> None:
    """A licence makes a private seller a registered one: the line is none of its any more."""
    if event.kind != DocumentKind.BUSINESS_LICENCE:
        return
    merchant = Merchant.objects.locked(event.merchant_id)
    if merchant.kind != Merchant.Kind.PRIVATE:
        return
    merchant.kind, merchant.declaration = Merchant.Kind.SOLE_TRADER, ""
    merchant.save(update_fields=["kind", "declaration"])
    clocks.end_petty_licence(merchant, at=at)
    rechecking.lift(merchant, rules=(clocks.PETTY_RULE,), actor=Actor.system(), at=at)


def _weigh(merchant: Merchant, year: int, at: datetime) -> None:
    """Letters once a year each: near the line, and above it."""
    sold, limit = sold_in(merchant, year), line(at)
    if sold * 1000 < limit * policies.number(WARN, at):
        return
    row, _made = PettyYear.objects.get_or_create(merchant=merchant, year=year)
    if row.warned_at is None:
        row.warned_at = at
        row.save(update_fields=["warned_at"])
        _tell(merchant, "merchants.petty_near", at)
    if sold > limit and row.asked_at is None:
        row.asked_at = at
        row.save(update_fields=["asked_at"])
        clocks.start_petty_licence(merchant, at=at)
        _tell(merchant, "merchants.petty_above", at)


def _tell(merchant: Merchant, kind: str, at: datetime) -> None:
    path = f"/merchant/{merchant.slug}/documents/"
    telling.owners(merchant, kind, reference=merchant.pk, at=at, path=path)
