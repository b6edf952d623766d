"""Beside the trade: freight by template, promises on all goods, paid places, wishes, alerts and reports."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from catalog import destinations
from demo.planning import campaigns
from demo.planning.parcels import DAY, HOUR, MINUTE
from demo.script import Script

_NEAR = ["CN-SH", "CN-JS", "CN-ZJ", "CN-AH"]
_FAR = ["CN-XJ", "CN-XZ", "CN-QH", "CN-NM"]


def _zone(places: list[str], first: int, price: int, further: int, more: int, free: int | None = None) -> Any:
    return {
        "places": places,
        "first": first,
        "first_minor": price,
        "further": further,
        "further_minor": more,
        "free_from_minor": free,
    }


def _rest(*named: list[str]) -> list[str]:
    """The mainland's other places."""
    return sorted(destinations.mainland() - {place for places in named for place in places})


# Key → shop, name, by what, zones. Goods → template and grams.
TEMPLATES: dict[str, tuple[str, str, str, list[Any]]] = {
    "by-piece": (
        "muzuo-lane",
        "木作快递（按件）",
        "piece",
        [
            _zone(_NEAR, 1, 600, 1, 200),
            _zone(_rest(_NEAR, _FAR), 1, 1200, 1, 500),
            _zone(_FAR, 1, 4800, 1, 3600),
        ],
    ),
    "by-weight": (
        "taohe-kiln",
        "陶器加固箱（按重量）",
        "weight",
        [_zone(_rest(_FAR), 1000, 900, 500, 300), _zone(_FAR, 1000, 2600, 500, 1400)],
    ),
    "free-from": (
        "caoyuan-pantry",
        "满 99 元包邮",
        "piece",
        [_zone(_rest(_FAR), 1, 800, 3, 200, 9900), _zone(_FAR, 1, 1600, 3, 600, 19900)],
    ),
}
# Of the shop whose owner's sign-in is printed.
TEMPLATES["tea"] = (
    "qingchuan-tea",
    "茶叶快递（按件）",
    "piece",
    [_zone(_NEAR, 2, 600, 2, 200, 15000), _zone(_rest(_NEAR), 2, 1000, 2, 400)],
)
# Template → there within so many days of payment, and what that costs where.
EXPRESS: dict[str, tuple[int, list[Any]]] = {"tea": (2, [_zone(_NEAR, 2, 1500, 2, 400)])}
FREIGHT: dict[str, tuple[str, int | None]] = {
    "muzuo-lane/MZ-CHR-01": ("by-piece", None),
    "muzuo-lane/MZ-STL-02": ("by-piece", None),
    "taohe-kiln/TH-CUP-90": ("by-weight", 320),
    "taohe-kiln/TH-CUP-CL": ("by-weight", 300),
    "qingchuan-tea/QC-ML-120": ("tea", None),
    "caoyuan-pantry/CY-OAT-1K": ("free-from", None),
    "caoyuan-pantry/CY-HN-500": ("free-from", None),
}
# Sold out, back again, and taken off sale: nobody plans to buy these.
SOLD_OUT, CAME_BACK, REPORTED = (
    "xinya-studio/XN-CDL-220",
    "xinya-studio/XN-GRD-BKT",
    "lingdang-digital/LD-CH-30",
)
# Made to order: its shop confirms each order first, so it has steps of its own (planning.confirmed).
CONFIRMED = "taohe-kiln/TH-CUS-PLQ"
WITHHELD = frozenset({SOLD_OUT, CAME_BACK, REPORTED, CONFIRMED})
# What is told of, so that the small demonstration lists it too.
BESIDE = (
    *("yunmian-weaving/YM-SC-180", "qingchuan-tea/QC-LJ-YQ", "qingchuan-tea/QC-LJ-100"),
    *("qingchuan-tea/QC-TIN-2", "qingchuan-tea/QC-SV-CLS", "qingchuan-tea/QC-SV-5X"),
    *("guangcheng-electric/GC-NL-1", "sushi-care/SS-SOAP-3"),
)
# Shop and promise → days before the end, categories; one of them is withdrawn again.
PROMISES: dict[str, tuple[float, tuple[str, ...]]] = {
    "yunmian-weaving/return_30d": (11.5, ("textiles",)),
    "qingchuan-tea/damage_replaced": (9, ()),
    "lanpu-books/answer_24h": (21, ()),
    "sushi-care/damage_replaced": (14, ()),
    "muzuo-lane/damage_replaced": (19, ()),
}
WITHDRAWN = "muzuo-lane/damage_replaced"
_CLAIM = "页面写“通过国家认证”，但没有证书编号，包装上也没有 3C 标志。"
_ORIGIN = "标题说是今年的新茶，买回来的罐子上印着去年的日期。"
_SAYS = "详情页说不伤衣料，洗了一次就褪色，跟写的不一样。"


def plan(script: Script) -> None:
    for number, (key, (shop, name, by, zones)) in enumerate(TEMPLATES.items()):
        at = script.local(0, 10.75) + number * MINUTE
        quick, express = EXPRESS.get(key, (None, []))
        told = {"by": by, "zones": zones, "days": quick, "express": express}
        script.add(at, "write_freight", key, shop=shop, name=name, **told)
    ends = script.ends
    for key, (days, categories) in PROMISES.items():
        script.add(ends - timedelta(days=days), "promise", key, categories=categories)
    script.add(ends - 4 * DAY, "withdraw_promise", WITHDRAWN)
    _promotions(script)
    campaigns.plan(script)
    _waiting(script)
    _paid_places(script)
    _reports(script)
    _wallets(script)


