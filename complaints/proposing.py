"""Putting something on the table of a case: what it may be, and that the newest is what stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from complaints import deadlines
from complaints.lifecycle import Seat
from complaints.models import Complaint, Offer
from complaints.offer_models import MOST_DAYS
from complaints.remedy_kinds import DONE_BY_SHOP, Remedy
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from kernel.money import Money


class OfferOutOfRange(Invalid):
    code = "offer_out_of_range"
    message = N_("Name a sum between 0.01 and %(most)s, what the complaint is about.")


class DaysOutOfRange(Invalid):
    code = "days_out_of_range"
    message = N_("Name between 1 and %(most)s days for it to be done.")


class NoOffer(DomainError):
    code = "no_offer"
    message = N_("This offer no longer stands. Reload the page to see what is on the table now.")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A sum for a refund; days for what the shop does itself, the policy's where none are named."""

    remedy: Remedy = Remedy.REFUND
    amount: Money | None = None
    days: int | None = None


def put(complaint: Complaint, proposal: Proposal, *, seat: Seat, actor: Actor, at: datetime) -> Offer:
    """Write an offer into a locked case and let it stand in place of any other.

    :raises OfferOutOfRange, DaysOutOfRange: nothing is written then
    """
    amount, days = _checked(complaint, proposal, at)
    offer = Offer.objects.create(
        complaint=complaint,
        seat=seat,
        remedy=proposal.remedy,
        amount_minor=amount.minor,
        perform_days=days,
        actor=str(actor),
        at=at,
    )
    complaint.offer = offer
    complaint.save(update_fields=["offer"])
    return offer


def clear(complaint: Complaint) -> None:
    """Nothing stands any more."""
    complaint.offer = None
    complaint.save(update_fields=["offer"])


def require_standing(complaint: Complaint, offer: Offer | None, *, by: Seat) -> Offer:
    """The offer of the side `by`, if it is the very one on the table.

    :raises NoOffer:
    """
    if offer is None or complaint.offer_id != offer.pk or offer.seat != by:
        raise NoOffer()
    return offer


def _checked(complaint: Complaint, proposal: Proposal, at: datetime) -> tuple[Money, int | None]:
    if proposal.remedy in DONE_BY_SHOP:
        usual = deadlines.usual_performance_days(at)
        days = usual if proposal.days is None else proposal.days
        if not 1 <= days <= MOST_DAYS:
            raise DaysOutOfRange(most=MOST_DAYS)
        return Money.zero(complaint.currency), days
    amount = proposal.amount
    if (
        amount is None
        or amount.currency != complaint.currency
        or not 0 < amount.minor <= complaint.claimed_minor
    ):
        raise OfferOutOfRange(most=complaint.claimed.decimal_text)
    return amount, None
