"""The told complaints and reviews: each about a thing that was really bought and delivered before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from demo.content import Goods
from demo.planning import parcels, returns
from demo.planning.opening import opening_day
from demo.planning.parcels import DAY, HOUR, Leg
from demo.script import Script

# Who tells the running cases: the second is the shopper of the sign-ins that has one open.
TELLERS = {"c36-ld-ms-1": "yifan", "c37-xy-shrt-7": "wanqing"}
# Hours before the end at which a running case was opened and answered, and the reply came.
RUNNING = {
    "c36-ld-ms-1": (41, 0, 0),
    "c37-xy-shrt-7": (19, 0, 0),
    "c38-yf-nd-5": (31, 8, 0),
    "c39-th-vas-31": (70, 44, 21),
    "c40-gc-fan-30": (210, 190, 160),
}


def plan_closed(script: Script) -> None:
    """The complaints that are over, spread over the whole time."""
    told = [story for story in script.content.stories["complaints"] if story["key"] not in RUNNING]
    room = script.days - 30
    for number, story in enumerate(told):
        day = 6 + (number * 17 + script.rng.randrange(5)) % room
        delivered = script.shopping_hour(day)
        shopper = _teller(script, story)
        if story["category"] == "not_received":
            _never_sent(script, story, shopper, delivered)
            continue
        leg = parcels.arrive(script, shopper=shopper, goods=_goods(script, story), delivered_at=delivered)
        at = delivered + script.between(days=(0.3, 3))
        if story["category"] == "return_refused":
            at = _refused(script, leg, delivered)
        _play(script, story, leg, at)


def plan_running(script: Script) -> None:
    """The complaints that are in the middle of something when the demonstration ends."""
    told = {story["key"]: story for story in script.content.stories["complaints"]}
    for key, (opened, answered, replied) in RUNNING.items():
        story = told[key]
        at = script.ends - opened * HOUR - timedelta(minutes=script.rng.randrange(40))
        shopper = TELLERS.get(key) or _teller(script, story)
        leg = parcels.arrive(
            script,
            shopper=shopper,
            goods=_goods(script, story),
            delivered_at=at - script.between(hours=(3, 30)),
        )
        _open(script, story, leg, at)
        if answered:
            script.add(script.ends - answered * HOUR, "answer", key, answer=story["answer"])
        if replied:
            script.add(script.ends - replied * HOUR, "reply", key, reply=story["reply"])


def _never_sent(script: Script, story: Mapping[str, Any], shopper: str, at: datetime) -> None:
    (leg,) = parcels.purchase(script, shopper=shopper, basket=[(_goods(script, story), 1)], at=at)
    _play(script, story, leg, at + 11 * DAY)


def _refused(script: Script, leg: Leg, delivered_at: datetime) -> datetime:
    """Sent back and turned down for no lawful reason; gives the instant at which the buyer complains."""
    back = returns.travel_back(script, leg, returns.ask(script, leg, delivered_at + 2 * DAY))
    text = "已拆封，影响二次销售，不予退货。"
    return script.add(back + 9 * HOUR, "refuse_return", leg.key, text=text) + 3 * HOUR


def _open(script: Script, story: Mapping[str, Any], leg: Leg, at: datetime) -> None:
    script.add(at, "complain", story["key"], order=leg.key, goods=leg.goods[0].key, story=story)


def _play(script: Script, story: Mapping[str, Any], leg: Leg, at: datetime) -> None:
    """From filing to the end; where the merchant keeps silent, its 48 hours pass."""
    key = story["key"]
    _open(script, story, leg, at)
    turned = at + 48 * HOUR + script.between(minutes=(5, 50))
    if story["answer"]:
        hours = min(max(leg.shop.behaviour["answer_hours"] * script.rng.uniform(0.6, 1.1), 1), 45)
        turned = script.add(at + hours * HOUR, "answer", key, answer=story["answer"])
    if story["reply"]:
        turned = script.add(turned + script.between(hours=(2, 40)), "reply", key, reply=story["reply"])
    if story["decision"]:
        script.add(turned + script.between(hours=(6, 44)), "decide", key, decision=story["decision"])


def plan_reviews(script: Script) -> None:
    """The told reviews, some days after the goods had come."""
    for number, story in enumerate(script.content.stories["reviews"]):
        goods = _goods(script, story)
        first = opening_day(script, script.content.shops[goods.shop]) + 4
        room = max(script.days - 14 - first, 1)
        delivered = script.shopping_hour(first + (number * 29 + script.rng.randrange(7)) % room)
        leg = parcels.arrive(script, shopper=_teller(script, story), goods=goods, delivered_at=delivered)
        at = delivered + script.between(days=(1.5, 9))
        script.add(at, "review", story["key"], order=leg.key, goods=goods.key, story=story)


def _goods(script: Script, story: Mapping[str, Any]) -> Goods:
    return script.content.goods[f"{story['merchant']}/{story['code']}"]


def _teller(script: Script, story: Mapping[str, Any]) -> str:
    """Somebody who writes in the story's language."""
    return script.rng.choice(_by_locale(script)[story["locale"]])


def _by_locale(script: Script) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, person in script.content.shoppers.items():
        found.setdefault(person["locale"], []).append(key)
    return found
