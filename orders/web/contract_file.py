"""The contract as a file: what was agreed, by which rules, what was sent, and who got which data."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from catalog import set_offers
from catalog.web import confirm_field
from kernel.money import Money
from orders import contract_terms
from orders.carriers import registry
from orders.invoices import receipts
from orders.models import Order, OrderLine
from orders.scan_kinds import PICKUP
from orders.web import parcel_view, presenting, taken_words
from orders.web.presenting import View
from payments.gateways.registry import GATEWAYS
from rulebook import queries, wording

SCHEMA = "anxin.contract.1"


def told(order: Order, *, at: datetime) -> View:
    """Sums as decimals of the currency, instants with their zone, words in the reader's language."""
    merchant, taken = order.merchant, taken_words.of_order(order)
    return {
        "schema": SCHEMA,
        "order": order.number,
        "placed_at": order.placed_at.isoformat(),
        "currency": order.currency,
        "seller": {
            "name": merchant.legal_name,
            "shop": merchant.display_name,
            "sells_as": str(order.seller_kind),
            "licence": merchant.licence_number,
            "address": merchant.address_public,
            "contact": merchant.contact_public,
        },
        "buyer": {"name": order.recipient, "telephone": order.phone, "address": order.address},
        "lines": [
            _line(order, line, taken["causes_by_line"].get(line.pk, []), at=at) for line in order.lines.all()
        ],
        "taken_off": [_cause(each) for each in taken["causes"]],
        "goods": order.goods.decimal_text,
        "freight": order.freight.decimal_text,
        "delivery": {"way": order.delivery, "within_days": order.express_days, "point": order.point_told},
        "confirmed_first": {
            "within_hours": order.confirm_hours,
            "told": confirm_field.said(order.confirm_hours),
            "by": order.confirm_by.isoformat() if order.confirm_by else "",
            "at": order.confirmed_at.isoformat() if order.confirmed_at else "",
        },
        "total": order.total.decimal_text,
        "law": {
            "place": order.place,
            "pack": order.pack_version,
            "calendar": order.calendar_version,
            "destination": order.destination,
        },
        "parcels": [] if order.goes_nowhere else [_parcel(each) for each in parcel_view.parcels(order)],
        "shared_with": shared_with(order),
    }


def _line(order: Order, line: OrderLine, causes: list[View], *, at: datetime) -> View:
    thing = presenting.thing_of(line)
    in_set = line.set_revision
    return {
        "what": thing["title"],
        "choice": thing["choice"],
        "listing": str(line.listing_id),
        "variant": str(line.variant_id),
        "revision": {
            "id": str(line.revision_id),
            "number": line.revision.number,
            "published_at": line.revision.published_at.isoformat(),
        },
        "set": (
            {"name": set_offers.title(in_set, wording.locale()), "version": in_set.number} if in_set else None
        ),
        "gift": thing.get("gift") or None,
        "quantity": line.quantity,
        "each": line.unit.decimal_text,
        "taken_off": [_cause(each) for each in causes],
        "paid": line.goods_paid.decimal_text,
        "freight": Money(line.freight_minor, order.currency).decimal_text,
        "tax": line.tax,
        "promises": presenting.promises_said(line.terms),
        "confirmed_wording": _(line.confirmed_wording) if line.confirmed_wording else "",
        "rights": _rights(order, line, at=at),
    }


def _rights(order: Order, line: OrderLine, *, at: datetime) -> list[View]:
    """Each right with the rule that gives it, as it stood on the day of the order."""
    rows = []
    for right in contract_terms.rights_of(order, line):
        row = presenting.right_row(right, at=at)
        cited = queries.citation(right.rule_id, wording.locale(), at=order.placed_at)
        rows.append(
            {
                "name": row["name"],
                "by": row["kind"],
                "rule": right.rule_id,
                "source": row["source"]["name"],
                "address": cited.url,
                "state": row["state"],
                "until": row["until"],
                "cost": row["cost"],
                "why_not": row["why"],
            }
        )
    return rows


def _cause(cause: View) -> View:
    return {"by": cause["name"], "amount": cause["off"].decimal_text}


def _parcel(view: View) -> View:
    parcel = view["parcel"]
    return {
        "carrier": parcel.carrier,
        "number": parcel.tracking_number,
        "handed_over_at": parcel.handed_over_at.isoformat(),
        "delivered_at": parcel.delivered_at.isoformat() if parcel.delivered_at else "",
        "holds": [{"line": each["line"].position, "quantity": each["quantity"]} for each in view["things"]],
    }


def shared_with(order: Order) -> list[View]:
    """Who got which of the buyer's data for this order: the shop, who took the money, who carried it."""
    merchant = order.merchant
    rows = [
        {
            "who": f"{merchant.legal_name} ({merchant.place})",
            "what": _("Order, name, telephone")
            if order.goes_nowhere
            else _("Order, name, telephone, address"),
            "what_for": _("Packing, sending and returns"),
            "how_long": _("Masked once it is delivered and the time to return is over"),
        }
    ]
    if order.paid_at is not None:
        for means in receipts.of_order(order).means:
            gateway = GATEWAYS.get(means.provider)
            rows.append(
                {
                    "who": _(gateway.title) if gateway else means.provider,
                    "what": _("Payment number, amount"),
                    "what_for": _("Taking and refunding the money"),
                    "how_long": _("As payment law demands"),
                }
            )
    for carrier in sorted({parcel.carrier for parcel in order.outward_parcels} - {PICKUP}):
        rows.append(
            {
                "who": _(registry.title_of(carrier)),
                "what": _("Name, telephone, address"),
                "what_for": _("Bringing the parcel"),
                "how_long": _("By the carrier's own rules"),
            }
        )
    return rows
