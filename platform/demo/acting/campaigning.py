"""Campaigns of the platform: money put aside by two, shops' entries in each state."""

from __future__ import annotations

from datetime import timedelta

from accounts import joint_acts
from demo.script import Step
from demo.stage import Stage
from kernel.actor import Actor
from merchants.models import Merchant
from orders.campaigns import answering, claiming, entering, making, seeing
from payments import accounts, ledger


def run(stage: Stage, step: Step) -> None:
    """Two of the staff put aside what the platform has earned, up to a sum; without enough it waits."""
    first, second = (Actor.staff(stage.get(f"person:{each['key']}")) for each in stage.content.staff[:2])
    written = dict(step.facts["written"])
    for name in ("apply_until", "starts_at"):
        if name in written:
            written[name] = stage.at + timedelta(hours=written[name])
    written.setdefault("starts_at", stage.at)
    made = making.write(written=making.Written(**written), actor=first, at=stage.at)
    amount = min(ledger.balance(accounts.FEES).minor, step.facts["budget_minor"])
    if made.funded_at is None:
        if amount < max(made.off_minor, 1000):
            return
        wanted = making.SetAside(campaign_id=made.pk, amount_minor=amount, currency=made.currency)
        act = joint_acts.propose(step=wanted, actor=first, at=stage.at)
        joint_acts.confirm(act_id=act.pk, actor=second, at=stage.at)
    stage.call(f"campaign:{step.key}", made.pk)
    if shopper := step.facts.get("shopper"):
        buyer = stage.buyer(shopper)
        assert buyer.subject_id is not None
        claiming.claim(campaign_id=made.pk, subject_id=buyer.subject_id, actor=buyer, at=stage.at)


def enter(stage: Stage, step: Step) -> None:
    """A shop enters goods that meet the conditions, and what becomes of it; "applied" waits."""
    facts, at = step.facts, stage.at
    if not stage.knows(f"campaign:{facts['campaign']}"):
        return
    goods = tuple(stage.get(f"goods:{each}") for each in facts["goods"])
    actor, shop = stage.member(facts["shop"]), stage.get(f"shop:{facts['shop']}")
    campaign_id, offer = (
        stage.get(f"campaign:{facts['campaign']}"),
        entering.Offer(goods, facts["off_permille"]),
    )
    campaign, entrant = seeing.campaign_for_shops(campaign_id), Merchant.objects.get(pk=shop)
    if entering.check(campaign=campaign, shop=entrant, offer=offer, at=at):
        return
    entry = entering.enter(campaign_id=campaign_id, merchant_id=shop, offer=offer, actor=actor, at=at)
    desk = stage.reviewer()
    match facts["answer"]:
        case "accepted":
            answering.accept(entry_id=entry.pk, actor=desk, at=at)
        case "refused":
            answering.refuse(entry_id=entry.pk, reasons=facts["reasons"], actor=desk, at=at)
        case "withdrawn":
            entering.withdraw(entry_id=entry.pk, merchant_id=shop, actor=actor, at=at)
