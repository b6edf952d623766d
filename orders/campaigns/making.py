"""Staff write a campaign; two people put money aside for it; what is left goes back at its end or stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import transaction

from accounts.joint_acts import Signed, Step
from catalog import access as catalog
from catalog import campaign_prices
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from kernel.money import Money
from merchants.models.shops import GRADES
from orders.campaign_events import CampaignStopped
from orders.models import Campaign, CampaignKind
from outbox import bus
from payments import accounts, ledger

NAME_LENGTH, RULES_LENGTH, WHY_LENGTH = 40, 1000, 500
# A share in thousandths that is all of it.
WHOLE = 1000


class CampaignWordsRefused(Invalid):
    code = "campaign_words_refused"
    message = N_("Give it a name of at most %(name)s characters and rules of at most %(rules)s.")


class CampaignSumRefused(Invalid):
    code = "campaign_sum_refused"
    message = N_("It takes off a sum below its threshold, and its budget pays at least one.")


class CampaignTimeRefused(Invalid):
    code = "campaign_time_refused"
    message = N_("A campaign ends after it begins, not in the past.")


class CampaignShareRefused(Invalid):
    code = "campaign_share_refused"
    message = N_("Goods are at least 0.1 % to 99.9 % cheaper, and the shop bears 0 % to 100 % of that.")


class CampaignCategoryUnknown(Invalid):
    code = "campaign_category_unknown"
    message = N_("There is no category “%(category)s”. Choose from the list.")


class EntryTimeRefused(Invalid):
    code = "entry_time_refused"
    message = N_("Shops enter their goods before the campaign begins, and not in the past.")


class StopReasonMissing(Invalid):
    code = "stop_reason_missing"
    message = N_("Say in at most %(limit)s characters why it is stopped: shops and buyers read it.")


class CampaignNotWaiting(DomainError):
    code = "campaign_not_waiting"
    message = N_("Money was put aside for this campaign before, or it is over.")


class CampaignRuns(DomainError):
    code = "campaign_runs"
    message = N_("This campaign hasn't ended yet, or its rest went back before.")


class CampaignOver(DomainError):
    code = "campaign_over"
    message = N_("This campaign is over or was never opened. There is nothing to stop.")


@dataclass(frozen=True, slots=True)
class Written:
    """What staff wrote; sums in minor units, texts by language."""

    names: Mapping[str, str]
    rules: Mapping[str, str]
    from_minor: int
    off_minor: int
    starts_at: datetime
    ends_at: datetime
    least_grade: str = ""
    kind: str = CampaignKind.COUPON
    categories: tuple[str, ...] = ()
    least_permille: int = 0
    shop_permille: int = 0
    apply_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SetAside(Step):
    """Put money of the platform's fees aside for a campaign; only then it runs."""

    kind: ClassVar[str] = "orders.set_aside"
    permission: ClassVar[str] = "orders.make_campaign"
    words: ClassVar[str] = N_("Put money aside for a campaign")

    campaign_id: UUID
    amount_minor: int
    currency: str


@transaction.atomic
def write(*, written: Written, actor: Actor, at: datetime) -> Campaign:
    """A campaign without money yet: nobody sees it before `set_aside`; one that shops pay is open at once.

    :raises CampaignWordsRefused, CampaignSumRefused, CampaignTimeRefused: with the field to change
    :raises CampaignShareRefused, CampaignCategoryUnknown, EntryTimeRefused: the same
    """
    names, rules = _said(written.names), _said(written.rules)
    for texts, most, field in ((names, NAME_LENGTH, "name"), (rules, RULES_LENGTH, "rules")):
        if "zh-hans" not in texts or any(len(text) > most for text in texts.values()):
            raise CampaignWordsRefused(name=NAME_LENGTH, rules=RULES_LENGTH, field=f"{field}_zh_hans")
    if written.kind == CampaignKind.GOODS:
        _check_goods(written, at)
    elif not 0 < written.off_minor < written.from_minor <= 10**11:
        raise CampaignSumRefused(field="off")
    if written.ends_at <= max(written.starts_at, at) or written.least_grade not in ("", *GRADES):
        raise CampaignTimeRefused(field="ends_on")
    of_goods = written.kind == CampaignKind.GOODS
    return Campaign.objects.create(
        kind=written.kind,
        categories=sorted(set(written.categories)),
        least_permille=written.least_permille if of_goods else 0,
        shop_permille=written.shop_permille if of_goods else 0,
        apply_until=written.apply_until if of_goods else None,
        funded_at=at if of_goods and written.shop_permille == WHOLE else None,
        names=names,
        rules=rules,
        from_minor=0 if of_goods else written.from_minor,
        off_minor=0 if of_goods else written.off_minor,
        least_grade=written.least_grade,
        starts_at=max(written.starts_at, at),
        ends_at=written.ends_at,
        made_at=at,
        made_by=str(actor),
    )


