"""Wrong codes at a shop's counter are counted, for its pages and programs together: nobody may guess."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.core import ratelimit
from django.http import HttpRequest

from kernel.errors import N_, DomainError
from merchants.models import Membership
from orders.pickup import codes

RATE = "wrong_point_code"


class TooManyWrongCodes(DomainError):
    code = "too_many_wrong_codes"
    status = 429
    message = N_(
        "Too many wrong codes were entered in your shop. Try again later. Meanwhile the buyer can confirm on"
        " their own page that they have it."
    )


@contextmanager
def counted(request: HttpRequest, membership: Membership) -> Iterator[None]:
    """A code is looked up within: a wrong one counts against its shop.

    :raises TooManyWrongCodes: before it is looked up, beyond policy `rates.wrong_point_code`
    """
    shop = str(membership.merchant_id)
    if not ratelimit.consume(request, action=RATE, key=shop, dry_run=True):
        raise TooManyWrongCodes()
    try:
        yield
    except codes.CodeUnknown:
        ratelimit.consume(request, action=RATE, key=shop)
        raise
