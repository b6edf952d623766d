"""A buyer claims a coupon, uses it on a purchase, and has it back when the purchase comes to nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts import linking
from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from orders.models import Coupon, DiscountKind, LineDiscount, Order, Promotion, PromotionKind, Purchase
from orders.promotions import gathering
from orders.states import ENDED_STATES, OrderState
from rulebook import policies

RETURNED = "promotion.coupon_back"


class CouponsGone(DomainError):
    code = "coupons_gone"
    message = N_("All coupons of this kind are taken.")


class CouponClaimed(DomainError):
    code = "coupon_claimed"
    message = N_("You have this coupon already. It waits for you at the checkout.")


class CouponNotThere(DomainError):
    code = "coupon_not_there"
    message = N_("This coupon can't be claimed now. It hasn't begun yet, or it is over.")


class CouponUsed(DomainError):
    """Another checkout was faster, or it ended meanwhile."""

    code = "coupon_used"
    message = N_("This coupon can't be used any more. Choose another one, or none. Nothing has been charged.")


@transaction.atomic
def claim(*, promotion_id: UUID, subject_id: UUID, actor: Actor, at: datetime) -> Coupon:
    """Take one coupon; whoever comes last meets a plain refusal, never a coupon that isn't there.

    :raises NotFound: no such coupon :raises CouponNotThere, CouponsGone, CouponClaimed:
    """
    person_id = linking.hold(subject_id)
    promotion = Promotion.objects.locked(promotion_id)
    if promotion.kind != PromotionKind.COUPON:
        raise NotFound()
    if not Promotion.objects.on(at).filter(pk=promotion_id).exists():
        raise CouponNotThere()
    mine = set(promotion.coupons.counting(person_id).values_list("number", flat=True))
    free = [number for number in range(1, promotion.each + 1) if number not in mine]
    if not free:
        raise CouponClaimed()
    serial = promotion.coupons.count() + 1
    if promotion.pieces is not None and serial > promotion.pieces:
        raise CouponsGone()
    return Coupon.objects.create(
        promotion=promotion,
        subject_id=subject_id,
        serial=serial,
        number=free[0],
        claimed_at=at,
        valid_until=promotion.ends_at,
    )


def use(*, coupon_ids: Iterable[UUID], subject_id: UUID, purchase: Purchase, at: datetime) -> list[Coupon]:
    """Bind the coupons to `purchase`, inside its transaction.

    :raises CouponUsed: when one was used, ended or never was this person's; nothing is bound
    """
    wanted = sorted(set(coupon_ids))
    if not wanted:
        return []
    rows = list(
        Coupon.objects.of_person(subject_id)
        .usable(at)
        .filter(pk__in=wanted)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if len(rows) < len(wanted):
        raise CouponUsed()
    Coupon.objects.filter(pk__in=wanted).update(used_at=at, purchase=purchase)
    return rows


@transaction.atomic
def give_back(*, order_id: UUID, at: datetime) -> list[Coupon]:
    """Return in kind the coupons of the purchase once none of its orders that they lowered stands any more.

    One whose time is nearly over stays usable for some days more (policy `promotion.coupon_back`).
    """
    order = Order.objects.get_or_not_found(pk=order_id)
    coupons = list(Coupon.objects.filter(purchase_id=order.purchase_id).select_for_update().order_by("pk"))
    lasting = timedelta(days=policies.number(RETURNED, at))
    back = [coupon for coupon in coupons if not _lowers_something(coupon)]
    for coupon in back:
        coupon.used_at, coupon.purchase = None, None
        coupon.valid_until = max(coupon.valid_until, at + lasting)
        coupon.save(update_fields=["used_at", "purchase", "valid_until"])
    if back:
        gathering.gather(subject_id=order.subject_id, at=at)
    return back


@transaction.atomic
def use_again(*, order_id: UUID, at: datetime) -> None:
    """The order that had expired is paid after all, inside the same transaction: its coupons are used.

    Their time may be over: it was bought in time. :raises CouponUsed: when another purchase has one by now
    """
    order = Order.objects.get_or_not_found(pk=order_id)
    named = {row.reference for row in LineDiscount.objects.of_kind(DiscountKind.COUPON).of_order(order_id)}
    rows = list(Coupon.objects.filter(pk__in=named).select_for_update(of=("self",)).order_by("pk"))
    if any(row.purchase_id not in (None, order.purchase_id) for row in rows):
        raise CouponUsed()
    if any(row.voided_at for row in rows):
        raise CouponUsed()
    unused = [row.pk for row in rows if row.purchase_id is None]
    Coupon.objects.filter(pk__in=unused).update(used_at=at, purchase_id=order.purchase_id)


def _lowers_something(coupon: Coupon) -> bool:
    """Whether an order that it lowered still stands, or is settled with something kept."""
    gone = [state for state in ENDED_STATES if state != OrderState.SETTLED]
    lowered = Order.objects.filter(lines__discounts__reference=coupon.pk)
    return lowered.exclude(state__in=[str(state) for state in gone]).exists()
