"""Who watches over whom: inspections in every state, a child's guardian, a private seller, a disruption."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from demo.planning import parcels
from demo.planning.parcels import DAY, HOUR
from demo.script import Script

CHILD, GUARDIAN = "xiaotao", "wanqing"
_RETURNS = (
    "cn.return.window",
    "三件商品页写着“拆封不退”，品类并不例外。",
    "改掉这三页，恢复七天无理由退货。",
)
_PRICES = ("cn.price.reference", "两件商品的划线价没有成交记录。", "撤下划线价，或者写明依据。")


def plan(script: Script) -> None:
    _inspections(script)
    _family(script)
    _private_seller(script)
    _disruptions(script)


def _inspections(script: Script) -> None:
    """One is planned, one clean, one open, one answered, one put right."""
    days: dict[str, tuple[float, str, tuple[Any, ...]]] = {
        "taohe-kiln": (1.5, "", ()),
        "sushi-care": (8, "广告用语和备案编号", ()),
        "yuanfan-import": (3, "中文标签与保质期", (_PRICES,)),
        "lingdang-digital": (9, "退货条款与划线价", (_RETURNS, _PRICES)),
        "xiangyi-wear": (17, "退货条款", (_RETURNS,)),
    }
    for shop, (before, scope, findings) in days.items():
        at = script.ends - timedelta(days=before)
        script.add(at, "plan_inspection", shop, reason="三个月内有两起买家来信，内容相近。")
        if scope:
            script.add(at + 5 * HOUR, "inspect", shop, scope=scope, findings=findings)
    text = "三页都改好了，划线价也撤了，附上现在的页面。"
    script.add(script.ends - 2 * DAY, "answer_inspection", "lingdang-digital", text=text)
    script.add(script.ends - 13 * DAY, "answer_inspection", "xiangyi-wear", text="改好了，附上现在的页面。")
    outcome = "三页都看过，七天无理由退货已经恢复。"
    script.add(script.ends - 11 * DAY, "close_inspection", "xiangyi-wear", outcome=outcome)


def _family(script: Script) -> None:
    at = script.ends - 5 * DAY
    script.add(at, "declare_child", CHILD, name="小桃", email="xiaotao@example.com", band="from_8_to_13")
    script.add(at + HOUR, "become_guardian", CHILD, guardian=GUARDIAN)
    script.add(script.ends - 26 * HOUR, "hand_in_guardian_proof", CHILD, guardian=GUARDIAN)


def _private_seller(script: Script) -> None:
    """Admitted, one of two things sold and on its way."""
    for shop in script.content.private.values():
        begins = script.ends - 13 * DAY
        person = shop.facts["shopper"]
        script.add(begins, "hand_in_application", shop.slug, shop=shop, person=person)
        script.add(begins + 9 * HOUR, "approve", shop.slug)
        for number, goods in enumerate(shop.goods):
            script.add(begins + (12 + number) * HOUR, "list_goods", goods.key, goods=goods, freight=None)
        at = script.ends - 2.5 * DAY
        (leg,) = parcels.purchase(script, shopper="yining", basket=[(shop.goods[0], 1)], at=at)
        script.add(leg.paid_at + 20 * HOUR, "ship", leg.key)
        script.add(leg.paid_at + 28 * HOUR, "scan", leg.key, kind="collected")


def _disruptions(script: Script) -> None:
    begun = script.ends - 6 * DAY
    title = _said("支付结果晚到", "付款結果延遲", "Results of payments arrive late")
    first = _said(
        "有的付款成功了，订单过几分钟才变成“已付款”。请不要再付一次。",
        "有些付款成功了，訂單過幾分鐘才變成「已付款」。請不要再付一次。",
        "Some payments went through and their orders show it minutes later. Please don't pay again.",
    )
    facts = {"title": title, "words": first, "components": ["payments", "orders"], "noticed_after": 12}
    script.add(begun, "begin_disruption", "late-payments", **facts)
    cause = _said(
        "原因是支付方的通知排了队。没有钱丢失。",
        "原因是金流商的通知在排隊。沒有款項遺失。",
        "Notices of the payment provider were queued. No money is lost.",
    )
    update = "update_disruption"
    script.add(begun + 0.5 * HOUR, update, "late-payments", stage="identified", words=cause)
    over = _said(
        "排队的通知都处理完了，受影响的 14 笔付款都已到账。",
        "排隊的通知都處理完了，受影響的 14 筆付款都已入帳。",
        "All queued notices are worked off; the 14 payments concerned have arrived.",
    )
    script.add(begun + 2 * HOUR, update, "late-payments", stage="resolved", words=over)
    late = _said("部分短信晚到", "部分簡訊延遲", "Some text messages are late")
    words = _said(
        "验证码短信可能晚几分钟到。用电子邮件收码不受影响。",
        "驗證碼簡訊可能晚幾分鐘到。用電子郵件收碼不受影響。",
        "Codes by text message may take some minutes. Codes by e-mail aren't affected.",
    )
    facts = {"title": late, "words": words, "components": ["letters"], "noticed_after": 8}
    script.add(script.ends - 3 * HOUR, "begin_disruption", "late-texts", **facts)
    mended = _said(
        "已经换了一条线路，还在观察。",
        "已換了一條線路，仍在觀察。",
        "We changed the route and are watching it.",
    )
    script.add(script.ends - 2 * HOUR, update, "late-texts", stage="watching", words=mended)


def _said(hans: str, hant: str, en: str) -> dict[str, str]:
    return {"zh-hans": hans, "zh-hant": hant, "en": en}
