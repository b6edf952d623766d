"""Booking a paid place in a category, refusing it, and which of them may be shown on a list now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from catalog import brand_direct, campaign_prices, reductions
from catalog.models import Listing, Placement, PlacementDay
from catalog.placement_models import PaidWith
from catalog.search import Wish
from catalog.stock import available
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from kernel.money import Money
from merchants import parties
from merchants.lifecycle import MerchantState
from merchants.models import Merchant
from rulebook import policies
from web import tenancy

POLICY = "catalog.placement"
# How long a list may go on showing what was booked or refused meanwhile; what is down never shows.
_SECONDS = 60
# Pays from what the shop may dispose of; told by config, because money stands on the same floor.
Charge = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Till:
    """Both take merchant_id, reference, amount, actor and at; `charge` raises when there isn't enough."""

    charge: Charge
    give_back: Charge


_tills: dict[PaidWith, Till] = {}


class NotAdvertised(DomainError):
    code = "placement_not_possible"
    message = N_("Only goods on sale can have a paid place, of a shop that trades without limits.")


class CategoryBarred(DomainError):
    code = "placement_category_barred"
    message = N_(
        "Advertising for this kind of goods has to be approved by the authority first"
        " (Advertising Law of the PRC, art. 46). We don't take it."
    )


class DaysRefused(Invalid):
    code = "placement_days_refused"
    message = N_("Choose a first day from tomorrow on, within %(ahead)s days, and 1 to %(most)s days.")


class DayTaken(DomainError):
    code = "placement_day_taken"
    message = N_("These goods already have a paid place on one of these days. Choose other days.")


class CategoryFull(DomainError):
    code = "placement_category_full"
    message = N_("On one of these days all paid places of this category are taken. Choose other days.")


class RefusalUnexplained(Invalid):
    code = "placement_refusal_unexplained"
    message = N_("Write the reason: the shop reads it.")


def connect(*, money: Till, points: Till) -> None:
    """Who takes and gives back what a place is paid with."""
    _tills.update({PaidWith.MONEY: money, PaidWith.POINTS: points})


def price(at: datetime) -> Money:
    """What one day costs now."""
    return Money(policies.value(POLICY, at)["per_day_minor"])


@transaction.atomic
def book(
    *,
    merchant_id: UUID,
    listing_id: UUID,
    first_day: date,
    days: int,
    actor: Actor,
    at: datetime,
    paid_with: PaidWith = PaidWith.MONEY,
) -> Placement:
    """Book and pay a place for whole days, by the calendar of the platform's place.

    :raises NotFound: another shop's listing :raises NotAdvertised: :raises CategoryBarred:
    :raises DaysRefused: :raises DayTaken: :raises CategoryFull: and what the payment is refused with
    """
    policy = policies.value(POLICY, at)
    Merchant.objects.locked(merchant_id)
    listing = Listing.objects.select_related("merchant").get_or_not_found(
        pk=listing_id, merchant_id=merchant_id
    )
    _refuse_goods(listing, policy)
    _refuse_days(first_day, days, policy, at)
    wanted = [first_day + timedelta(days=number) for number in range(days)]
    _refuse_full(listing, wanted, policy)
    placement = Placement.objects.create(
        merchant_id=merchant_id,
        listing=listing,
        first_day=first_day,
        days=days,
        per_day_minor=policy["per_day_minor"],
        paid_with=paid_with,
        booked_at=at,
        booked_by=str(actor),
    )
    _keep(placement, wanted)
    charge = _tills[paid_with].charge
    charge(merchant_id=merchant_id, reference=placement.pk, amount=placement.amount, actor=actor, at=at)
    return placement


def _keep(placement: Placement, days: Sequence[date]) -> None:
    try:
        with transaction.atomic():
            PlacementDay.objects.bulk_create(
                PlacementDay(placement=placement, listing=placement.listing, day=day) for day in days
            )
    except IntegrityError:
        raise DayTaken from None


@transaction.atomic
def refuse(*, placement_id: UUID, reason: str, actor: Actor, at: datetime) -> Placement:
    """Staff take it off; what was paid for days after today goes back.

    :raises RefusalUnexplained: :raises NotFound: none, or refused already :raises PartyMayNotAct:
    """
    if not reason.strip():
        raise RefusalUnexplained
    rows = Placement.objects.select_for_update(of=("self",), no_key=True)
    held = rows.filter(pk=placement_id, state="booked").first()
    if held is None:
        raise NotFound
    parties.refuse_party(merchant_id=held.merchant_id, actor=actor)
    left, _by_kind = held.by_day.filter(day__gt=today(at)).delete()
    held.state, held.reason, held.returned_minor = "refused", reason.strip(), left * held.per_day_minor
    held.decided_at, held.decided_by = at, str(actor)
    held.save()
    if left:
        give_back = _tills[PaidWith(held.paid_with)].give_back
        give_back(merchant_id=held.merchant_id, reference=held.pk, amount=held.returned, actor=actor, at=at)
    cache.delete(_key(at))
    return held


