"""The address of a picture by the source that a frozen offer names."""

from __future__ import annotations

from django.templatetags.static import static

OWN = "u/"


def address(source: str, width: int) -> str:
    """`pictures/…` is the platform's own collection, `u/<id>` what a shop sent; empty without a picture."""
    if source.startswith(OWN):
        return f"/pictures/{source.removeprefix(OWN)}-{width}.webp"
    return static(source) if source else ""
