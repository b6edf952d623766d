"""Which rooms say what they hold about people: the readable table of the privacy inventory."""

from __future__ import annotations

from accounts import personal_data as accounts_data
from catalog import personal_data as catalog_data
from complaints import personal_data as complaints_data
from credit import personal_data as credit_data
from demo import personal_data as demo_data
from merchants import personal_data as merchants_data
from notifications import personal_data as notifications_data
from orders import personal_data as orders_data
from oversight import personal_data as oversight_data
from payments import personal_data as payments_data
from privacy import personal_data as privacy_data
from privacy.inventory import Room

# Lowest floor first. Privacy speaks for the rooms beneath it, accounts for allauth's and Django's tables.
ROOMS: tuple[Room, ...] = tuple(
    Room(
        name,
        lists.FIELDS,
        lists.NOT_PERSONAL,
        getattr(lists, "FINDERS", {}),
        getattr(lists, "WORDS", {}),
    )
    for name, lists in (
        ("privacy", privacy_data),
        ("notifications", notifications_data),
        ("accounts", accounts_data),
        ("merchants", merchants_data),
        ("catalog", catalog_data),
        ("payments", payments_data),
        ("orders", orders_data),
        ("complaints", complaints_data),
        ("credit", credit_data),
        ("oversight", oversight_data),
        ("demo", demo_data),
    )
)
