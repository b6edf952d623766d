"""How goods go back: the three ways with who pays for them, as a return's or a claim's page shows them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import segno
from django.urls import reverse
from django.utils.translation import gettext as _

from orders.labels import access, issuing
from orders.labels.issuing import Back
from orders.models import Order, Return, ReturnLabel
from orders.web.label_forms import CollectionForm, span
from orders.web.pickup_view import QR
from orders.web.presenting import View
from web.formats import money_text


def urls(back: Back) -> dict[str, str]:
    kind = "return" if isinstance(back, Return) else "claim"
    return {
        "label": reverse(f"orders:{kind}-label", args=[back.number]),
        "sheet": reverse(f"orders:{kind}-label-sheet", args=[back.number]),
        "collection": reverse(f"orders:{kind}-collection", args=[back.number]),
        "cancel": reverse(f"orders:{kind}-collection-end", args=[back.number]),
        "parcel": reverse(f"orders:{kind}-parcel", args=[back.number]),
    }


def visits(back: Back) -> list[UUID]:
    """Whose clocks the page tells: the visit that is booked."""
    label = access.label_of(back) if issuing.waits(back) else None
    visit = access.visit_of(label) if label else None
    return [visit.pk] if visit else []


def picture(label: ReturnLabel) -> str:
    """Its number as a QR code, for the carrier's counter."""
    return str(segno.make(label.tracking_number, error="m").svg_inline(**QR))


def of_seat(back: Back, seat: str, *, at: datetime, form: CollectionForm | None = None) -> View:
    """The three ways to the buyer; to the shop what they cost it."""
    if seat == "buyer":
        return {"way_back": of_buyer(back, at=at, form=form), "carriage": None}
    return {"way_back": None, "carriage": of_shop(back)}


def of_buyer(back: Back, *, at: datetime, form: CollectionForm | None = None) -> View | None:
    """None unless it waits to be sent."""
    if not issuing.waits(back):
        return None
    free = back.postage_payer == "trader"
    price = issuing.tariff(back.order, at=at)
    found: View = {"free": free, "price": price, "urls": urls(back), "label": None, "form": None}
    if not free:
        return found
    label = access.label_of(back)
    visit = access.visit_of(label) if label else None
    times = access.times_for(back, at=at)
    return {
        **found,
        "label": label,
        "picture": picture(label) if label else "",
        "visit": {"it": visit, "words": span(visit.starts_at, visit.ends_at)} if visit else None,
        "missed": access.missed(label) if label else 0,
        "form": (form or a_form(back, at=at)) if times else None,
    }


def a_form(back: Back, *, at: datetime, data: object = None) -> CollectionForm:
    """Filled in with where the order went; nothing of it for what went nowhere."""
    order = back.order
    told = {"name": order.recipient, "phone": order.phone, "address": order.address}
    return CollectionForm(data, times=access.times_for(back, at=at), initial=told)


def of_shop(back: Back) -> View | None:
    """What the label of a return costs its shop; None where none was made."""
    label = access.last_label_of(back)
    if label is None:
        return None
    words = _("The buyer has a free label. You are charged when the carrier has seen it.")
    if label.used_at is not None:
        words = _("The free label was used.")
    elif label.ended_at is not None:
        words = _("The free label wasn't used: you pay nothing for it.")
    return {"label": label, "words": words, "charged": label.charged_minor > 0}


def payer_words(order: Order, payer: str, *, at: datetime) -> str:
    """Who bears the way back, with the sum, before anything is confirmed."""
    price = issuing.tariff(order, at=at)
    sums = {"price": money_text(price.dropped), "fetched": money_text(price.collected or price.dropped)}
    if payer != "trader":
        said = _("You pay the return postage to a carrier of your choice; as a guide: %(price)s.")
    elif price.collected is None:
        said = _(
            "The shop pays the return postage (%(price)s): you get a free label. You pay nothing, not even in"
            " advance."
        )
    else:
        said = _(
            "The shop pays the return postage: you get a free label (%(price)s to the shop), or the carrier"
            " fetches it at your door (%(fetched)s to the shop). You pay nothing, not even in advance."
        )
    return said % sums
