"""Why a part of an order gives back what it does: offers and freight that the rest no longer reaches."""

from __future__ import annotations

from django.utils.translation import gettext as _

from catalog.freight import terms_of
from kernel.money import Money
from orders import part_returns
from orders.arranged import CartGroup
from orders.models import DiscountKind, Order, Return
from orders.part_returns import FREIGHT_ROLE, OFFER_ROLE, Parts
from orders.promotions import gifts
from orders.web import presenting
from orders.web.presenting import View
from rulebook import queries, wording
from web.formats import money_text


def told(order: Order, found: Parts) -> View:
    """For the page before a return: offer, freight and gifts, each None where it changes nothing."""
    return {
        "offer": _offer(order, found),
        "withheld": _taken(order, found.withheld, FREIGHT_ROLE),
        "gifts_kept": _taken(order, found.gifts, gifts.ROLE),
    }


def kept(returning: Return) -> list[View]:
    """The same of a return that was asked for, as it was shown then: rows for its page, with their rules."""
    found, order, rows = returning.reckoning, returning.order, []
    if offer := found.get("offer"):
        told = {name: money_text(Money(offer[f"{name}_minor"])) for name in ("from", "worth", "counted")}
        said = _(
            "What was kept cost %(worth)s, less than %(from)s, and counts at %(counted)s without the offer."
        )
        rows.append({"says": said % told, "law": _law(OFFER_ROLE, order)})
    if freight := found.get("freight_minor"):
        rows.append({"says": _freight_said(freight), "law": _law(FREIGHT_ROLE, order)})
    if value := found.get("gifts_minor"):
        rows.append({"says": _gift_said(value), "law": _law(gifts.ROLE, order)})
    return rows


def _freight_said(minor: int) -> str:
    told = {"amount": money_text(Money(abs(minor)))}
    if minor < 0:
        return _("%(amount)s of freight that came off before is back in it.") % told
    return _("%(amount)s came off for freight that was free for the sum.") % told


def _gift_said(minor: int) -> str:
    told = {"amount": money_text(Money(abs(minor)))}
    if minor < 0:
        return _("%(amount)s that came off before for a gift is back in it.") % told
    return _("%(amount)s came off for a gift that was kept.") % told


def _offer(order: Order, found: Parts) -> View | None:
    share = found.offer
    if share is None or not share.lost:
        return None
    lines = {line.pk: line for line in order.lines.all()}
    kept = [(lines[pk], n) for pk, n in share.kept.items() if n]
    rows = [{**presenting.thing_of(line), "n": n, "alone": line.unit * n} for line, n in kept]
    return {
        "rows": rows,
        "from": Money(share.from_minor),
        "worth": Money(share.worth_minor),
        "counted": Money(share.counted_minor),
        "reckoned": share.reckoned,
        "nothing": not share.minor,
        "law": _law(OFFER_ROLE, order),
    }


def _taken(order: Order, amount: Money, role: str) -> View | None:
    """What comes off the refund by this rule; `back` where it was taken off before and comes now."""
    if not amount:
        return None
    return {"amount": Money(abs(amount.minor)), "back": amount < Money(0), "law": _law(role, order)}


def _law(role: str, order: Order) -> queries.Citation | None:
    rule_id = part_returns.rule_of(role, order)
    return queries.citation(rule_id, wording.locale(), at=order.placed_at) if rule_id else None


def before_buying(group: CartGroup, place: str) -> list[str]:
    """What to know before paying: that a part sent back is reckoned again, and by what."""
    said = [
        _(
            "If you send a part of it back and the rest is worth less than %(sum)s, the rest counts without"
            " this offer, at most at what just reaching %(sum)s would have cost."
        )
        % {"sum": money_text(Money(each.offer.from_minor))}
        for each in group.taken.offers
        if each.offer.kind == DiscountKind.THRESHOLD
    ]
    free = _free_from(group, place)
    if free:
        said.append(
            _("If the rest no longer reaches %(sum)s, the freight that sending it would have cost comes off.")
            % {"sum": money_text(Money(free))}
        )
    return said


def _free_from(group: CartGroup, place: str) -> int:
    """The sum from which this group goes free, where it does; 0 elsewhere."""
    found: list[int] = []
    if group.way.is_pickup:
        return 0
    for item in group.items:
        terms = terms_of(item.listing.content)
        zone = terms.zone(place) if terms and place else None
        if zone and zone.free_from_minor and not item.freight:
            found.append(zone.free_from_minor)
    return max(found, default=0)
