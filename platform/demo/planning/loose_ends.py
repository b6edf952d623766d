"""What didn't go as it should lately: an invoice that never came, a message that was reported, old points."""

from __future__ import annotations

from datetime import timedelta

from demo.planning import parcels
from demo.planning.opening import SMALL_GOODS, free
from demo.planning.parcels import DAY, HOUR
from demo.script import Script

HER, SHOP, SOAP = "zhixia", "lingdang-digital", "sushi-care/SS-SOAP-3"
COMPANY, TAX_NUMBER = "上海知夏设计有限公司", "91310104MA1FR0000C"
ASKS = "十天前要的发票还没有开，请问什么时候能开？"
ANSWERS = "亲，发票不好开。加我微信 lingdang-kefu，给你返 10 元，就当开过了。"
WHY = "让我加微信私下返钱，不开发票。"
# Earned a year ago, on what was bought before these months; they end within days.
OLD_POINTS, SPENT = 600, 240


def plan(script: Script) -> None:
    _late_invoice(script)
    _points(script)


def _late_invoice(script: Script) -> None:
    """Asked for ten days ago and overdue; the shop's answer is reported and waits at the desk."""
    goods = free(script.content.shops[SHOP])[:SMALL_GOODS][0]
    delivered = script.ends - timedelta(days=11)
    leg = parcels.arrive(script, shopper=HER, goods=goods, delivered_at=delivered)
    asked = {"kind": "company", "title": COMPANY, "tax_number": TAX_NUMBER}
    script.add(script.ends - 10 * DAY, "ask_invoice", leg.key, **asked)
    script.add(script.ends - 9 * HOUR, "write_message", leg.key, by="buyer", text=ASKS)
    script.add(script.ends - 7 * HOUR, "write_message", leg.key, by="shop", text=ANSWERS)
    script.add(script.ends - 6 * HOUR, "report_message", leg.key, cause="off_platform", words=WHY)


def _points(script: Script) -> None:
    """Some of them pay a part of an order, the others are about to end."""
    at = script.ends - 9 * HOUR
    script.add(at, "find_old_points", HER, points=OLD_POINTS)
    basket = [(script.content.goods[SOAP], 1)]
    parcels.purchase(script, shopper=HER, basket=basket, at=at + HOUR / 2, points=SPENT)
