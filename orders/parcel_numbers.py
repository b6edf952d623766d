"""Tracking numbers as people type and paste them."""

from __future__ import annotations

import re

from kernel.errors import N_, Invalid
from orders.carriers import registry
from orders.limits import TRACKING_LENGTH

_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{5,}", re.ASCII)


class TrackingNumberInvalid(Invalid):
    code = "tracking_number_invalid"
    message = N_("Enter the tracking number as it stands on the label: 6 to 40 letters and digits.")


class CarrierUnknown(Invalid):
    code = "carrier_unknown"
    message = N_("Choose a carrier from the list.")


def clean(carrier: str, typed: str) -> str:
    """:raises TrackingNumberInvalid, CarrierUnknown: with the field to change"""
    if carrier not in registry.CARRIERS:
        raise CarrierUnknown(field="carrier")
    number = "".join(typed.split()).upper()
    if len(number) > TRACKING_LENGTH or not _NUMBER.fullmatch(number):
        raise TrackingNumberInvalid(field="tracking_number")
    return number
