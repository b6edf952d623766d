"""What staff see of a shop's half-yearly check: the last one, until when the next, what registers said."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from merchants import access, checking
from merchants import recheck_deadlines as clocks
from merchants.models import Merchant
from merchants.web.staff_documents import CHECK


def part(merchant: Merchant, request: HttpRequest) -> dict[str, Any]:
    if not merchant.sells:
        return {}
    running = clocks.running(merchant).get(clocks.RECHECK)
    return {
        "recheck": {
            "checked_at": merchant.verified_at,
            "due_at": running.due_at if running else None,
            "answers": checking.latest(merchant.pk),
            "confirmations": access.confirmations_of(merchant),
            "may": request.user.has_perm(CHECK),
        }
    }
