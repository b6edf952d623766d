"""The platform answers a shop's entry, by a person, by silence or by an appeal; what is in gets its price."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog import campaign_prices
from catalog.campaign_prices import Terms
from catalog.models import Listing
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from merchants import parties
from merchants.appeal_lifecycle import About
from merchants.contested import Contested, deciders_of
from merchants.events import AppealDecided
from orders import entry_deadlines
from orders.campaign_events import EntryAccepted, EntryRefused
from orders.campaigns import conditions, entering
from orders.campaigns.conditions import Failed
from orders.entry_lifecycle import ENTRY, EntryState
from orders.models import Campaign, CampaignEntry
from outbox import bus

REASONS_LENGTH = 2000
CHANGED = N_("Its conditions didn't hold any more when the time to answer ended.")
REFUSED = N_("An entry to a campaign was refused")


class EntryReasonsMissing(Invalid):
    code = "entry_reasons_missing"
    message = N_("Give reasons in at most %(limit)s characters. The shop reads them and may appeal.")


class EntryTooLate(DomainError):
    code = "entry_too_late"
    message = N_("The campaign is over or was stopped. There is nothing left to enter.")


@transaction.atomic
def accept(*, entry_id: UUID, actor: Actor, at: datetime, by_silence: bool = False) -> CampaignEntry:
    """Its goods get the campaign's price from the start on.

    :raises NotFound, IllegalMove, PartyMayNotAct: :raises EntryTooLate:
    :raises ConditionsUnmet: when something changed since it was handed in
    """
    entry = _answered(entry_id, "accept", actor=actor, at=at)
    if failed := failing_now(entry, at=at):
        raise entering.ConditionsUnmet(failed)
    _open(entry, actor=actor, at=at)
    bus.publish(EntryAccepted(entry.pk, entry.merchant_id, by_silence), at=at)
    return entry


@transaction.atomic
def refuse(*, entry_id: UUID, reasons: str, actor: Actor, at: datetime) -> CampaignEntry:
    """:raises NotFound, IllegalMove, PartyMayNotAct: :raises EntryReasonsMissing:"""
    entry = _answered(entry_id, "refuse", actor=actor, at=at)
    said = reasons.strip()
    if not 0 < len(said) <= REASONS_LENGTH:
        raise EntryReasonsMissing(limit=REASONS_LENGTH, field="reasons")
    entry.reasons = said
    _save(entry, EntryState.REFUSED, actor=actor, at=at)
    bus.publish(EntryRefused(entry.pk, entry.merchant_id), at=at)
    return entry


@transaction.atomic
def on_answer_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Nobody answered: what still meets its conditions is accepted, the rest refused."""
    entry = CampaignEntry.objects.locked(reference)
    if entry.state != EntryState.APPLIED:
        return
    system = Actor.system()
    if _is_over(entry.campaign, at):
        refuse(entry_id=entry.pk, reasons=EntryTooLate.message, actor=system, at=at)
    elif failing_now(entry, at=at):
        refuse(entry_id=entry.pk, reasons=CHANGED, actor=system, at=at)
    else:
        accept(entry_id=entry.pk, actor=system, at=at, by_silence=True)


def failing_now(entry: CampaignEntry, *, at: datetime) -> list[Failed]:
    return conditions.failing(
        campaign=entry.campaign,
        shop=entry.merchant,
        listings=_goods(entry),
        off_permille=entry.off_permille,
        at=at,
    )


def refusal_found(reference: UUID) -> Contested | None:
    """The refusal as an appeal needs it; None where the reference is none."""
    entry = CampaignEntry.objects.filter(pk=reference, state=EntryState.REFUSED).first()
    if entry is None or entry.decided_at is None:
        return None
    return Contested(
        merchant_id=entry.merchant_id,
        decided_at=entry.decided_at,
        deciders=deciders_of(entry.decided_by),
        title=REFUSED,
        reason=entry.reasons,
    )


@transaction.atomic
def on_appeal_decided(event: AppealDecided, *, at: datetime) -> None:
    """An upheld appeal lets the goods in for what is left of the campaign, unless the shop came in since."""
    if not event.upheld or event.about != About.CAMPAIGN:
        return
    entry = CampaignEntry.objects.locked(event.reference)
    others = CampaignEntry.objects.standing().filter(campaign=entry.campaign, merchant=entry.merchant)
    if entry.state != EntryState.REFUSED or _is_over(entry.campaign, at) or others.exists():
        return
    ENTRY.target(entry.state, "reinstate")
    _open(entry, actor=Actor.system(), at=at)
    bus.publish(EntryAccepted(entry.pk, entry.merchant_id, by_silence=False), at=at)


def _answered(entry_id: UUID, move: str, *, actor: Actor, at: datetime) -> CampaignEntry:
    entry = CampaignEntry.objects.locked(entry_id)
    if actor.is_staff:
        parties.refuse_party(merchant_id=entry.merchant_id, actor=actor)
    ENTRY.target(entry.state, move)
    if move == "accept" and _is_over(entry.campaign, at):
        raise EntryTooLate()
    return entry


def _open(entry: CampaignEntry, *, actor: Actor, at: datetime) -> None:
    """Under the campaign's lock, so that what it can still pay is what was committed."""
    _save(entry, EntryState.ACCEPTED, actor=actor, at=at)
    campaign = Campaign.objects.locked(entry.campaign_id)
    campaign_prices.open_for(_goods(entry), terms_of(entry), left_minor=campaign.left.minor)
    campaign_prices.begin(at=at)


def terms_of(entry: CampaignEntry) -> Terms:
    campaign = entry.campaign
    return Terms(
        campaign_id=campaign.pk,
        names=campaign.names,
        off_permille=entry.off_permille,
        shop_permille=campaign.shop_permille,
        starts_at=campaign.starts_at,
        ends_at=campaign.ends_at,
    )


def _save(entry: CampaignEntry, state: EntryState, *, actor: Actor, at: datetime) -> None:
    entry.state, entry.decided_at, entry.decided_by = str(state), at, str(actor)
    entry.save(update_fields=["state", "decided_at", "decided_by", "reasons"])
    entry_deadlines.end_answer(entry, at=at)
    entering.prove(entry, str(state), at=at)


def _goods(entry: CampaignEntry) -> Sequence[Listing]:
    rows = Listing.objects.filter(pk__in=entry.goods.values("listing"))
    return list(rows.select_related("live_revision", "category").order_by("pk"))


def _is_over(campaign: Campaign, at: datetime) -> bool:
    return campaign.ended_at is not None or at >= campaign.ends_at
