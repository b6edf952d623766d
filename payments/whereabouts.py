"""Where the money of an order is: for pages, from the ledger itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q, Sum, TextChoices
from django.db.models.functions import Substr
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.errors import N_
from kernel.money import Money
from payments import accounts
from payments.lifecycle import DisputeState, PaymentState, RefundState
from payments.models import Authorisation, Dispute, DisputeShare, PaymentPart, Posting, Refund
from web import tenancy

# What a campaign of the platform pays a shop beside the buyer's money; no part of what the buyer paid.
CAMPAIGN_SETTLEMENT = "settlement:campaign"


class Place(TextChoices):
    RESERVED = "reserved", _("Reserved at your bank")
    HELD = "held", _("Held in escrow")
    DISPUTED = "disputed", _("Kept apart while your bank decides")
    REFUND_ON_ITS_WAY = "refund_on_its_way", _("On its way back to you")
    REFUNDED = "refunded", _("Back with you")
    BACK_HERE = "back_here", _("Back on your gift cards and points")
    MERCHANT = "merchant", _("Paid to the merchant")
    FEES = "fees", _("Platform fee")
    TAX = "tax", _("Import tax, set apart for the authority")
    # Premiums; below zero by what it paid towards the order instead.
    INSURER = "insurer", _("Insurer (below zero: what it paid)")


# What moves it next; nobody who reads it has to ask.
NEXT: dict[Place, str] = {
    Place.RESERVED: N_("The seller confirms and it is taken, or the bank sets it free by itself."),
    Place.HELD: N_("Goes to the seller when every window is over; a return or a case keeps it here."),
    Place.DISPUTED: N_("The bank's word moves it: to its payer, or back to where it was."),
    Place.REFUND_ON_ITS_WAY: N_("The payment provider says when it has arrived; we ask by ourselves."),
    Place.REFUNDED: N_("It has arrived; nothing more is to come."),
    Place.BACK_HERE: N_("It can be spent again."),
    Place.MERCHANT: N_("The seller's own; what a case finds later is paid back from there."),
    Place.FEES: N_("The platform's, for the sale."),
    Place.TAX: N_("Goes to the authority; a refund brings its share back."),
    Place.INSURER: N_("The insurer's; a claim is paid from there."),
}


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """`amount` is at `place` since `since`; the lines of an order sum to what was captured for it."""

    place: Place
    amount: Money
    since: datetime

    @property
    def label(self) -> str:
        return str(self.place.label)

    @property
    def next(self) -> str:
        """What moves it next, in words."""
        return gettext(NEXT[self.place])


def where_is_the_money(reference: UUID) -> list[MoneyLine]:
    """The lines of one order, none of zero; empty when nothing was captured."""
    return of_references([reference])[reference]


@tenancy.widened()
def reserved(reference: UUID) -> MoneyLine | None:
    """What the payer's bank only reserves for one order; in no book, so beside the lines of the ledger."""
    part = PaymentPart.objects.filter(
        reference=reference, payment__state=PaymentState.AUTHORISED, released_minor=0
    ).first()
    if part is None:
        return None
    held = Authorisation.objects.standing().filter(payment=part.payment_id).first()
    return MoneyLine(Place.RESERVED, part.amount, held.held_at) if held else None


def of_references(references: Iterable[UUID]) -> dict[UUID, list[MoneyLine]]:
    """The lines of several orders, in four queries."""
    lines: dict[UUID, list[MoneyLine]] = {reference: [] for reference in references}
    wanted = list(lines)
    for reference, line in [*_held(wanted), *_disputed(wanted), *_refunds(wanted), *_released(wanted)]:
        if line.amount:
            lines[reference].append(line)
    order = list(Place)
    return {key: sorted(found, key=lambda line: order.index(line.place)) for key, found in lines.items()}


def _held(references: list[UUID]) -> Iterable[tuple[UUID, MoneyLine]]:
    names = {accounts.escrow(reference): reference for reference in references}
    rows = (
        Posting.objects.filter(account__in=names)
        .values_list("account", "currency")
        .annotate(minor=Sum("amount_minor"), since=Max("entry__occurred_at"))
    )
    for account, currency, minor, since in rows:
        yield names[account], MoneyLine(Place.HELD, Money(int(minor), currency), since)


def _disputed(references: list[UUID]) -> Iterable[tuple[UUID, MoneyLine]]:
    """What the payer's bank asks back, or has given back."""
    shares = list(DisputeShare.objects.filter(reference__in=references))
    if not shares:
        return
    # A shop's pages don't see disputes, which may be about another shop's order too; only these instants.
    with tenancy.widened():
        known = Dispute.objects.in_bulk([one.dispute_id for one in shares])
    for share in shares:
        dispute = known[share.dispute_id]
        if dispute.state == DisputeState.WON:
            continue
        if dispute.ended_at:
            yield share.reference, MoneyLine(Place.REFUNDED, share.amount, dispute.ended_at)
        else:
            held = Money(share.held_minor, share.currency)
            yield share.reference, MoneyLine(Place.DISPUTED, held, dispute.opened_at)


def _refunds(references: list[UUID]) -> Iterable[tuple[UUID, MoneyLine]]:
    # Which card it was the portal's role doesn't see: only that no provider paid it.
    here = Q(tender__isnull=False)
    paid = Q(state=RefundState.PAID) & ~here
    rows = (
        Refund.objects.filter(reference__in=references, part__isnull=False)
        .exclude(state=RefundState.FAILED)
        .values_list("reference", "currency")
        .annotate(
            back=Sum("amount_minor", filter=paid, default=0),
            back_since=Max("settled_at", filter=paid),
            going=Sum("amount_minor", filter=~paid & ~here, default=0),
            going_since=Max("requested_at", filter=~paid & ~here),
            home=Sum("amount_minor", filter=here, default=0),
            home_since=Max("settled_at", filter=here),
        )
    )
    for reference, currency, back, back_since, going, going_since, home, home_since in rows:
        yield reference, MoneyLine(Place.BACK_HERE, Money(int(home), currency), home_since)
        yield reference, MoneyLine(Place.REFUND_ON_ITS_WAY, Money(int(going), currency), going_since)
        yield reference, MoneyLine(Place.REFUNDED, Money(int(back), currency), back_since)


def _released(references: list[UUID]) -> Iterable[tuple[UUID, MoneyLine]]:
    """What their entries put on merchants', insurers' and the platform's accounts, net of what came back."""
    rows = (
        Posting.objects.filter(entry__reference__in=references)
        .exclude(entry__purpose=CAMPAIGN_SETTLEMENT)
        .filter(
            Q(account__startswith="merchant:")
            | Q(account__startswith="insurer:")
            | Q(account__startswith="tax:")
            | Q(account=accounts.FEES)
        )
        .values_list("entry__reference", Substr("account", 1, 4), "currency")
        .annotate(minor=Sum("amount_minor"), since=Max("entry__occurred_at"))
    )
    for reference, kind, currency, minor, since in rows:
        place = {"fees": Place.FEES, "insu": Place.INSURER, "tax:": Place.TAX}.get(kind, Place.MERCHANT)
        yield reference, MoneyLine(place, Money(int(minor), currency), since)
