"""Services: times offered, an appointment booked, a use redeemed by its code."""

from __future__ import annotations

from datetime import timedelta

from demo.planning.lessons import WHERE
from demo.script import Step
from demo.stage import Stage, shop_of
from kernel.actor import Actor
from orders.models import Order, PointCode
from orders.vouchers import appointments, redeeming, slots
from orders.vouchers.slots import Offered


def offer_time(stage: Stage, step: Step) -> None:
    shop = step.key.partition("/")[0]
    starts = step.facts["starts"]
    told = Offered(
        stage.get(f"goods:{step.facts['goods']}"), starts, starts + timedelta(minutes=90), 6, WHERE
    )
    member = stage.member(shop)
    made = slots.offer(merchant_id=stage.get(f"shop:{shop}"), offered=told, actor=member, at=stage.at)
    stage.call(f"time:{step.key}", made[0].pk)


def book_time(stage: Stage, step: Step) -> None:
    order = Order.objects.get(pk=stage.get(f"order:{step.key}"))
    appointments.book(
        order_id=order.pk,
        line_id=order.lines.get().pk,
        slot_id=stage.get(f"time:{step.facts['time']}"),
        actor=Actor.buyer(order.subject_id),
        at=stage.at,
    )


def redeem(stage: Stage, step: Step) -> None:
    """The buyer shows the code, and somebody of the shop enters it."""
    order = Order.objects.get(pk=stage.get(f"order:{step.key}"))
    redeeming.redeem(
        merchant_id=order.merchant_id,
        text=PointCode.objects.live().get(order=order).code,
        pieces=1,
        actor=stage.member(shop_of(step.key)),
        at=stage.at,
    )