def _wallets(script: Script) -> None:
    """Something on a gift card; points come by themselves with settled orders."""
    at = script.ends - 9 * DAY
    script.add(at, "buy_card", "wallet", shopper="zhixia", fen=20_000)
    script.add(at + HOUR, "keep_card", "wallet", shopper="zhixia")


def _promotions(script: Script) -> None:
    """Made when the trade of the months before is done, for whoever looks now."""
    begins, ends = script.ends - 8 * HOUR, script.ends + 20 * DAY
    off: dict[str, tuple[str, dict[str, Any]]] = {
        "tea-199": (
            "qingchuan-tea",
            {"names": {"zh-hans": "秋茶满减", "zh-hant": "秋茶滿額折抵", "en": "Autumn tea"}}
            | {"kind": "threshold", "from_minor": 19900, "off_minor": 2000},
        ),
        "tea-coupon": (
            "qingchuan-tea",
            {"names": {"zh-hans": "老茶客券", "zh-hant": "老茶客優惠券", "en": "For tea lovers"}}
            | {"kind": "coupon", "from_minor": 9900, "off_minor": 800, "pieces": 500},
        ),
        "tea-tin": (
            "qingchuan-tea",
            {"names": {"zh-hans": "满额送茶罐", "zh-hant": "滿額送茶罐", "en": "A tin with your tea"}}
            | {"kind": "gift", "from_minor": 29900, "gift_sku": "QC-TIN-2", "pieces": 40},
        ),
        "book-coupon": (
            "lanpu-books",
            {"names": {"zh-hans": "读书券", "zh-hant": "讀書券", "en": "Readers"}, "kind": "coupon"}
            | {"from_minor": 5000, "off_permille": 120, "most_minor": 3000, "pieces": 200, "each": 2},
        ),
    }
    for number, (key, (shop, terms)) in enumerate(off.items()):
        told = {"terms": terms | {"ends_at": ends}}
        script.add(begins + number * MINUTE, "promote", key, shop=shop, **told)
    for shopper in ("zhixia", "yifan"):
        script.add(
            begins + HOUR, "claim_coupon", f"{shopper}/tea-coupon", shopper=shopper, promotion="tea-coupon"
        )


def _waiting(script: Script) -> None:
    ends = script.ends
    for number, goods in enumerate(
        ("taohe-kiln/TH-CUP-90", "yunmian-weaving/YM-SC-180", "muzuo-lane/MZ-CHR-01", SOLD_OUT)
    ):
        script.add(ends - 6 * DAY + number * HOUR, "wish", goods, shopper="zhixia")
    script.add(ends - 3 * DAY, "wish", "qingchuan-tea/QC-LJ-YQ", shopper="yifan")
    for goods in (SOLD_OUT, CAME_BACK):
        script.add(ends - 5 * DAY, "count_stock", goods, pieces=0)
        script.add(ends - 4 * DAY, "wait_for", goods, shopper="zhixia")
    script.add(ends - 3 * DAY, "wait_for", SOLD_OUT, shopper="keqing")
    script.add(ends - 20 * HOUR, "count_stock", CAME_BACK, pieces=24)


def _paid_places(script: Script) -> None:
    """The small demonstration's shops have earned little yet."""
    ends = script.ends
    if script.small:
        script.add(ends - 12 * HOUR, "book_place", "qingchuan-tea/QC-LJ-YQ", days=2)
        return
    script.add(ends - 3 * DAY, "book_place", "qingchuan-tea/QC-LJ-YQ", days=10)
    for goods in ("caoyuan-pantry/CY-MI-25", "guangcheng-electric/GC-DSK-12", "xiangyi-wear/XY-DR-02"):
        script.add(ends - 2 * DAY, "book_place", goods, days=7)
    why = "图片里的字写着“今日最低价”，没有依据。改好再订。"
    script.add(ends - 30 * HOUR, "refuse_place", "xiangyi-wear/XY-DR-02", reason=why)


def _reports(script: Script) -> None:
    """One waits within its time, one beyond it, two are answered."""
    ends = script.ends
    told: tuple[tuple[str, float, str, str, str, str], ...] = (
        ("nightlight", 0.9, "guangcheng-electric/GC-NL-1", "unsafe", _CLAIM, "《强制性产品认证管理规定》"),
        ("charger", 12, REPORTED, "no_licence", _CLAIM, ""),
        ("tea", 9, "qingchuan-tea/QC-LJ-100", "false_claims", _ORIGIN, "《广告法》第二十八条"),
        ("soap", 24, "sushi-care/SS-SOAP-3", "false_claims", _SAYS, ""),
    )
    tellers = ("jiashu", "changan", "wangshu", "emma")
    for shopper, (key, days, goods, cause, words, law) in zip(tellers, told, strict=True):
        facts = {"goods": goods, "cause": cause, "words": words, "law": law, "shopper": shopper}
        script.add(ends - timedelta(days=days), "report", key, **facts)
    why = "核对了包装照片和批次记录：罐上印的是采摘年份，与页面一致。"
    script.add(ends - 6 * DAY, "answer_report", "tea", outcome="no_breach", reason=why)
    why = "页面所列证书编号查不到，包装上也没有标志。补齐前不得销售。"
    rule = {"outcome": "taken_down", "rule_id": "cn.disclosure.ccc"}
    script.add(ends - 10 * DAY, "answer_report", "charger", reason=why, **rule)
