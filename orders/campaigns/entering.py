"""A shop enters goods to a campaign, sees at once what it fails, and may leave before the start."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog import campaign_prices
from catalog.models import Listing
from evidence import log
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants.models import Merchant
from orders import entry_deadlines
from orders.campaign_events import EntryHandedIn
from orders.campaigns import conditions
from orders.campaigns.conditions import Failed
from orders.entry_lifecycle import ENTRY
from orders.models import Campaign, CampaignEntry, EntryGoods
from outbox import bus
from privacy import commitments
from web import tenancy

MOST_GOODS = 100


class EntriesClosed(DomainError):
    code = "entries_closed"
    message = N_("This campaign takes no more goods: its time to enter is over, or it was stopped.")


class EnteredAlready(DomainError):
    code = "entered_already"
    message = N_("Your shop has entered this campaign. Withdraw that entry first, while it hasn't begun.")


class GoodsMissing(Invalid):
    code = "entry_goods_missing"
    message = N_("Choose at least one of your goods, at most %(most)s.")


class ShareOffRefused(Invalid):
    code = "entry_share_refused"
    message = N_("Enter how much is off, from 0.1 % to 99.9 %.")


class ConditionsUnmet(Invalid):
    """`failed` says which, each with what is asked and what there is."""

    code = "entry_conditions_unmet"
    message = N_("The campaign's conditions aren't met: %(list)s")

    def __init__(self, failed: Collection[Failed]) -> None:
        self.failed = tuple(failed)
        super().__init__(list=" ".join(each.words for each in failed), field="goods")


class CampaignBegan(DomainError):
    code = "campaign_began"
    message = N_("The campaign has begun, and buyers were told the price. It can't be withdrawn any more.")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a shop enters: these of its listings, each so many thousandths cheaper."""

    listing_ids: tuple[UUID, ...]
    off_permille: int


def check(*, campaign: Campaign, shop: Merchant, offer: Offer, at: datetime) -> list[Failed]:
    """What fails just now, for the page before anything is handed in.

    :raises GoodsMissing, ShareOffRefused: with the field :raises NotFound: for another shop's goods
    """
    listings = _listings(shop, offer)
    return conditions.failing(
        campaign=campaign, shop=shop, listings=listings, off_permille=offer.off_permille, at=at
    )


@transaction.atomic
def enter(*, campaign_id: UUID, merchant_id: UUID, offer: Offer, actor: Actor, at: datetime) -> CampaignEntry:
    """Hand the goods in; the platform answers within policy `silence.campaign_entry`, or silence accepts.

    :raises EntriesClosed, EnteredAlready, ConditionsUnmet, GoodsMissing, ShareOffRefused, NotFound:
    """
    shop = Merchant.objects.locked(merchant_id)
    campaign = Campaign.objects.get_or_not_found(pk=campaign_id, kind="goods", funded_at__isnull=False)
    if not campaign.takes_entries(at):
        raise EntriesClosed()
    if CampaignEntry.objects.standing().filter(campaign=campaign, merchant=shop).exists():
        raise EnteredAlready()
    if failed := check(campaign=campaign, shop=shop, offer=offer, at=at):
        raise ConditionsUnmet(failed)
    window = entry_deadlines.answer_window(place=shop.place, at=at)
    entry = CampaignEntry.objects.create(
        campaign=campaign,
        merchant=shop,
        off_permille=offer.off_permille,
        applied_at=at,
        applied_by=str(actor),
        answer_by=window.due_at,
    )
    EntryGoods.objects.bulk_create(
        EntryGoods(entry=entry, listing_id=each) for each in sorted(set(offer.listing_ids))
    )
    entry_deadlines.start_answer(entry, window, at=at)
    prove(entry, "enter", at=at)
    bus.publish(EntryHandedIn(entry.pk, shop.pk, window.due_at), at=at)
    return entry


@transaction.atomic
def withdraw(*, entry_id: UUID, merchant_id: UUID, actor: Actor, at: datetime) -> CampaignEntry:
    """Leave before the campaign begins, answered or not.

    :raises NotFound: for another shop's :raises IllegalMove: :raises CampaignBegan:
    """
    entry = CampaignEntry.objects.locked(entry_id)
    if entry.merchant_id != merchant_id:
        raise NotFound()
    state = ENTRY.target(entry.state, "withdraw")
    if at >= entry.campaign.starts_at:
        raise CampaignBegan()
    entry.state, entry.withdrawn_at = str(state), at
    entry.save(update_fields=["state", "withdrawn_at"])
    entry_deadlines.end_answer(entry, at=at)
    listings = list(entry.goods.values_list("listing_id", flat=True))
    with tenancy.widened():
        campaign_prices.close(entry.campaign_id, at=at, listing_ids=listings)
    prove(entry, "withdraw", at=at)
    return entry


def _listings(shop: Merchant, offer: Offer) -> Iterable[Listing]:
    wanted = set(offer.listing_ids)
    if not 0 < len(wanted) <= MOST_GOODS:
        raise GoodsMissing(most=MOST_GOODS, field="goods")
    if not 0 < offer.off_permille < 1000:
        raise ShareOffRefused(field="percent")
    rows = Listing.objects.filter(merchant=shop, pk__in=wanted)
    found = list(rows.select_related("live_revision", "category").order_by("pk"))
    if len(found) < len(wanted):
        raise NotFound()
    return found


def prove(entry: CampaignEntry, step: str, *, at: datetime) -> None:
    """A leaf for each step, sealed under the shop's key."""
    label = f"orders.campaign_entry.{step}"
    payload = {
        "entry": str(entry.pk),
        "campaign": str(entry.campaign_id),
        "merchant": str(entry.merchant_id),
        "off_permille": entry.off_permille,
        "goods": [str(each) for each in entry.goods.order_by("listing").values_list("listing_id", flat=True)],
        "state": entry.state,
        "reasons": entry.reasons,
        "at": at.isoformat(),
    }
    subject_id = entry.merchant.subject_id
    sealed = commitments.commit(subject_id=subject_id, label=label, reference=entry.pk, payload=payload)
    log.queue(label=label, reference=entry.pk, commitment=sealed, at=at)
