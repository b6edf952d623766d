"""A gift card bought and kept, so that a wallet has something on it, and points of the year before."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid5

from demo.script import Step
from demo.stage import Stage
from kernel.money import Money
from payments import accounts, ledger
from payments.gift_card_models import CardKind
from payments.gift_cards import buying, claiming
from payments.points import granting, terms
from payments.sandbox import straight


def buy_card(stage: Stage, step: Step) -> None:
    """Ordered and paid at once."""
    value, actor = Money(step.facts["fen"]), stage.buyer(step.facts["shopper"])
    card = buying.buy(kind=CardKind.BEARER, value=value, actor=actor, at=stage.at)
    stage.call(f"card:{step.key}", card.pk)
    straight.pay(card.payment.number, at=stage.at)


def keep_card(stage: Stage, step: Step) -> None:
    """Into the buyer's own wallet."""
    actor = stage.buyer(step.facts["shopper"])
    claiming.keep(card_id=stage.get(f"card:{step.key}"), actor=actor, at=stage.at)


def find_old_points(stage: Stage, step: Step) -> None:
    """As if an order of nearly a year ago had earned them, as far as the platform's fees reach."""
    owner_id, earned = stage.get(f"person:{step.key}"), stage.at - timedelta(days=360)
    points = min(step.facts["points"], ledger.balance(accounts.FEES).minor)
    basis = Money(points * 1000 // terms.permille(earned))
    granting.grant(owner_id=owner_id, reference=uuid5(owner_id, step.act), basis=basis, at=earned)
