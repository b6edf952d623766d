"""The last days, arranged so that at the end there is an order and a return in every state."""

from __future__ import annotations

from datetime import datetime, timedelta

from demo.content import Goods
from demo.planning import parcels, returns
from demo.planning.opening import SMALL_GOODS, free
from demo.planning.parcels import DAY, HOUR, MINUTE, Leg
from demo.script import Script

# The shopper of the sign-ins: sees every kind of order among their own.
HER = "zhixia"
# Made up; the last character of the tax number is the right one.
_COMPANY, _TAX_NUMBER = "上海知夏设计有限公司", "91310104MA1FR0000C"
_NUMBERS = ("26312000000012345601", "26312000000012345602", "26312000000012345603")


def plan(script: Script) -> None:
    _unpaid(script)
    _waiting_to_be_sent(script)
    _on_the_way(script)
    _at_home(script)
    _going_back(script)
    _over(script)
    _addresses(script)


def _addresses(script: Script) -> None:
    """Her book: where she lives, and the office that takes parcels by day."""
    home = {"shopper": HER, "label": "家", "address": "上海市 徐汇区 示例路 88 弄 3 号 502 室"}
    script.add(script.ends - 30 * DAY, "keep_address", "home", **home)
    office = {"shopper": HER, "label": "公司", "address": "江苏省 苏州市 工业园区 示例大道 20 号 前台"}
    script.add(script.ends - 29 * DAY, "keep_address", "office", **office)


def _goods(script: Script, slug: str, number: int = 0) -> Goods:
    found = free(script.content.shops[slug])
    return found[number % len(found[:SMALL_GOODS])]


def _buy(script: Script, shopper: str, goods: Goods, before: timedelta, pays: str = "pay") -> Leg:
    (leg,) = parcels.purchase(
        script, shopper=shopper, basket=[(goods, 1)], at=script.ends - before, pays=pays
    )
    return leg


def _unpaid(script: Script) -> None:
    _buy(script, HER, _goods(script, "qingchuan-tea", 2), 2 * MINUTE, pays="")
    _buy(script, "letian", _goods(script, "lanpu-books"), 6 * MINUTE, pays="")
    _buy(script, "nanfeng", _goods(script, "caoyuan-pantry", 1), 5 * HOUR, pays="")
    leg = _buy(script, "sunian", _goods(script, "qingchuan-tea"), 7 * HOUR, pays="")
    script.add(script.ends - 7 * HOUR + 9 * MINUTE, "cancel", leg.key, by="buyer")


def _waiting_to_be_sent(script: Script) -> None:
    """Some fresh, some whose promise ends within hours, some already late."""
    _buy(script, HER, _goods(script, "yunmian-weaving"), 3 * HOUR)
    for shopper, slug, left in (
        ("jingming", "qingchuan-tea", 3),
        ("ruoshui", "caoyuan-pantry", 9),
        ("qinghui", "guangcheng-electric", 20),
        ("yifan", "lingdang-digital", -11),
        ("wanqing", "xiangyi-wear", -30),
    ):
        goods = _goods(script, slug, 1)
        _buy(script, shopper, goods, goods.dispatch_hours * HOUR - left * HOUR + 9 * MINUTE)


def _on_the_way(script: Script) -> None:
    for shopper, slug, shipped in (
        (HER, "muzuo-lane", 20),
        ("zhixing", "guangcheng-electric", 31),
        ("yumian", "taohe-kiln", 8),
    ):
        leg = _buy(script, shopper, _goods(script, slug), (shipped + 20) * HOUR)
        parcels.deliver(
            script,
            leg,
            shipped_at=script.ends - shipped * HOUR,
            delivered_at=script.ends + (60 - shipped) * HOUR,
        )
        if shopper == HER:
            _talk(script, leg, script.ends - (shipped - 3) * HOUR)


def _at_home(script: Script) -> None:
    """Delivered, the window open: much of it, or only hours of it."""
    for shopper, slug, days in (
        (HER, "qingchuan-tea", 1.2),
        (HER, "sushi-care", 3.4),
        ("siyuan", "caoyuan-pantry", 6.8),
    ):
        leg = _arrived(script, shopper, slug, days)
        if slug == "qingchuan-tea":
            _invoice(script, leg, script.ends - 20 * HOUR)


