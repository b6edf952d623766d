"""Around the shops' papers: people who apply and how far they are, certificates, penalties."""

from __future__ import annotations

from typing import Any

from demo.content import Shop
from demo.planning.parcels import DAY, HOUR
from demo.script import Script
from merchants import numbers

# Half filled, waiting for the desk, refused and appealed: slug, name, legal name, number, who applies.
APPLICANTS = (
    ("heye-paper", "荷叶纸坊", "苏州荷叶纸品有限公司（演示）", "91000000DEM000137", "yunqi"),
    ("songyan-ink", "松烟墨庄", "黄山松烟文房有限公司（演示）", "91000000DEM000145", "ruoshui"),
    ("qingchuan-teas", "清川茶行", "杭州清川茶叶店（演示）", "91000000DEM000153", "qinghui"),
)
CERTIFIED = "guangcheng-electric/GC-BLB-9"
PUNISHED = "lingdang-digital"


def plan(script: Script) -> None:
    ends = script.ends
    half, waiting, refused = (_shop(*each) for each in APPLICANTS)
    script.add(ends - 3 * DAY, "begin_application", half.slug, shop=half, person=APPLICANTS[0][4])
    script.add(ends - 7 * HOUR, "hand_in_application", waiting.slug, shop=waiting, person=APPLICANTS[1][4])
    script.add(ends - 6 * DAY, "hand_in_application", refused.slug, shop=refused, person=APPLICANTS[2][4])
    why = "店名和已入驻的“清川茶行”一样，买家会认错；申请人没有授权。"
    script.add(ends - 5 * DAY, "refuse_application", refused.slug, reason=why)
    text = "我们 2019 年就在用这个名字，附上当年的招牌照片，请再看一次。"
    script.add(ends - 1 * DAY, "appeal_refusal", refused.slug, text=text)
    script.add(ends - 9 * DAY, "hand_in_certificate", CERTIFIED)
    script.add(ends - 8 * DAY, "verify_certificate", CERTIFIED)
    facts = "五天里有三次以“已拆封”为由拒绝七天无理由退货。"
    script.add(ends - 12 * DAY, "punish", f"{PUNISHED}/1", shop=PUNISHED, facts=facts, points=3)
    facts = "两件商品标了没有依据的划线价。"
    script.add(ends - 18 * HOUR, "punish", f"{PUNISHED}/2", shop=PUNISHED, facts=facts, points=2)


def _shop(slug: str, name: str, legal_name: str, first: str, person: str) -> Shop:
    facts: dict[str, Any] = {
        "slug": slug,
        "names": {"zh-hans": name},
        "legal_name": legal_name,
        "licence_number": first + numbers.credit_code_check(first),
        "place": "CN",
        "region": "浙江 杭州",
        "address_public": "示例路 16 号（演示）",
        "contact_public": f"0571-0000-0188 · kefu@{slug}.example",
        "owner_name": "演示申请人",
        "behaviour": {},
        "intended_grade": "N",
    }
    return Shop(slug, facts, ())