@dataclass(frozen=True, slots=True)
class Paid:
    """An offer in a paid place."""

    listing: Listing
    placement_id: UUID


def shown_beside(wish: Wish, *, results: int, page: int, at: datetime) -> list[Paid]:
    """Paid places for one page of a category in its standard order: one in so many results at most.

    They meet every filter of the page, are on sale, and belong to shops that trade without limits. Who
    stands where changes every minute, by turns. Costs a statement only where something is booked.
    """
    if not wish.category or wish.sort or wish.text or wish.merchant_id:
        return []
    booked = _booked(at).get(wish.category, [])
    room = results // policies.value(POLICY, at)["one_in"] if booked else 0
    if not room:
        return []
    still = PlacementDay.objects.filter(day=today(at), placement__state="booked").values("listing")
    rows = Listing.objects.live().filter(
        wish.facet_condition(at),
        pk__in=still,
        category_id=wish.category,
        merchant__state=MerchantState.TRADING,
        merchant__hidden=False,
    )
    rows = (
        rows.with_offer()
        .defer("search", "draft")
        .annotate(
            cut=reductions.of_outer_listing(at),
            campaigns=campaign_prices.of_outer_listing(at),
            direct=brand_direct.of_outer_listing(at),
        )
    )
    found = {str(row.pk): row for row in rows if available(row) > 0}
    there = [Paid(found[listing], UUID(placement)) for listing, placement in booked if listing in found]
    return _by_turns(there, room, start=int(at.timestamp()) // 60 + (page - 1) * room)


def _by_turns(there: list[Paid], room: int, *, start: int) -> list[Paid]:
    return [there[(start + number) % len(there)] for number in range(min(room, len(there)))]


def today(at: datetime) -> date:
    return timezone.localtime(at).date()


def _key(at: datetime) -> str:
    return f"placements:{today(at)}"


def _booked(at: datetime) -> dict[str, list[list[str]]]:
    """Category → [listing, placement] booked for today; asked of the database once a minute."""
    held: dict[str, list[list[str]]] | None = cache.get(_key(at))
    if held is None:
        held = {}
        rows = PlacementDay.objects.filter(day=today(at), placement__state="booked").order_by("id")
        for category, listing, placement in rows.values_list("listing__category", "listing", "placement"):
            held.setdefault(category, []).append([str(listing), str(placement)])
        cache.set(_key(at), held, _SECONDS)
    return held


def of_shop(merchant_id: UUID) -> Sequence[Placement]:
    """The newest bookings with their days."""
    rows = Placement.objects.filter(merchant_id=merchant_id).select_related("listing")
    return list(rows.defer("listing__search").prefetch_related("by_day").order_by("-booked_at", "-id")[:100])


def _refuse_goods(listing: Listing, policy: dict[str, object]) -> None:
    merchant = listing.merchant
    if not listing.is_live or merchant.state != MerchantState.TRADING or merchant.hidden:
        raise NotAdvertised
    if listing.category_id in policy["barred"]:  # type: ignore[operator]
        raise CategoryBarred


def _refuse_days(first_day: date, days: int, policy: dict[str, int], at: datetime) -> None:
    latest = today(at) + timedelta(days=policy["ahead_days"])
    if not today(at) < first_day <= latest or not 1 <= days <= policy["most_days"]:
        raise DaysRefused(ahead=policy["ahead_days"], most=policy["most_days"], field="first_day")


@tenancy.widened()
def _refuse_full(listing: Listing, wanted: list[date], policy: dict[str, int]) -> None:
    """Shops of the same category book one after the other, so the last place goes once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"placement:{listing.category_id}"])
    taken = PlacementDay.objects.filter(day__in=wanted, listing__category_id=listing.category_id)
    by_day: dict[date, int] = {}
    for day in taken.values_list("day", flat=True):
        by_day[day] = by_day.get(day, 0) + 1
    if any(number >= policy["places"] for number in by_day.values()):
        raise CategoryFull
