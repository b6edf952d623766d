"""What the home page shows of the whole house: true figures, shelves, trusted goods, rulings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.cache import cache
from django.db.models import Avg, Count, F, Q, Sum
from django.utils.translation import gettext, ngettext

from catalog.models import Category, Listing
from catalog.queries import IN_STOCK
from catalog.schema import in_language
from catalog.web.presenting import cards
from complaints.grounds import GROUNDS
from complaints.grounds import Category as Trouble
from complaints.models import Complaint, Decision, Outcome
from kernel.errors import N_
from kernel.money import Money
from orders.models import Order
from payments.models import Posting
from rulebook import shelf
from rulebook.queries import citation
from web.formats import money_text

MONTH, YEAR = timedelta(days=30), timedelta(days=365)
BEST = "A"
SHOWN, LOOKED_AT = 5, 60
KEPT_SECONDS = 60
FIGURES, EDITION = "desk.front", "desk.front.edition"

OUTCOMES = {
    Outcome.UPHELD: N_("Refund of %(amount)s"),
    Outcome.PARTLY: N_("Refund of %(amount)s, part of the claim"),
    Outcome.REFUSED: N_("The buyer's claim was refused"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """Raw counts, the same for every reader."""

    at: datetime
    escrow_minor: int
    closed: int
    hours: int
    ruled: int
    full: int
    goods: int
    sellers: int


def edition(at: datetime) -> Hashable:
    """Another value each minute, with a change of the law and after `turn`; asks the database nothing."""
    return cache.get(EDITION, ""), int(at.timestamp()) // KEPT_SECONDS, shelf.edition(at)


def turn() -> None:
    """Something that the home page shows has changed: it is made anew at the next visit."""
    cache.delete(FIGURES)
    cache.set(EDITION, uuid4().hex, KEPT_SECONDS * 2)


def counted(at: datetime) -> Counted:
    """Counts of the last 30 days, kept for a minute."""
    held: dict[str, Any] | None = cache.get(FIGURES)
    if held is None:
        fresh = asdict(_count(at))
        held = {**fresh, "at": fresh["at"].isoformat()}
        cache.set(FIGURES, held, KEPT_SECONDS)
    return Counted(**{**held, "at": datetime.fromisoformat(held["at"])})


def _count(at: datetime) -> Counted:
    since = at - MONTH
    held = Posting.objects.filter(account__startswith="escrow:", currency="CNY").aggregate(
        n=Sum("amount_minor")
    )
    cases = Complaint.objects.filter(closed_at__gte=since).aggregate(
        closed=Count("id"), took=Avg(F("closed_at") - F("opened_at"))
    )
    rulings = Decision.objects.filter(at__gte=since).aggregate(
        ruled=Count("id"), full=Count("id", filter=Q(amount_minor__gte=F("complaint__claimed_minor")))
    )
    offers = Listing.objects.live().aggregate(goods=Count("id"), sellers=Count("merchant_id", distinct=True))
    took = cases["took"] or timedelta()
    return Counted(
        at=at,
        escrow_minor=int(held["n"] or 0),
        closed=cases["closed"],
        hours=round(took.total_seconds() / 3600),
        ruled=rulings["ruled"],
        full=rulings["full"],
        goods=offers["goods"],
        sellers=offers["sellers"],
    )


def figures(at: datetime) -> dict[str, Any]:
    """The rows of the slip; a figure that nothing was counted for is left out."""
    now = counted(at)
    rows = [
        _row(
            gettext("Money in escrow"),
            money_text(Money(now.escrow_minor)),
            note=gettext("money that sellers can't touch yet"),
        ),
        _row(
            gettext("Goods on offer"),
            f"{now.goods:,}",
            unit=gettext("pieces"),
            note=ngettext("from %(n)s seller", "from %(n)s sellers", now.sellers) % {"n": now.sellers},
        ),
    ]
    if now.closed:
        cases = ngettext("last 30 days, %(n)s case", "last 30 days, %(n)s cases", now.closed) % {
            "n": now.closed
        }
        rows.append(
            _row(
                gettext("From complaint to close, on average"),
                str(now.hours),
                unit=gettext("hours"),
                note=cases,
            )
        )
    if now.ruled:
        ruled = ngettext("last 30 days, %(n)s ruling", "last 30 days, %(n)s rulings", now.ruled) % {
            "n": now.ruled
        }
        rows.append(
            _row(gettext("Rulings with a full refund"), f"{now.full * 100 // now.ruled}%", note=ruled)
        )
    return {"at": now.at, "rows": rows}


def _row(label: str, value: str, *, unit: str = "", note: str = "") -> dict[str, str]:
    return {"label": label, "value": value, "unit": unit, "note": note}


def tiles(locale: str) -> list[dict[str, Any]]:
    """The eight categories with what is on sale in each."""
    on_sale = Counter(Listing.objects.live().values_list("category_id", flat=True))
    return [
        {
            "url": f"/c/{row.slug}/",
            "name": in_language(row.names, locale),
            "picture": row.schema.get("picture", ""),
            "mat": row.schema.get("mat", "sand"),
            "count": on_sale[row.slug],
        }
        for row in Category.objects.order_by("position", "slug")
    ]


def trusted(*, locale: str, at: datetime, place: str = "") -> list[dict[str, Any]]:
    """Cards of sellers with the best grade, turn by turn, each with its reason in numbers."""
    rows = Listing.objects.live().filter(IN_STOCK, merchant__grade=BEST).with_offer()
    by_shop: dict[Any, list[Listing]] = defaultdict(list)
    for listing in rows.defer("search", "draft").order_by("code", "id")[:LOOKED_AT]:
        if _returnable(listing):
            by_shop[listing.merchant_id].append(listing)
    picked: list[Listing] = []
    while by_shop and len(picked) < SHOWN:
        for shop in list(by_shop):
            picked.append(by_shop[shop].pop(0))
            if not by_shop[shop]:
                del by_shop[shop]
    picked = picked[:SHOWN]
    reasons = _reasons({listing.merchant_id for listing in picked}, at)
    shown = cards(picked, locale=locale, at=at, place=place)
    return [
        {**card, "why": reasons[listing.merchant_id]} for card, listing in zip(shown, picked, strict=True)
    ]


def looked_at(ids: list[UUID], *, locale: str, at: datetime, place: str = "") -> list[dict[str, Any]]:
    """Cards of what this browser remembers for somebody who agreed to it, the last first."""
    if not ids:
        return []
    rows = {row.pk: row for row in Listing.objects.live().filter(pk__in=ids).with_offer()}
    return cards([rows[each] for each in ids if each in rows][:SHOWN], locale=locale, at=at, place=place)


def _returnable(listing: Listing) -> bool:
    """What can't go back isn't shown as the goods to trust."""
    revision = listing.live_revision
    return revision is not None and not (revision.content.get("terms") or {}).get("excludes_return")


def _reasons(shops: set[Any], at: datetime) -> dict[Any, str]:
    """Orders and complaints of a year, per seller."""
    since = at - YEAR
    orders = dict(
        Order.objects.filter(merchant_id__in=shops, placed_at__gte=since)
        .values_list("merchant_id")
        .annotate(n=Count("id"))
    )
    cases = dict(
        Complaint.objects.filter(merchant_id__in=shops, opened_at__gte=since)
        .values_list("merchant_id")
        .annotate(n=Count("id"))
    )
    words = gettext("%(orders)s orders in 12 months; complaints: %(cases)s.")
    return {shop: words % {"orders": orders.get(shop, 0), "cases": cases.get(shop, 0)} for shop in shops}


def rulings(*, locale: str, at: datetime, limit: int = 3) -> list[dict[str, Any]]:
    """The latest decisions without a name: what it was about, what came out, by which rule."""
    rows = Decision.objects.select_related("complaint__revision__listing").order_by("-at")[:limit]
    return [_ruling(row, locale=locale, at=at) for row in rows]


def _ruling(row: Decision, *, locale: str, at: datetime) -> dict[str, Any]:
    rule = citation(row.rule_ids[0], locale, at=row.at)
    hours = round((row.at - row.complaint.opened_at).total_seconds() / 3600)
    return {
        "at": row.at,
        "took": ngettext("took %(n)s hour", "took %(n)s hours", hours) % {"n": hours},
        "title": GROUNDS[Trouble(row.complaint.category)].label,
        "outcome": gettext(OUTCOMES[Outcome(row.outcome)]) % {"amount": money_text(Money(row.amount_minor))},
        "detail": gettext("of %(amount)s asked for") % {"amount": money_text(row.complaint.claimed)},
        "kind": rule.stamp,
        "by": rule.law,
    }
