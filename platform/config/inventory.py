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
from payments import personal_data as payments_data
from privacy import personal_data as privacy_data
from privacy.inventory import Room

# Lowest floor first. Privacy speaks for the rooms beneath it, accounts for allauth's and Django's tables.
ROOMS: tuple[Room, ...] = (
    Room("privacy", privacy_data.FIELDS, privacy_data.NOT_PERSONAL),
    Room("notifications", notifications_data.FIELDS, notifications_data.NOT_PERSONAL),
    Room("accounts", accounts_data.FIELDS, accounts_data.NOT_PERSONAL, accounts_data.FINDERS),
    Room("merchants", merchants_data.FIELDS, merchants_data.NOT_PERSONAL),
    Room("catalog", catalog_data.FIELDS, catalog_data.NOT_PERSONAL),
    Room("payments", payments_data.FIELDS, payments_data.NOT_PERSONAL),
    Room("orders", orders_data.FIELDS, orders_data.NOT_PERSONAL),
    Room("complaints", complaints_data.FIELDS, complaints_data.NOT_PERSONAL),
    Room("credit", credit_data.FIELDS, credit_data.NOT_PERSONAL),
    Room("demo", demo_data.FIELDS, demo_data.NOT_PERSONAL),
)
