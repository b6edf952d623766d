"""Campaigns for tests: written by staff, funded by two people through the joint step."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from accounts import joint_acts
from catalog.models import Listing
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from orders.campaigns import answering, entering, making
from orders.campaigns.making import SetAside, Written
from orders.models import Campaign, CampaignEntry
from payments import accounts, ledger
from tests.builders.orders import ORDERED


def written(*, at: datetime = ORDERED, **changed: Any) -> Written:
    """30.00 off from 200.00 on, for a week from an hour before `at`, of every shop."""
    plain = Written(
        names={"zh-hans": "安心周"},
        rules={"zh-hans": "每人一张，满两百减三十。"},
        from_minor=20000,
        off_minor=3000,
        starts_at=at - timedelta(hours=1),
        ends_at=at + timedelta(days=7),
    )
    return replace(plain, **changed)


def goods_terms(*, at: datetime = ORDERED, **changed: Any) -> Written:
    """At least 10 % off goods that shops enter until a day after `at`; it begins then. Anxin pays half."""
    plain = {
        "kind": "goods",
        "from_minor": 0,
        "off_minor": 0,
        "least_permille": 100,
        "shop_permille": 500,
        "apply_until": at + timedelta(days=1),
        "starts_at": at + timedelta(days=1),
    }
    return written(at=at, **{**plain, **changed})


def a_goods_campaign(*, budget: str = "1000.00", at: datetime = ORDERED, **changed: Any) -> Campaign:
    """One that shops may enter from `at` on."""
    made = making.write(written=goods_terms(at=at, **changed), actor=Actor.staff(new_id()), at=at)
    if made.shop_permille < making.WHOLE:
        fund(made, budget, at=at)
    made.refresh_from_db()
    return made


def entered(
    campaign: Campaign, *listings: Listing, off_permille: int = 100, at: datetime = ORDERED
) -> CampaignEntry:
    """The goods' shop enters them."""
    offer = entering.Offer(tuple(each.pk for each in listings), off_permille)
    shop = listings[0].merchant_id
    return entering.enter(
        campaign_id=campaign.pk, merchant_id=shop, offer=offer, actor=Actor.member(new_id(), shop), at=at
    )


def accepted(
    campaign: Campaign, *listings: Listing, off_permille: int = 100, at: datetime = ORDERED
) -> CampaignEntry:
    entry = entered(campaign, *listings, off_permille=off_permille, at=at)
    return answering.accept(entry_id=entry.pk, actor=Actor.staff(new_id()), at=at)


def fees(amount: str, *, at: datetime = ORDERED) -> None:
    """The platform has earned so much: as if a provider had given some of its fees back."""
    lines = ledger.move_money(accounts.CHARGES, accounts.FEES, Money.parse(amount))
    ledger.post(reference=new_id(), purpose="test", lines=lines, actor=Actor.system(), at=at)


def a_campaign(
    *, budget: str = "1000.00", at: datetime = ORDERED, funded: bool = True, **changed: Any
) -> Campaign:
    made = making.write(written=written(at=at, **changed), actor=Actor.staff(new_id()), at=at)
    if funded:
        fund(made, budget, at=at)
    made.refresh_from_db()
    return made


def fund(made: Campaign, budget: str, *, at: datetime = ORDERED) -> None:
    """Two people put so much of the fees aside for it."""
    fees(budget, at=at)
    step = SetAside(campaign_id=made.pk, amount_minor=Money.parse(budget).minor, currency="CNY")
    act = joint_acts.propose(step=step, actor=Actor.staff(new_id()), at=at)
    joint_acts.confirm(act_id=act.pk, actor=Actor.staff(new_id()), at=at)
