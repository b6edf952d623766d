"""The tea shop's own brand with codes on its tins, a dealer's that waits for the desk; what banks say."""

from __future__ import annotations

from datetime import timedelta

from demo.planning import parcels
from demo.planning.parcels import DAY, HOUR
from demo.script import Script

TEA = "qingchuan-tea/QC-JQ-50"
# Printed under the lid; the demonstration may tell them because nobody buys real tea with it.
CODES = ("QCJQ-7F3K-29XD", "QCJQ-M8WP-5TRA", "QCJQ-C4HN-83VE", "QCJQ-Z6QL-71GB", "QCJQ-D9JS-46YU")
DEALER = "lingdang-digital"


def plan(script: Script) -> None:
    ends = script.ends
    own = {"names": ("清川", "QINGCHUAN"), "owner": "杭州清川茶业有限公司（演示）", "number": "30112233"}
    at = script.add(
        ends - 20 * DAY, "claim_brand", "tea", shop="qingchuan-tea", mark=own | {"classes": (21, 30)}, hands=0
    )
    script.add(at + 2 * DAY, "check_brand", "tea")
    script.add(at + 3 * DAY, "take_in_codes", TEA, codes=CODES)
    dealt = {"names": ("声谷", "SHENGGU"), "owner": "东莞声谷电声有限公司（演示）", "number": "40223344"}
    script.add(
        ends - 26 * HOUR,
        "claim_brand",
        "sound",
        shop=DEALER,
        mark=dealt | {"classes": (9,)},
        hands=1,
        categories=("electronics",),
    )
    goods = next(each for each in script.content.shops["qingchuan-tea"].goods if each.key == TEA)
    parcels.purchase(script, shopper="zhixia", basket=[(goods, 1)], at=ends - 7 * HOUR, pays="pay")
    script.add(ends - 5 * HOUR, "hand_out_code", TEA, code=CODES[0])
    books = script.content.shops["lanpu-books"].on_sale[0]
    leg = parcels.arrive(script, shopper="letian", goods=books, delivered_at=ends - 4 * DAY)
    script.add(ends - 20 * HOUR, "dispute", leg.key)
    before = script.begins - timedelta(days=1)
    script.add(ends - 30 * HOUR, "odd_statement", "ch_demonstration", day=before, fen=10_100)
