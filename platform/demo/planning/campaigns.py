"""Campaigns of the platform: a coupon, goods in a campaign that runs, and one that takes entries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from demo.script import Script

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Campaign: (hours after the shops' promotions, most that is put aside, who claims it, what is written).
WRITTEN: dict[str, tuple[float, int, str, dict[str, Any]]] = {
    "anxin-week": (
        2,
        20000,
        "zhixia",
        {
            "names": {"zh-hans": "安心秋日券", "zh-hant": "安心秋日券", "en": "Anxin autumn coupon"},
            "rules": {
                "zh-hans": "每人一张，可跨店使用，减的钱由安心承担；退货时按比例回到活动里。",
                "zh-hant": "每人一張，可跨店使用，減的錢由安心負擔；退貨時按比例回到活動裡。",
                "en": "One each, over several shops; Anxin pays it, and a return gives its part back.",
            },
            "from_minor": 29900,
            "off_minor": 2000,
        },
    ),
    "tea-days": (
        0.5,
        10000,
        "",
        {
            "kind": "goods",
            "names": {"zh-hans": "安心好物日", "zh-hant": "安心好物日", "en": "Good things with Anxin"},
            "rules": {
                "zh-hans": "商家报名的商品至少降一成，一半由安心承担。划线价只用真实成交价。",
                "zh-hant": "商家報名的商品至少降一成，一半由安心負擔。劃線價只用真實成交價。",
                "en": "Goods that shops entered, a tenth cheaper at least; Anxin pays half of it.",
            },
            "from_minor": 0,
            "off_minor": 0,
            "least_permille": 100,
            "shop_permille": 500,
            "apply_until": 3,
            "starts_at": 3,
        },
    ),
    "winter": (
        1,
        0,
        "",
        {
            "kind": "goods",
            "names": {"zh-hans": "冬日暖心", "zh-hant": "冬日暖心", "en": "Warm winter"},
            "rules": {
                "zh-hans": "降价由商家自己承担，至少降半成。报名五天内有效。",
                "zh-hant": "降價由商家自行負擔，至少降半成。報名五天內有效。",
                "en": "Shops pay it themselves, at least a twentieth off. Enter within five days.",
            },
            "from_minor": 0,
            "off_minor": 0,
            "least_permille": 50,
            "shop_permille": 1000,
            "apply_until": 120,
            "starts_at": 144,
        },
    ),
}
REFUSED = "这件商品的图片里有“全网最低”，没有依据。改好后可以再报。"
# Entry: (campaign, shop, goods, thousandths off, what becomes of it).
ENTRIES: dict[str, tuple[str, str, tuple[str, ...], int, str]] = {
    "tea": ("tea-days", "qingchuan-tea", ("qingchuan-tea/QC-LJ-YQ",), 200, "accepted"),
    "kiln": ("tea-days", "taohe-kiln", ("taohe-kiln/TH-CUP-90",), 200, "accepted"),
    "weaving": ("tea-days", "yunmian-weaving", ("yunmian-weaving/YM-SC-180",), 200, "refused"),
    "wood": ("tea-days", "muzuo-lane", ("muzuo-lane/MZ-CHR-01",), 200, "withdrawn"),
    "tea-winter": ("winter", "qingchuan-tea", ("qingchuan-tea/QC-LJ-YQ",), 150, "applied"),
}


def plan(script: Script) -> None:
    """After the trade of the months before is done, for whoever looks now."""
    begins = script.ends - 8 * HOUR
    for key, (hours, budget, shopper, written) in WRITTEN.items():
        last = script.ends + 20 * DAY
        script.add(
            begins + timedelta(hours=hours),
            "run_campaign",
            key,
            budget_minor=budget,
            shopper=shopper,
            written=written | {"ends_at": last},
        )
    for number, (key, (campaign, shop, goods, off, answer)) in enumerate(ENTRIES.items()):
        at = begins + 1.5 * HOUR + number * timedelta(minutes=5)
        told = {"goods": goods, "off_permille": off, "answer": answer, "reasons": REFUSED}
        script.add(at, "enter_campaign", key, campaign=campaign, shop=shop, **told)
