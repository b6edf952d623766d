"""The insurers that we work with, by the name that a cover keeps."""

from __future__ import annotations

from kernel.errors import NotFound
from orders.cover.insurers.protocol import Insurer
from orders.cover.insurers.sandbox import SandboxInsurer

INSURERS: dict[str, Insurer] = {each.name: each for each in (SandboxInsurer(),)}


def insurer(name: str) -> Insurer:
    """:raises NotFound: for one that we don't work with"""
    if name not in INSURERS:
        raise NotFound()
    return INSURERS[name]
