"""A campaign's money for an order: held once it is paid, the shop's when it settles, back pro rata before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from catalog import campaign_prices
from kernel.actor import Actor
from kernel.money import Money, total
from orders.campaigns.claiming import CampaignSpent
from orders.models import (
    Campaign,
    CampaignClaim,
    CoverClaim,
    EntryGoods,
    Funder,
    Funding,
    LineDiscount,
    Order,
)
from orders.promotions import gathering
from orders.states import ENDED_STATES, OrderState
from payments import accounts, fund, ledger
from payments.ledger import Line
from payments.whereabouts import CAMPAIGN_SETTLEMENT as SETTLEMENT
from web import tenancy


@dataclass(frozen=True, slots=True)
class Part:
    """What a campaign pays into one order; `claim_id` None for the price of goods."""

    order_id: UUID
    campaign_id: UUID
    claim_id: UUID | None
    amount_minor: int


def rows(orders: Iterable[Order], parts: Iterable[Part]) -> list[Funding]:
    by_id = {order.pk: order for order in orders}
    return [
        Funding(
            order=by_id[each.order_id],
            campaign_id=each.campaign_id,
            claim_id=each.claim_id,
            amount_minor=each.amount_minor,
        )
        for each in parts
    ]


@transaction.atomic
def hold(*, order_id: UUID, at: datetime) -> None:
    """The order is paid: its shares leave the campaigns and wait beside the buyer's money. Once."""
    for found in Funding.objects.of_order_locked(order_id):
        if found.held_at is not None or not found.left:
            continue
        lines = ledger.move_money(accounts.campaign(found.campaign_id), accounts.escrow(found.pk), found.left)
        ledger.post(reference=found.pk, purpose="hold", lines=lines, actor=Actor.system(), at=at)
        found.held_at = at
        found.save(update_fields=["held_at"])


@transaction.atomic
def renew(*, order_id: UUID, at: datetime) -> None:
    """An order that had expired is paid after all: its coupon is used and its parts promised again.

    :raises CampaignSpent: when a campaign no longer has it, or the coupon was used elsewhere
    """
    for found in Funding.objects.of_order_locked(order_id):
        if not found.left:
            _renew(found, at=at)


def _renew(found: Funding, *, at: datetime) -> None:
    purchase_id, amount = found.order.purchase_id, found.amount_minor
    if found.claim_id is not None:
        free = Q(purchase__isnull=True) | Q(purchase=purchase_id)
        claims = CampaignClaim.objects.filter(free, pk=found.claim_id, voided_at__isnull=True)
        if not claims.update(used_at=at, purchase=purchase_id):
            raise CampaignSpent()
    has = Campaign.objects.filter(
        pk=found.campaign_id, ended_at__isnull=True, budget_minor__gte=F("promised_minor") + amount
    )
    if not has.update(promised_minor=F("promised_minor") + amount):
        raise CampaignSpent()
    _show(Campaign.objects.get(pk=found.campaign_id))
    found.back_minor = 0
    found.save(update_fields=["back_minor"])


def _show(campaign: Campaign) -> None:
    """Pages say the price only while the campaign can pay its part."""
    if campaign.is_of_goods:
        campaign_prices.follow_money(campaign.pk, left_minor=campaign.left.minor)


@tenancy.widened()
@transaction.atomic
def follow(order: Order, *, at: datetime) -> None:
    """So much as went back of what it lowered goes back to the campaign, all of it with the order.

    What an insurer paid instead was sold all the same: of that the shop gets the campaign's part.
    """
    gone = order.left.is_zero or (order.state in ENDED_STATES and order.state != OrderState.SETTLED)
    kept = False
    for found in Funding.objects.of_order_locked(order.pk):
        shop, back = _due(found, order)
        more = min((found.amount_minor - shop if gone else back) - found.back_minor, found.left.minor)
        if more > 0:
            _give_back(found, Money(more, found.currency), at=at)
        kept = kept or shop > 0
    if gone and kept:
        settle(order_id=order.pk, fee_permille=0, at=at)


