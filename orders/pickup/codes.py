"""Codes that a buyer shows at a service point: eight figures, sealed for them, found by a keyed digest."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime, timedelta
from uuid import UUID

from kernel.errors import N_, DomainError, Invalid
from orders.models import CodeKind, Order, OrderLine, PointCode, Return
from privacy import blind_index
from rulebook import policies

PURPOSE = "orders.point_code"
FIGURES = 8
LIMITS = "pickup.limits"


class CodeUnknown(Invalid):
    code = "point_code_unknown"
    message = N_("No order or return of your shop waits for this code. Ask the buyer to show it again.")


class TooManyCodes(DomainError):
    code = "too_many_point_codes"
    message = N_("You asked for a new code %(most)s times within a day. The last one still holds.")


def digest(code: str) -> bytes:
    return bytes.fromhex(blind_index.of(PURPOSE, code))


def shown(code: str) -> str:
    """In two groups, as people read it out."""
    return f"{code[: FIGURES // 2]} {code[FIGURES // 2 :]}"


def normal(text: str) -> str:
    """However it was typed or scanned: width, spaces and dashes aside."""
    plain = unicodedata.normalize("NFKC", text[:60])
    return "".join(each for each in plain if each.isdigit() and each.isascii())


def make(
    order: Order,
    *,
    kind: CodeKind,
    at: datetime,
    returning: Return | None = None,
    line: OrderLine | None = None,
) -> PointCode:
    """A fresh code in the place of the one that held; of a locked order.

    :raises TooManyCodes: beyond policy `pickup.limits` within a day
    """
    most = int(policies.value(LIMITS, at)["codes_a_day"])
    before = PointCode.objects.filter(order=order, returning=returning, line=line, kind=kind)
    if before.filter(made_at__gt=at - timedelta(days=1)).count() >= most:
        raise TooManyCodes(most=most)
    before.live().update(ended_at=at)
    code = _fresh()
    return PointCode.objects.create(
        order=order,
        returning=returning,
        line=line,
        subject_id=order.subject_id,
        kind=kind,
        code=code,
        digest=digest(code),
        made_at=at,
    )


def _fresh() -> str:
    """One that opens nothing else now; the index refuses the rest."""
    while True:
        code = "".join(secrets.choice("0123456789") for _ in range(FIGURES))
        if not PointCode.objects.live().filter(digest=digest(code)).exists():
            return code


def of_order(order: Order) -> PointCode | None:
    """The live code with which it is picked up."""
    return PointCode.objects.live().filter(order=order, kind=CodeKind.PICKUP).first()


def of_return(returning: Return) -> PointCode | None:
    """The live code with which it is taken in."""
    return PointCode.objects.live().filter(returning=returning).first()


def find(*, merchant_id: UUID, text: str) -> PointCode:
    """:raises CodeUnknown: also for another shop's, or one that was shown before"""
    code = normal(text)
    rows = PointCode.objects.live().of_merchant(merchant_id).select_related("order", "returning", "line")
    found = rows.filter(digest=digest(code)).first() if len(code) == FIGURES else None
    if found is None:
        raise CodeUnknown(field="code")
    return found


def end(order: Order, *, at: datetime, returning: Return | None = None) -> None:
    """Nothing waits for it any more."""
    PointCode.objects.live().filter(order=order, returning=returning).update(ended_at=at)
