"""What a shop promises on all its goods, and how that joins what a listing promises itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog import promises
from merchants.models import Merchant

Terms = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """A shop's promise as its shop's row carries it; no `categories` means all of them."""

    id: str
    key: str
    version: int
    categories: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime | None

    def holds(self, at: datetime) -> bool:
        """From its first instant until before its last."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)

    def covers(self, category: str) -> bool:
        return not self.categories or category in self.categories

    def frozen(self) -> dict[str, Any]:
        """What an order keeps of it."""
        return {"id": self.id, "key": self.key, "version": self.version}


def standing(merchant: Merchant) -> list[Standing]:
    """What the shop has promised and not ended yet, what begins later included."""
    return [
        Standing(
            row["id"],
            row["key"],
            row["version"],
            tuple(row["categories"]),
            datetime.fromisoformat(row["from"]),
            datetime.fromisoformat(row["until"]) if row["until"] else None,
        )
        for row in merchant.promises
    ]


def holding(merchant: Merchant, *, at: datetime) -> list[Standing]:
    """What holds for an order of this instant, the newest version of each."""
    rows = sorted((each for each in standing(merchant) if each.holds(at)), key=lambda each: each.version)
    return list({each.key: each for each in rows}.values())


def of_offer(merchant: Merchant, content: Terms, *, at: datetime) -> list[Standing]:
    """The shop's promises that hold for this offer and that its own terms don't settle otherwise."""
    terms = content.get("terms") or {}
    rows = [each for each in holding(merchant, at=at) if each.covers(str(content.get("category", "")))]
    return [each for each in rows if _fits(each.key, terms)]


def _fits(key: str, terms: Terms) -> bool:
    """What can't come back isn't promised back; a time to send that the offer names itself holds."""
    found = promises.promise(key)
    if found is None:
        return False
    if found.family == "return_days":
        return not terms.get("excludes_return")
    return found.family != "dispatch_hours" or promises.dispatch_hours(terms) is None


def joined(terms: Terms, shops: Sequence[str]) -> dict[str, Any]:
    """The terms with the shop's promises among them: of each kind the best for the buyer."""
    return {**terms, "promises": promises.best([*(terms.get("promises") or []), *shops])}


def of_shelf(merchant: Merchant, content: Terms, *, at: datetime) -> dict[str, Any]:
    """An offer's terms as somebody who buys now gets them."""
    shops = [each.key for each in of_offer(merchant, content, at=at)]
    return joined(content.get("terms") or {}, shops)
