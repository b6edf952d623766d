"""The public register of shops: everyone ever admitted, closed ones included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.expressions import Combinable

from kernel.money import Money
from merchants.lifecycle import MerchantState
from merchants.models import GRADES, Application, Merchant, Penalty
from merchants.penalty_lifecycle import PenaltyState
from merchants.seller_kinds import USED_THINGS

SORTS: dict[str, tuple[str | Combinable, ...]] = {
    "": ("display_name", "id"),
    "score": (F("score_permille").desc(nulls_last=True), "id"),
    "since": ("-since", "id"),
    "licence": (F("licence_valid_until").asc(nulls_last=True), "id"),
}
S = MerchantState
STATES = [str(each) for each in (S.TRADING, S.RESTRICTED, S.SUSPENDED, S.CLOSED)]


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody looks for; a word that is no choice of ours asks for nothing."""

    text: str = ""
    state: str = ""
    grade: str = ""
    sort: str = ""
    punished: bool = False

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Question:
        state, grade, sort = query.get("state", ""), query.get("grade", ""), query.get("sort", "")
        return cls(
            text=query.get("q", "").replace("\x00", "").strip()[:80],
            state=state if state in STATES else "",
            grade=grade if grade in GRADES else "",
            sort=sort if sort in SORTS else "",
            punished=query.get("punished") == "1",
        )


def found(question: Question) -> QuerySet[Merchant]:
    rows = Merchant.objects.known_to_the_public()
    if question.text:
        text = question.text
        rows = rows.filter(
            Q(display_name__icontains=text)
            | Q(legal_name__icontains=text) & ~Q(kind=Merchant.Kind.PRIVATE, declaration=USED_THINGS)
            | Q(licence_number__iexact=text)
        )
    if question.state:
        rows = rows.filter(state=question.state)
    if question.grade:
        rows = rows.filter(grade=question.grade)
    if question.punished:
        rows = rows.filter(pk__in=_shown_in_force().values("merchant_id"))
    return rows.order_by(*SORTS[question.sort])


def penalties_in_force(merchant_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Merchant → how many published penalties hold now."""
    rows = _shown_in_force().filter(merchant_id__in=list(merchant_ids))
    return dict(rows.values_list("merchant_id").annotate(number=Count("id")))


def deposit_of(merchant_id: UUID) -> Money | None:
    """What the shop agreed to leave with the platform."""
    held = Application.objects.filter(merchant_id=merchant_id, deposit_minor__gt=0).first()
    return Money(held.deposit_minor, held.deposit_currency) if held else None


def _shown_in_force() -> QuerySet[Penalty]:
    return Penalty.objects.filter(
        state=PenaltyState.IN_FORCE, published_at__isnull=False, unpublished_at__isnull=True
    )
