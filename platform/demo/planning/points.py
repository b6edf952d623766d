"""A tea shop's service points and its express: orders that wait, were fetched, were never fetched, hurry."""

from __future__ import annotations

from datetime import datetime, timedelta

from demo.planning import parcels
from demo.planning.parcels import DAY, HOUR, Leg
from demo.script import Script

SHOP, TEA, BY_EXPRESS = "qingchuan-tea", "qingchuan-tea/QC-LJ-YQ", "qingchuan-tea/QC-ML-120"
HER, HIM = "zhixia", "yifan"
STORE, ROOM = "徐汇门店", "龙井茶室"
# Invented. Name → address, opening hours, what is done there.
POINTS = {
    STORE: ("上海市徐汇区示例路 12 号 1 楼", "每天 10:00–21:00", ("pickup", "return")),
    ROOM: ("浙江省杭州市西湖区示例村 6 号", "周二到周日 9:30–17:30，周一休息", ("pickup", "return", "use")),
}


def plan(script: Script) -> None:
    opened = script.ends - 15 * DAY
    for number, (name, (address, hours, offers)) in enumerate(POINTS.items()):
        at = opened + number * HOUR
        facts = {"name": name, "address": address, "hours": hours, "offers": list(offers)}
        script.add(at, "open_point", f"{SHOP}/{name}", **facts)
    waits = _bought(script, HER, script.ends - 30 * HOUR, STORE)
    script.add(script.ends - 21 * HOUR, "make_ready", waits.key)
    fetched = _bought(script, HER, script.ends - 5 * DAY, STORE)
    script.add(script.ends - 4.5 * DAY, "make_ready", fetched.key)
    script.add(script.ends - 3 * DAY, "show_code", fetched.key)
    hurried = _bought(script, HER, script.ends - 26 * HOUR, "", BY_EXPRESS)
    parcels.deliver(
        script,
        hurried,
        shipped_at=script.ends - 20 * HOUR,
        delivered_at=script.ends + timedelta(hours=9),
    )
    if not script.small:
        _bought(script, HIM, script.ends - 4 * HOUR, ROOM)
        forgotten = _bought(script, HIM, script.ends - 12 * DAY, ROOM)
        script.add(script.ends - 11 * DAY, "make_ready", forgotten.key)


def _bought(script: Script, shopper: str, at: datetime, point: str, goods: str = TEA) -> Leg:
    """Picked up at `point`, or by express where it names none."""
    basket = [(script.content.goods[goods], 1)]
    way = f"pickup:{SHOP}/{point}" if point else "express"
    (leg,) = parcels.purchase(script, shopper=shopper, basket=basket, at=at, way=way)
    return leg
