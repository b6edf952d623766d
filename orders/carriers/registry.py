"""The carriers whose parcels we follow, by the name that a parcel keeps."""

from __future__ import annotations

from kernel.errors import NotFound
from orders.carriers.protocol import Carrier
from orders.carriers.sandbox import SandboxCarrier

CARRIERS: dict[str, Carrier] = {each.name: each for each in (SandboxCarrier(),)}


def title_of(name: str) -> str:
    """What people call it, not translated yet; a carrier of old parcels goes by its bare name."""
    return CARRIERS[name].title if name in CARRIERS else name


def carrier(name: str) -> Carrier:
    """:raises NotFound: for a carrier that we don't work with"""
    if name not in CARRIERS:
        raise NotFound()
    return CARRIERS[name]
