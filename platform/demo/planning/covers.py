"""Covers of the shopper of the sign-ins: one that paid for a lost parcel, one that waits, one given back."""

from __future__ import annotations

from datetime import timedelta

from demo.planning import parcels
from demo.planning.faults import LAMPS
from demo.planning.opening import SMALL_GOODS, free
from demo.planning.parcels import DAY, HOUR
from demo.script import Script

SHOPPER = "zhixia"


def plan(script: Script) -> None:
    lamp = free(script.content.shops[LAMPS])[:SMALL_GOODS][0]
    basket = [(lamp, 1)]
    lost_at = script.ends - 6 * DAY
    (lost,) = parcels.purchase(
        script, shopper=SHOPPER, basket=basket, at=lost_at - 4 * DAY, covers=["transit", "authenticity"]
    )
    script.add(lost_at - 3 * DAY, "ship", lost.key)
    script.add(lost_at, "scan", lost.key, kind="lost")
    script.add(
        lost_at + 5 * HOUR,
        "claim_cover",
        lost.key,
        kind="transit",
        cause="lost",
        story="快递说包裹在分拣中心丢了。",
    )
    script.add(lost_at + 9 * HOUR, "insurer_answers", lost.key)
    (gone,) = parcels.purchase(
        script, shopper=SHOPPER, basket=basket, at=script.ends - 3 * DAY, covers=["return-freight"]
    )
    script.add(gone.paid_at + timedelta(hours=1), "cancel", gone.key, by="buyer")
    parcels.purchase(script, shopper=SHOPPER, basket=basket, at=script.ends - 5 * HOUR, covers=["transit"])
