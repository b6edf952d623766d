"""A signed link by which a guest finds the order again without an account."""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.urls import reverse

from kernel.errors import NotFound
from orders.models import Order

_SALT = "orders.guest-link"


def token(order: Order) -> str:
    return signing.dumps(order.pk.hex, salt=_SALT)


def link(order: Order) -> str:
    return reverse("orders:guest", args=[token(order)])


def order_id(signed: str) -> UUID:
    """:raises NotFound: for a link that wasn't made here"""
    try:
        return UUID(signing.loads(signed, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError) as refusal:
        raise NotFound() from refusal
