"""Which offer stood on the page that was sent: another one, made meanwhile, isn't accepted with it."""

from __future__ import annotations

from uuid import UUID

from complaints.proposing import NoOffer


def offer_shown(text: str) -> UUID:
    """:raises NoOffer: for what is no id at all, too"""
    try:
        return UUID(text)
    except ValueError:
        raise NoOffer() from None
