"""Goods that go back, in every way the lifecycle of a return knows."""

from __future__ import annotations

from datetime import datetime, timedelta

from demo.planning.parcels import DAY, HOUR, Leg
from demo.script import Script


def reason(script: Script, kind: str, locale: str = "zh-hans") -> str:
    told = script.content.stories["return_reasons"]
    texts = [row["text"] for row in told if row["kind"] == kind and row["locale"] == locale]
    return str(script.rng.choice(texts))


def ask(script: Script, leg: Leg, at: datetime, *, kind: str = "no_reason") -> datetime:
    return script.add(at, "ask_return", leg.key, kind=kind, note=reason(script, kind))


def post(script: Script, leg: Leg, at: datetime) -> datetime:
    script.add(at, "post_return", leg.key)
    return script.add(at + script.between(hours=(2, 8)), "scan_return", leg.key, kind="collected")


def travel_back(script: Script, leg: Leg, asked_at: datetime) -> datetime:
    """Posted and carried back; gives the instant at which the merchant has it."""
    posted = post(script, leg, asked_at + script.between(hours=(6, 40)))
    back = posted + script.between(hours=(24, 60))
    return script.add(back, "scan_return", leg.key, kind="delivered")


def send_back(script: Script, leg: Leg, *, delivered_at: datetime) -> None:
    """Asked inside the window, posted, received, paid back; sometimes only silence pays it."""
    asked = ask(script, leg, delivered_at + script.between(days=(0.4, 5)))
    back = travel_back(script, leg, asked)
    if script.rng.random() >= leg.shop.behaviour["unanswered_rate"]:
        hours = min(leg.shop.behaviour["answer_hours"], 40)
        script.add(back + hours * HOUR * script.rng.uniform(0.5, 1.1), "refund_return", leg.key)


def send_back_faulty(script: Script, leg: Leg, *, delivered_at: datetime) -> None:
    """The merchant has to agree first; where it keeps silent, the silence agrees."""
    asked = ask(script, leg, delivered_at + script.between(days=(0.3, 4)), kind="quality")
    agreed = asked + timedelta(hours=49)
    if script.rng.random() >= 2 * leg.shop.behaviour["unanswered_rate"]:
        agreed = asked + min(leg.shop.behaviour["answer_hours"], 40) * HOUR
        script.add(agreed, "accept_return", leg.key)
    back = travel_back(script, leg, agreed)
    script.add(back + script.between(hours=(3, 30)), "refund_return", leg.key)


def forget(script: Script, leg: Leg, *, delivered_at: datetime) -> None:
    """Asked and never posted: it closes by itself."""
    ask(script, leg, delivered_at + script.between(days=(0.5, 4)))


def change_mind(script: Script, leg: Leg, *, delivered_at: datetime) -> None:
    asked = ask(script, leg, delivered_at + script.between(days=(0.5, 3)))
    script.add(asked + script.between(hours=(2, 20)), "withdraw_return", leg.key)


def refuse_after_inspection(script: Script, leg: Leg, *, delivered_at: datetime) -> None:
    """Seven silent days later it is a complaint by itself; the shop contests it and the platform rules."""
    asked = ask(script, leg, delivered_at + script.between(days=(0.5, 2)))
    back = travel_back(script, leg, asked)
    refused = script.add(back + script.between(hours=(4, 30)), "refuse_return", leg.key, text=refusal(script))
    filed = refused + 7 * DAY
    case = f"case:{leg.key}"
    # The seven days end with a day, so the case is there a day later at the latest.
    script.add(filed + 26 * HOUR, "find_case", case, order=leg.key)
    script.add(filed + 30 * HOUR, "answer", case, answer={"kind": "contest", "text": refusal(script)})
    script.add(filed + 40 * HOUR, "reply", case, reply={"kind": "refer", "text": _REFERRED})
    script.add(filed + 70 * HOUR, "decide", case, decision=_RULING)


def refusal(script: Script) -> str:
    notes = [row["text"] for row in script.content.stories["inspection_notes"] if row["result"] == "damaged"]
    return str(notes[-1])


_REFERRED = "吊牌是试穿时剪的，衣服没有穿出门。请平台看照片判断。"
_RULING = {
    "outcome": "partly",
    "share": 0.5,
    "facts": "商家的照片显示吊牌已剪，但没有洗涤和穿着的痕迹。",
    "reasons": "剪下吊牌使商品价值减少，但不使退货权消失。退还一半价款，另一半抵减损的价值。",
    "rule_ids": ["cn.return.window", "cn.return.refund"],
}
