"""A gift card bought and kept, so that a wallet has something on it; points come with settled orders."""

from __future__ import annotations

from demo.script import Step
from demo.stage import Stage
from kernel.money import Money
from payments.gift_card_models import CardKind
from payments.gift_cards import buying, claiming
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
