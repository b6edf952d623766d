"""A campaign's money for an order: held once it is paid, the shop's when it settles, back pro rata before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from kernel.actor import Actor
from kernel.money import Money
from orders.campaigns.claiming import CampaignSpent
from orders.models import Campaign, CampaignClaim, CoverClaim, Funding, Order
from orders.states import ENDED_STATES, OrderState
from payments import accounts, fund, ledger
from payments.ledger import Line
from payments.whereabouts import CAMPAIGN_SETTLEMENT as SETTLEMENT
from web import tenancy


def rows(orders: Iterable[Order], shares: Mapping[UUID, tuple[UUID, UUID, int]]) -> list[Funding]:
    """By order (campaign, claim, sum): what each of them is promised."""
    return [
        Funding(order=order, campaign_id=campaign, claim_id=claim, amount_minor=minor)
        for order in orders
        for campaign, claim, minor in [shares.get(order.pk, (order.pk, order.pk, 0))]
        if minor
    ]


@transaction.atomic
def hold(*, order_id: UUID, at: datetime) -> None:
    """The order is paid: its share leaves the campaign and waits beside the buyer's money. Once."""
    found = Funding.objects.of_order_locked(order_id)
    if found is None or found.held_at is not None or not found.left:
        return
    lines = ledger.move_money(accounts.campaign(found.campaign_id), accounts.escrow(found.pk), found.left)
    ledger.post(reference=found.pk, purpose="hold", lines=lines, actor=Actor.system(), at=at)
    found.held_at = at
    found.save(update_fields=["held_at"])


@transaction.atomic
def renew(*, order_id: UUID, at: datetime) -> None:
    """An order that had expired is paid after all: its coupon is used and its part promised again.

    :raises CampaignSpent: when the campaign no longer has it, or the coupon was used elsewhere
    """
    found = Funding.objects.of_order_locked(order_id)
    if found is None or found.left:
        return
    purchase_id, amount = found.order.purchase_id, found.amount_minor
    free = Q(purchase__isnull=True) | Q(purchase=purchase_id)
    claims = CampaignClaim.objects.filter(free, pk=found.claim_id)
    has = Campaign.objects.filter(
        pk=found.campaign_id, ended_at__isnull=True, budget_minor__gte=F("promised_minor") + amount
    )
    if not claims.update(used_at=at, purchase=purchase_id):
        raise CampaignSpent()
    if not has.update(promised_minor=F("promised_minor") + amount):
        raise CampaignSpent()
    found.back_minor = 0
    found.save(update_fields=["back_minor"])


@tenancy.widened()
@transaction.atomic
def follow(order: Order, *, at: datetime) -> None:
    """So much of the sum as went back of the order goes back to the campaign, all of it with the order.

    What an insurer paid instead was sold all the same: of that the shop gets the campaign's part.
    """
    found = Funding.objects.of_order_locked(order.pk)
    if found is None or not found.left:
        return
    gone = order.state in ENDED_STATES and order.state != OrderState.SETTLED
    bought_back = CoverClaim.objects.bought_back(order.pk)
    shop = found.amount_minor * bought_back // order.total_minor
    back = found.amount_minor * (order.refunded_minor - bought_back) // order.total_minor
    more = min((found.amount_minor - shop if gone else back) - found.back_minor, found.left.minor)
    if more > 0:
        _give_back(found, Money(more, found.currency), at=at)
    if gone and shop:
        settle(order_id=order.pk, fee_permille=0, at=at)


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
    Campaign.objects.filter(pk=campaign.pk).update(promised_minor=F("promised_minor") - amount.minor)
    found.back_minor += amount.minor
    found.save(update_fields=["back_minor"])
    if found.back_minor == found.amount_minor:
        CampaignClaim.objects.filter(pk=found.claim_id).exclude(
            pk__in=Funding.objects.standing().values("claim")
        ).update(used_at=None, purchase=None)


@transaction.atomic
def settle(*, order_id: UUID, fee_permille: int, at: datetime) -> None:
    """The shop is paid its full price: the campaign's part follows the buyer's, less the same fee."""
    found = Funding.objects.of_order_locked(order_id)
    if found is None or found.held_at is None or not found.left:
        return
    amount, shop = found.left, found.order.merchant_id
    fee = amount.permille(fee_permille)
    # Under the order's own key, so that the shop's statement can read it.
    made = ledger.post(
        reference=found.order_id,
        purpose=SETTLEMENT,
        lines=[
            Line(accounts.escrow(found.pk), -amount),
            Line(accounts.available(shop), amount - fee),
            Line(accounts.FEES, fee),
        ],
        actor=Actor.system(),
        at=at,
    )
    fund.recover(merchant_id=shop, currency=amount.currency, cause=str(made.pk), actor=Actor.system(), at=at)
    found.settled_minor = amount.minor
    found.save(update_fields=["settled_minor"])