def _due(found: Funding, order: Order) -> tuple[int, int]:
    """(the shop's for what was insured, the campaign's): a coupon follows the order, a price its goods."""
    if found.claim_id is not None:
        bought_back = CoverClaim.objects.bought_back(order.pk)
        shop = found.amount_minor * bought_back // order.total_minor
        return shop, found.amount_minor * (order.refunded_minor - bought_back) // order.total_minor
    goods = EntryGoods.objects.filter(entry__campaign=found.campaign_id).values("pk")
    lowered = LineDiscount.objects.filter(line__order=order, funder=Funder.PLATFORM, reference__in=goods)
    parts = [_of_line(each) for each in lowered.select_related("line")]
    return sum(shop for shop, _back in parts), sum(back for _shop, back in parts)


def _of_line(each: LineDiscount) -> tuple[int, int]:
    """The same of one line's part: by the pieces that went back or the money that did, whichever is more."""
    line = each.line
    insured = CoverClaim.objects.bought_back_of_line(line.pk)
    shop = each.amount_minor * insured // line.paid.minor
    if line.left.is_zero or not line.returnable_quantity:
        return shop, each.amount_minor - shop
    pieces = each.amount_minor * line.gone_quantity // line.quantity
    money = each.amount_minor * line.refunded_minor // line.paid.minor
    return shop, max(max(pieces, money) - shop, 0)


def _give_back(found: Funding, amount: Money, *, at: datetime) -> None:
    """To the campaign; to the fees once it has ended."""
    campaign = Campaign.objects.locked(found.campaign_id)
    account = accounts.FEES if campaign.ended_at else accounts.campaign(campaign.pk)
    purpose = f"back:{found.back_minor}"
    if found.held_at is not None:
        lines = ledger.move_money(accounts.escrow(found.pk), account, amount)
        ledger.post(reference=found.pk, purpose=purpose, lines=lines, actor=Actor.system(), at=at)
    elif campaign.ended_at:
        lines = ledger.move_money(accounts.campaign(campaign.pk), accounts.FEES, amount)
        ledger.post(reference=found.pk, purpose=purpose, lines=lines, actor=Actor.system(), at=at)
    campaign.promised_minor -= amount.minor
    campaign.save(update_fields=["promised_minor"])
    _show(campaign)
    found.back_minor += amount.minor
    found.save(update_fields=["back_minor"])
    if found.claim_id is not None and found.back_minor == found.amount_minor:
        CampaignClaim.objects.filter(pk=found.claim_id).exclude(
            pk__in=Funding.objects.standing().filter(claim__isnull=False).values("claim")
        ).update(used_at=None, purchase=None)
        gathering.gather(subject_id=found.order.subject_id, at=at)


@transaction.atomic
def settle(*, order_id: UUID, fee_permille: int, at: datetime) -> None:
    """The shop is paid its full price: the campaigns' parts follow the buyer's, less the same fee."""
    every = [each for each in Funding.objects.of_order_locked(order_id) if each.held_at and each.left]
    if not every:
        return
    shop, amount = every[0].order.merchant_id, total(each.left for each in every)
    fee = total(each.left.permille(fee_permille) for each in every)
    # Under the order's own key, so that the shop's statement can read it.
    made = ledger.post(
        reference=order_id,
        purpose=SETTLEMENT,
        lines=[
            *(Line(accounts.escrow(each.pk), -each.left) for each in every),
            Line(accounts.available(shop), amount - fee),
            Line(accounts.FEES, fee),
        ],
        actor=Actor.system(),
        at=at,
    )
    fund.recover(merchant_id=shop, currency=amount.currency, cause=str(made.pk), actor=Actor.system(), at=at)
    for found in every:
        found.settled_minor = found.left.minor
        found.save(update_fields=["settled_minor"])
