"""Numbered pages: 24 to a page, the rest of the query kept in every link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PER_PAGE = 24
LONGEST_NUMBER = 6


@dataclass(frozen=True, slots=True)
class Paged:
    """A page of things and what the pager needs; `query` has every other parameter of the address."""

    page: Page[Any]
    query: str

    @property
    def items(self) -> list[Any]:
        return list(self.page.object_list)

    def __iter__(self) -> Any:
        return iter(self.page)

    def __len__(self) -> int:
        return len(self.page)

    def __bool__(self) -> bool:
        return len(self.page) > 0

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def numbers(self) -> list[int | str]:
        """Page numbers with "…" where some are left out."""
        return list(self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1))

    def _link(self, number: int) -> str:
        return f"?{self.query}{'&' if self.query else ''}page={number}"

    @property
    def links(self) -> list[tuple[int | str, str]]:
        return [(number, self._link(number) if isinstance(number, int) else "") for number in self.numbers]

    @property
    def previous_link(self) -> str:
        return self._link(self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def next_link(self) -> str:
        return self._link(self.page.next_page_number()) if self.page.has_next() else ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The rows from `start` on that came before anybody knew how many there are; others by `fetch`."""

    start: int
    rows: list[Any]
    fetch: Callable[[slice], list[Any]]
    ordered: ClassVar[bool] = True

    def __getitem__(self, part: slice) -> list[Any]:
        # The last page is cut off at the count, so only the beginnings are compared.
        return self.rows if part.start == self.start else self.fetch(part)


def asked_for(request: HttpRequest, per_page: int = PER_PAGE) -> slice:
    """The rows that `?page=` names, before anybody knows how many there are; nonsense is the first page."""
    text = request.GET.get("page", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 1
    return slice(max(0, number - 1) * per_page, max(1, number) * per_page)


def paginate(
    request: HttpRequest, queryset: Any, per_page: int = PER_PAGE, *, total: int | None = None
) -> Paged:
    """The page that `?page=` names; nonsense and numbers out of range land on the nearest page.

    `total` is how many there are, where the view knows it already: then nothing is counted.
    """
    paginator: Paginator[Any] = Paginator(queryset, per_page)
    if total is not None:
        paginator.__dict__["count"] = total
    query = request.GET.copy()
    number = query.pop("page", ["1"])[-1]
    return Paged(paginator.get_page(number), query.urlencode())
