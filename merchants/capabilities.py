"""What a member of a merchant may do."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_


class Capability(StrEnum):
    OWNER = "owner"
    LISTINGS = "listings"
    ORDERS = "orders"
    FINANCE = "finance"
    READ = "read"


CAPABILITY_WORDS = {
    Capability.OWNER: N_("Owner: everything, members included"),
    Capability.LISTINGS: N_("Products, prices and stock"),
    Capability.ORDERS: N_("Orders, returns and complaints"),
    Capability.FINANCE: N_("Money and statements"),
    Capability.READ: N_("Read only"),
}
