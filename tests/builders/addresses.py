"""Entries of an address book for tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kernel.actor import Actor
from orders import address_book
from orders.address_book import Written
from orders.models import Address
from orders.recipients import Recipient


def written(**changes: Any) -> Written:
    told = {"name": "林未", "phone": "13800138000", "address": "上海市徐汇区漕溪北路 88 号", **changes}
    destination, label = told.pop("destination", "CN-SH"), told.pop("label", "家")
    return Written(Recipient(**told), destination, label)


def an_address(actor: Actor, *, at: datetime, first_choice: bool = False, **changes: Any) -> Address:
    return address_book.keep(written=written(**changes), actor=actor, at=at, first_choice=first_choice)