def _talk(script: Script, leg: Leg, at: datetime) -> None:
    """A question that was answered, and one that waits."""
    script.add(at, "write_message", leg.key, by="buyer", text="包裹能在周末前到吗？家里周一没人。")
    script.add(at + 2 * HOUR, "write_message", leg.key, by="shop", text="已经过分拨中心，预计周六送到。")
    script.add(script.ends - 4 * HOUR, "write_message", leg.key, by="buyer", text="能改放小区驿站吗？")


def _invoice(script: Script, leg: Leg, at: datetime, *, number: str = "") -> None:
    """Asked for by a company; issued a day later if it has a number."""
    script.add(at, "ask_invoice", leg.key, kind="company", title=_COMPANY, tax_number=_TAX_NUMBER)
    if number:
        script.add(at + DAY, "issue_invoice", leg.key, number=number)


def _arrived(script: Script, shopper: str, slug: str, days: float, number: int = 0) -> Leg:
    delivered = script.ends - timedelta(days=days)
    return parcels.arrive(script, shopper=shopper, goods=_goods(script, slug, number), delivered_at=delivered)


def _going_back(script: Script) -> None:
    """A return in each state that is still open."""
    ends = script.ends
    asked = _arrived(script, "qinghe", "xiangyi-wear", 3)
    returns.ask(script, asked, ends - 40 * HOUR, kind="quality")
    asked = _arrived(script, "changan", "guangcheng-electric", 2, 1)
    returns.ask(script, asked, ends - 5 * HOUR, kind="quality")
    accepted = _arrived(script, "xiaoman", "yunmian-weaving", 4, 1)
    returns.ask(script, accepted, ends - 30 * HOUR)
    posted = _arrived(script, HER, "yunmian-weaving", 5, 2)
    returns.ask(script, posted, ends - 60 * HOUR)
    returns.post(script, posted, ends - 26 * HOUR)
    received = _arrived(script, "keqing", "xiangyi-wear", 6, 1)
    _come_back(script, received, days=(5, 4, 1.3))
    refused = _arrived(script, "peien", "xiangyi-wear", 7, 2)
    _come_back(script, refused, days=(6, 5, 3))
    script.add(ends - 2 * DAY, "refuse_return", refused.key, text=returns.refusal(script))


def _come_back(script: Script, leg: Leg, *, days: tuple[float, float, float]) -> None:
    """Asked, posted and received so many days before the end."""
    asked, posted, received = (script.ends - timedelta(days=number) for number in days)
    returns.ask(script, leg, asked)
    returns.post(script, leg, posted)
    script.add(received, "scan_return", leg.key, kind="delivered")


def _over(script: Script) -> None:
    """Ends that lie a while back: settled, refunded, closed, a refusal that became a complaint."""
    days = 18.0
    for shopper, slug in ((HER, "qingchuan-tea"), ("daniel", "qingchuan-tea")):
        leg = _arrived(script, shopper, slug, days, 1)
        if shopper == HER:
            _invoice(script, leg, script.ends - 17 * DAY, number=_NUMBERS[0])
    back = _arrived(script, HER, "sushi-care", 16)
    script.add(script.ends - 16 * DAY + HOUR, "ask_invoice", back.key, kind="person", title="沈知夏")
    script.add(script.ends - 16 * DAY + 4 * HOUR, "issue_invoice", back.key, number=_NUMBERS[1])
    returns.send_back(script, back, delivered_at=script.ends - 16 * DAY)
    script.add(script.ends - 2 * DAY, "issue_invoice", back.key, number=_NUMBERS[2])
    closed = _arrived(script, "emma", "guangcheng-electric", 17)
    returns.forget(script, closed, delivered_at=script.ends - 17 * DAY)
    if not script.small:
        refused = _arrived(script, "wangshu", "xiangyi-wear", 48, 3)
        returns.refuse_after_inspection(script, refused, delivered_at=script.ends - 48 * DAY)