def _check_goods(written: Written, at: datetime) -> None:
    if not (1 <= written.least_permille < WHOLE and 0 <= written.shop_permille <= WHOLE):
        raise CampaignShareRefused(field="least")
    known = {each.pk for each in catalog.categories()}
    for category in written.categories:
        if category not in known:
            raise CampaignCategoryUnknown(category=category, field="categories")
    if written.apply_until is None or not at < written.apply_until <= max(written.starts_at, at):
        raise EntryTimeRefused(field="apply_until_on")


def _said(texts: Mapping[str, str]) -> dict[str, str]:
    return {locale: text.strip() for locale, text in texts.items() if text.strip()}


def set_aside(step: SetAside, signed: Signed, at: datetime) -> Campaign:
    """What two people agreed on moves from the fees to the campaign, once.

    :raises CampaignNotWaiting, CampaignSumRefused, NotEnoughMoney: nothing moves then
    """
    campaign = Campaign.objects.locked(step.campaign_id)
    if campaign.funded_at is not None or campaign.ends_at <= at:
        raise CampaignNotWaiting()
    if step.amount_minor < max(campaign.off_minor, 1):
        raise CampaignSumRefused(field="budget")
    amount = Money(step.amount_minor, step.currency)
    ledger.require(accounts.FEES, amount)
    lines = ledger.move_money(accounts.FEES, accounts.campaign(campaign.pk), amount)
    ledger.post(reference=campaign.pk, purpose="set_aside", lines=lines, actor=signed.actor, at=at)
    campaign.budget_minor, campaign.funded_at = step.amount_minor, at
    campaign.save(update_fields=["budget_minor", "funded_at"])
    return campaign


@transaction.atomic
def end(*, campaign_id: UUID, actor: Actor, at: datetime) -> Money:
    """It is over: what no order was promised goes back to the fees; gives how much.

    :raises CampaignRuns: before its end, or a second time
    """
    campaign = Campaign.objects.locked(campaign_id)
    if campaign.funded_at is None or campaign.ended_at is not None or at < campaign.ends_at:
        raise CampaignRuns()
    return _end(campaign, actor=actor, at=at)


@transaction.atomic
def stop(*, campaign_id: UUID, why: str, actor: Actor, at: datetime) -> Money:
    """End it before its time: nobody new gets anything off; orders that were placed keep their price.

    An unpaid order keeps it too, and its part stays promised until it is paid or expires.
    :raises NotFound: :raises StopReasonMissing: :raises CampaignOver:
    """
    campaign = Campaign.objects.locked(campaign_id)
    if campaign.funded_at is None or campaign.ended_at is not None or at >= campaign.ends_at:
        raise CampaignOver()
    said = " ".join(why.split())
    if not 0 < len(said) <= WHY_LENGTH:
        raise StopReasonMissing(limit=WHY_LENGTH, field="why")
    campaign.stopped_why = said
    left = _end(campaign, actor=actor, at=at)
    bus.publish(CampaignStopped(campaign.pk), at=at)
    return left


def _end(campaign: Campaign, *, actor: Actor, at: datetime) -> Money:
    left = campaign.left
    if left:
        lines = ledger.move_money(accounts.campaign(campaign.pk), accounts.FEES, left)
        ledger.post(reference=campaign.pk, purpose="end", lines=lines, actor=actor, at=at)
    campaign.ended_at = at
    campaign.save(update_fields=["ended_at", "stopped_why"])
    campaign_prices.close(campaign.pk, at=at)
    return left


def end_all(*, at: datetime) -> int:
    """End every campaign whose time is over; gives how many."""
    over = Campaign.objects.filter(funded_at__isnull=False, ended_at__isnull=True, ends_at__lte=at)
    ids = list(over.order_by("pk").values_list("pk", flat=True))
    for campaign_id in ids:
        end(campaign_id=campaign_id, actor=Actor.system(), at=at)
    return len(ids)
