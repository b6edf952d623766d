"""Keyed digests of documents' numbers: what an offer states is compared with what is sealed."""

from __future__ import annotations

from merchants import numbers
from merchants.models import Document
from privacy import blind_index
from privacy.opened import by_machine

PURPOSE = "merchants.document_number"


def digest(number: str) -> str:
    """The same for every spelling of a number; empty for none."""
    plain = numbers.normal(number)
    return blind_index.of(PURPOSE, plain) if plain else ""


def index_missing(*, limit: int) -> int:
    """Documents handed in before there were digests; gives how many got theirs."""
    rows = Document.objects.filter(number_digest="").order_by("pk")[:limit]
    with by_machine():
        for each in rows:
            Document.objects.filter(pk=each.pk).update(number_digest=digest(each.number) or "-")
    return len(rows)
