"""What a shop's standing and grade do to its listings now, with the reasons: above its own pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from catalog import access as listings
from merchants import access, limits
from merchants.lifecycle import STATE_WORDS, MerchantState
from merchants.models import Merchant

Part = dict[str, Any]


def effects(merchant: Merchant, *, at: datetime) -> Part | None:
    """None where nothing holds it back; such a shop costs no statement."""
    most, stopped = limits.most_live(merchant, at=at), not merchant.may_publish
    if most is None and not stopped and not merchant.hidden:
        return None
    live = listings.live_of(merchant) if most else 0
    return {
        "merchant": merchant,
        "stopped": stopped,
        "state_said": _(STATE_WORDS[MerchantState(merchant.state)]),
        "decision": access.standing_decision(merchant) if stopped else None,
        "most": most,
        "live": live,
        "full": most is not None and live >= most,
        "by_penalty": merchant.few_listings,
        "by_person": merchant.is_private_person,
        "hidden": merchant.hidden,
        "now": at,
    }
