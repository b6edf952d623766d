"""The providers we know, by name."""

from __future__ import annotations

from kernel.errors import NotFound
from payments.gateways.protocol import Gateway
from payments.gateways.sandbox import SandboxGateway

GATEWAYS: dict[str, Gateway] = {gateway.name: gateway for gateway in (SandboxGateway(),)}


def gateway(name: str) -> Gateway:
    """:raises NotFound:"""
    try:
        return GATEWAYS[name]
    except KeyError:
        raise NotFound() from None


def offered() -> list[Gateway]:
    """Those that payers may choose here."""
    return [one for one in GATEWAYS.values() if one.is_offered()]


def offered_gateway(name: str) -> Gateway:
    """:raises NotFound: also for one that isn't offered here"""
    found = gateway(name)
    if not found.is_offered():
        raise NotFound()
    return found
