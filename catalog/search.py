"""Finding offers: what the reader asked for, the facets beside it, and the order of the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Aggregate, Case, Count, F, IntegerField, Max, Min, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.functional import cached_property

from catalog import brand_direct, campaign_prices, reductions, search_text
from catalog.models import SHIPS_FROM, Listing
from catalog.queries import IN_STOCK, ListingQuerySet
from catalog.ranking import pays, sold_out, standing
from kernel.errors import N_
from kernel.money import InvalidAmount, Money

SORTS = {
    "": N_("Standard"),
    "price": N_("Price, lowest first"),
    "sold": N_("Most sold"),
    "credit": N_("Credit"),
    "new": N_("Newest"),
}
GRADES = {"A": ("A",), "B": ("A", "B")}
RETURNABLE = Q(excludes_return="")
LONGEST_ORIGIN = 30
UNREAD = ("search", "draft")


class LiteralQuery(SearchQuery):
    """A ready `tsquery` literal; Postgres's own parser never sees what a reader typed."""

    def __init__(self, literal: str) -> None:
        super().__init__(literal, search_type="raw")
        self.literal = literal

    def as_sql(self, *_args: Any, **_options: Any) -> Any:
        return "%s::tsquery", [self.literal]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the reader asked for, read from the address; nonsense counts as not asked."""

    text: str = ""
    category: str = ""
    merchant_id: UUID | None = None
    lowest: int | None = None
    highest: int | None = None
    returnable: bool = False
    grade: str = ""
    with_new: bool = False
    in_stock: bool = False
    ships_from: str = ""
    told_in_full: bool = False
    certified: bool = False
    direct: bool = False
    origin: str = ""
    sort: str = ""
    # Where the goods go: prices are all-in for it. "" while none was chosen.
    place: str = ""

    @classmethod
    def read(
        cls,
        query: Mapping[str, str],
        *,
        category: str = "",
        merchant_id: UUID | None = None,
        place: str = "",
    ) -> Wish:
        return cls(
            text=query.get("q", "").strip()[: search_text.LONGEST_QUERY],
            category=category or query.get("category", "")[:40],
            merchant_id=merchant_id,
            lowest=_amount(query.get("from", "")),
            highest=_amount(query.get("to", "")),
            returnable=query.get("return") == "7",
            grade=query.get("grade", "") if query.get("grade", "") in GRADES else "",
            with_new=query.get("new") == "1",
            in_stock=query.get("stock") == "1",
            ships_from=query.get("ships", "") if query.get("ships", "") in SHIPS_FROM else "",
            told_in_full=query.get("full") == "1",
            certified=query.get("cert") == "1",
            direct=query.get("direct") == "1",
            origin=query.get("origin", "").strip()[:LONGEST_ORIGIN],
            sort=query.get("sort", "") if query.get("sort", "") in SORTS else "",
            place=place,
        )

    @property
    def facets_on(self) -> bool:
        goods = (self.lowest, self.highest, self.returnable, self.in_stock, self.ships_from, self.origin)
        return any((*goods, self.grade, self.told_in_full, self.certified, self.direct))

    def facet_condition(self, at: datetime) -> Q:
        """What the facets leave of the shelf."""
        found = Q()
        if self.lowest is not None:
            found &= Q(GreaterThanOrEqual(pays(self.place), self.lowest))
        if self.highest is not None:
            found &= Q(LessThanOrEqual(pays(self.place), self.highest))
        if self.returnable:
            found &= RETURNABLE
        if self.grade:
            grades = [*GRADES[self.grade], *(["N"] if self.with_new else [])]
            found &= Q(merchant__grade__in=grades)
        if self.in_stock:
            found &= IN_STOCK
        if self.ships_from:
            found &= Q(ships_from=self.ships_from)
        if self.told_in_full:
            found &= Q(told_in_full=True)
        if self.certified:
            found &= Q(certified=True)
        if self.direct:
            found &= brand_direct.is_direct(at)
        if self.origin:
            found &= Q(origin__icontains=self.origin)
        return found


def _amount(text: str) -> int | None:
    try:
        return Money.parse(text).minor or None
    except InvalidAmount:
        return None


class Shelf:
    """The offers that meet a wish: counted once with its facets, cut into pages by slicing."""

    ordered = True

    def __init__(self, wish: Wish, *, at: datetime, slack: bool = False, first: Sequence[UUID] = ()) -> None:
        self.wish, self.at, self.slack, self.first = wish, at, slack, first
        self._opened: tuple[int, list[Listing]] = (0, [])
        self._query = LiteralQuery(_typed(wish, slack)) if wish.text and _typed(wish, slack) else None

    @property
    def base(self) -> ListingQuerySet:
        """The shelf before its facets."""
        rows = Listing.objects.live()
        if self.wish.category:
            rows = rows.filter(category_id=self.wish.category)
        if self.wish.merchant_id:
            rows = rows.filter(merchant_id=self.wish.merchant_id)
        else:
            # A penalty may leave a shop's goods to its own page.
            rows = rows.filter(merchant__hidden=False)
        if self._query is not None:
            rows = rows.filter(search=self._query)
            return _most_groups(rows, self.wish.text) if self.slack else rows
        return rows.none() if self.wish.text else rows

    @cached_property
    def counts(self) -> dict[str, Any]:
        """Total, shops and the number behind each facet; one statement, or none where `open` brought them."""
        return {**dict.fromkeys(self._numbers(), 0), **self.base.order_by().aggregate(**self._numbers())}

    def _numbers(self) -> dict[str, Aggregate]:
        chosen = self.wish.facet_condition(self.at)
        return {
            "total": Count("id", filter=chosen),
            "shops": Count("merchant_id", filter=chosen, distinct=True),
            "whole": Count("id"),
            "returnable": Count("id", filter=RETURNABLE),
            "grade_a": Count("id", filter=Q(merchant__grade="A")),
            "grade_b": Count("id", filter=Q(merchant__grade__in=GRADES["B"])),
            "new_shops": Count("id", filter=Q(merchant__grade="N")),
            "in_stock": Count("id", filter=IN_STOCK),
            **{f"from_{side}": Count("id", filter=Q(ships_from=side)) for side in SHIPS_FROM},
            "told_in_full": Count("id", filter=Q(told_in_full=True)),
            "certified": Count("id", filter=Q(certified=True)),
            "direct": Count("id", filter=brand_direct.is_direct(self.at)),
            "cheapest": Min(pays(self.wish.place)),
            "dearest": Max(pays(self.wish.place)),
        }

    def open(self, part: slice) -> None:
        """Fetch these offers, the counts and the heading in one statement; where nothing is, no heading."""
        counted = self.base.order_by().annotate(whole=Value(1)).values("whole")
        counts = counted.annotate(counts=JSONObject(**self._numbers())).values("counts")
        headed = self._offers(part).select_related("category__department").defer(*UNREAD, "category__schema")
        rows = list(headed.annotate(counts=Subquery(counts), lead=F("category__schema__lead")))
        if rows:
            self.__dict__["counts"] = rows[0].counts  # type: ignore[attr-defined]
            self._opened = part.start, rows
        elif part.start == 0 and not self.wish.facets_on:
            self.__dict__["counts"] = dict.fromkeys(self._numbers(), 0)

    @property
    def opened(self) -> list[Listing]:
        """What `open` found: each with its category and `lead`."""
        return self._opened[1]

    def count(self) -> int:
        return int(self.counts["total"])

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Listing]:
        if self.count() == 0:
            return []
        # The last page is cut off at the count, so only the beginnings are compared.
        start, rows = self._opened
        return rows if rows and start == part.start else list(self._offers(part))

    def _offers(self, part: slice) -> ListingQuerySet:
        rows = self.base.filter(self.wish.facet_condition(self.at)).annotate(gone=sold_out())
        # Ids first: sorting thousands of offers must not carry their texts along.
        chosen = rows.order_by(*self._order()).values("pk")[part]
        offers = Listing.objects.filter(pk__in=chosen).with_offer().defer(*UNREAD)
        shown = offers.annotate(
            gone=sold_out(),
            cut=reductions.of_outer_listing(self.at),
            campaigns=campaign_prices.of_outer_listing(self.at),
            direct=brand_direct.of_outer_listing(self.at),
        )
        return shown.order_by(*self._order())

    def _order(self) -> list[str | Combinable]:
        match self.wish.sort:
            case "price":
                if self.wish.place:
                    return [pays(self.wish.place).asc(nulls_last=True), "id"]  # type: ignore[attr-defined]
                return ["shelf_price_minor", "id"]
            case "sold":
                return [F("availability__sold").desc(nulls_last=True), "id"]
            case "credit":
                return [F("merchant__score_permille").desc(nulls_last=True), "id"]
            case "new":
                return ["-published_at", "id"]
        best = standing(self._query).desc()  # type: ignore[attr-defined]
        mine = [_not_among(self.first)] if self.first else []
        return ["gone", *mine, best, "-published_at", "id"]


def _not_among(ids: Sequence[UUID]) -> Combinable:
    return Case(When(pk__in=list(ids), then=Value(0)), default=Value(1), output_field=IntegerField())


def _typed(wish: Wish, slack: bool) -> str:
    return " | ".join(search_text.relaxed(wish.text)) if slack else search_text.strict(wish.text)


def _most_groups(rows: ListingQuerySet, text: str) -> ListingQuerySet:
    """A slip of the pen still finds: at least half of what was typed has to be there."""
    groups = search_text.relaxed(text)
    met: Combinable = Value(0)
    for group in groups:
        met = met + Case(
            When(search=LiteralQuery(group), then=Value(1)), default=Value(0), output_field=IntegerField()
        )
    return rows.annotate(met=met).filter(met__gte=(len(groups) + 1) // 2)


def find(wish: Wish, *, at: datetime, part: slice | None = None, first: Sequence[UUID] = ()) -> Shelf:
    """The shelf for a wish; when nothing meets all that was typed, what meets most of it (`slack`).

    `part` is what will be shown of it: it comes with the counts, in one statement. `first` stands before the
    rest of the standard order, for a reader who asked for that.
    """
    shelf = Shelf(wish, at=at, first=first)
    if part is not None:
        shelf.open(part)
    if wish.text and not shelf.counts["whole"]:
        second = Shelf(wish, at=at, slack=True, first=first)
        if second.counts["whole"]:
            return second
    return shelf


def these(ids: Sequence[UUID], *, at: datetime) -> list[Listing]:
    """What of these is on sale now, in the order asked for, each with its offer; one statement."""
    rows = Listing.objects.live().filter(pk__in=list(ids)).with_offer().defer("search", "draft")
    rows = rows.annotate(
        cut=reductions.of_outer_listing(at),
        campaigns=campaign_prices.of_outer_listing(at),
        direct=brand_direct.of_outer_listing(at),
    )
    found = {row.pk: row for row in rows}
    return [found[each] for each in ids if each in found]
