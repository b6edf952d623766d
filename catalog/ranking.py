"""What the standard order weighs: published on the page; commission and who is reading do not count."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import BigIntegerField, Case, F, FloatField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Least

from catalog.freight import flat_reaches
from catalog.queries import IN_STOCK
from kernel.errors import N_


@dataclass(frozen=True, slots=True)
class Factor:
    """`weight` in hundredths."""

    key: str
    weight: int
    words: str


FACTORS = (
    Factor("match", 50, N_("fits what you look for")),
    Factor("credit", 30, N_("seller's credit")),
    Factor("sales", 20, N_("pieces sold")),
)
# A new shop has no score: it stands in the middle, neither praised nor buried.
SCORE_OF_NEW_SHOPS = 600
SALES_ENOUGH = 200


def standing(query: SearchQuery | None) -> Combinable:
    """The number that the standard order sorts by, from 0 to 1."""
    weights = {factor.key: factor.weight / 100 for factor in FACTORS}
    credit = Cast(Coalesce(F("merchant__score_permille"), Value(SCORE_OF_NEW_SHOPS)), FloatField()) / Value(
        1000.0
    )
    sales = Cast(Least(Coalesce(F("availability__sold"), Value(0)), Value(SALES_ENOUGH)), FloatField())
    total: Combinable = Value(weights["credit"]) * credit + Value(weights["sales"] / SALES_ENOUGH) * sales
    if query is not None:
        total = total + Value(weights["match"]) * SearchRank(F("search"), query, normalization=Value(32))
    return total


def pays(place: str) -> Combinable:
    """What one piece costs with its freight to a place; NULL where it isn't sent. "" is nowhere yet."""
    if not place:
        return F("shelf_price_minor")
    fixed: Combinable = F("shelf_price_minor") if flat_reaches(place) else Value(None)
    by_place = Cast(KeyTextTransform(place, "shelf_price_to"), BigIntegerField())
    return Case(
        When(shelf_price_to__isnull=True, then=fixed), default=by_place, output_field=BigIntegerField()
    )


def sold_out() -> Case:
    """1 for what can't be bought now, which goes to the end."""
    return Case(When(IN_STOCK, then=Value(0)), default=Value(1))
