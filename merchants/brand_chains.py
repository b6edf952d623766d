"""Whether a chain from a brand's owner to a shop holds: read from its papers each time, never kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from kernel.errors import NotFound
from law.counting import local_day
from merchants.document_kinds import OF_A_BRAND
from merchants.document_lifecycle import DocumentState
from merchants.events import BrandChainChanged
from merchants.models import BrandClaim, BrandLink, BrandPaper, Document, Merchant
from outbox import bus

# Where the platform sells: a chain that ends before this border proves nothing here.
SOLD_IN, ZONE = "CN", "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it stands on a day; `paper` is the one in force, else the newest one."""

    link: BrandLink
    paper: Document | None
    holds: bool

    newest: Document | None = None

    @property
    def until(self) -> date | None:
        return self.paper.valid_until if self.paper and self.holds else None

    @property
    def waiting(self) -> bool:
        return self.newest is not None and self.newest.state == DocumentState.HANDED_IN


@dataclass(frozen=True, slots=True)
class Chain:
    """A claim with its links in their order, and what they prove together on that day."""

    claim: BrandClaim
    links: tuple[Link, ...]
    categories: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return bool(self.categories)

    @property
    def complete(self) -> bool:
        """Every link was handed in; whether each was checked is another question."""
        return len(self.links) == self.claim.length

    @property
    def once_proved(self) -> bool:
        """Every link was checked at some time, so that the public may know of it."""
        return self.complete and all(
            each.paper is not None and each.paper.state in (DocumentState.VERIFIED, DocumentState.EXPIRED)
            for each in self.links
        )

    @property
    def until(self) -> date | None:
        """The last day of the link that ends first; None while none has an end."""
        return min((each.until for each in self.links if each.until), default=None)


def chain(claim: BrandClaim, *, day: date) -> Chain:
    """The claim as it stands on that day; three statements."""
    rows = claim.links.order_by("position").prefetch_related("papers__document__file")
    links = tuple(_link(each, day) for each in rows)
    whole = claim.ended_at is None and len(links) == claim.length and all(each.holds for each in links)
    here = whole and all({SOLD_IN, "*"} & set(each.link.territory) for each in links)
    shared = set.intersection(*(set(each.link.categories) for each in links)) if here else set[str]()
    return Chain(claim, links, tuple(sorted(shared)))


def _link(link: BrandLink, day: date) -> Link:
    papers = sorted((each.document for each in link.papers.all()), key=lambda one: one.handed_in_at)
    valid = [each for each in papers if in_force(each, day)]
    newest = papers[-1] if papers else None
    return Link(link, valid[-1] if valid else newest, bool(valid), newest)


def in_force(document: Document, day: date) -> bool:
    """Checked, begun and not run out; the same question as `DocumentQuerySet.valid_on`."""
    begun = document.valid_from is None or document.valid_from <= day
    over = document.valid_until is not None and document.valid_until < day
    return document.state == DocumentState.VERIFIED and begun and not over


@contextmanager
def watched(document: Document, *, day: date, at: datetime) -> Iterator[None]:
    """Say what the step within made of the chain that hangs on the document."""
    with ending(document, last=day, day=day, at=at):
        yield


@contextmanager
def ending(document: Document, *, last: date, day: date, at: datetime) -> Iterator[None]:
    """The same for a document that ran out: the sweep comes after the day, so its last one is compared."""
    claim_id = _claim_of(document)
    before = claim_id is not None and is_whole(claim_id, day=last)
    yield
    if claim_id is not None:
        tell(claim_id, document.merchant_id, before=before, day=day, at=at)


def tell(claim_id: UUID, merchant_id: UUID, *, before: bool, day: date, at: datetime) -> None:
    """Hand it on where the chain holds now and didn't, or the other way round."""
    after = is_whole(claim_id, day=day)
    if after != before:
        bus.publish(BrandChainChanged(claim_id, merchant_id, after), at=at)


def of_shop(merchant_id: UUID, *, day: date) -> list[Chain]:
    """Every running claim of the shop, the newest first."""
    rows = BrandClaim.objects.running().filter(merchant_id=merchant_id).select_related("brand", "merchant")
    return [chain(each, day=day) for each in rows.order_by("-claimed_at", "-id")]


def one_of_shop(claim_id: UUID, *, merchant_id: UUID, day: date) -> Chain:
    """:raises NotFound: another shop's, or taken back"""
    rows = BrandClaim.objects.running().filter(merchant_id=merchant_id, pk=claim_id)
    found = rows.select_related("brand", "merchant").first()
    if found is None:
        raise NotFound
    return chain(found, day=day)


def shown_of(merchant: Merchant, *, at: datetime) -> list[BrandClaim]:
    """The brands that the shop sells for their owners at this instant; one statement."""
    rows = BrandClaim.objects.whole(day=today(at), place=SOLD_IN).filter(merchant=merchant)
    return list(rows.select_related("brand").order_by("claimed_at", "id"))


def public(merchant: Merchant, claim_id: UUID, *, at: datetime) -> Chain:
    """What anybody may read: a chain that holds, or that held and no longer does.

    :raises NotFound: never proved, another shop's, or none
    """
    found = one_of_shop(claim_id, merchant_id=merchant.pk, day=today(at))
    if not found.whole and not found.once_proved:
        raise NotFound
    return found


def refusal_of(link: Link) -> UUID | None:
    """The decision that sent the newest paper back: what an appeal is about."""
    if link.newest is None:
        return None
    moves = link.newest.moves.filter(name__in=("refuse", "revoke")).order_by("-at", "-id")
    return moves.values_list("pk", flat=True).first()


def paper_of(*, claim_id: UUID, document_id: str) -> UUID:
    """The document, if it is one of this claim's papers. :raises NotFound:"""
    rows = BrandPaper.objects.filter(link__claim_id=claim_id).values_list("document_id", flat=True)
    found = {str(each): each for each in rows}
    if document_id not in found:
        raise NotFound
    return found[document_id]


def waiting_first(claims: QuerySet[Any]) -> QuerySet[Any]:
    """For the desk: claims with a paper to check, the oldest before the others."""
    waiting = BrandPaper.objects.filter(link__claim=OuterRef("pk"), document__state=DocumentState.HANDED_IN)
    found: QuerySet[Any] = claims.annotate(waiting=Exists(waiting))
    return found.order_by("-waiting", "claimed_at", "id")


def today(at: datetime) -> date:
    """The day where the platform sells."""
    return local_day(at, ZONE)


def is_whole(claim_id: UUID, *, day: date) -> bool:
    """Whether it proves anything at all on that day, for goods that are sold here."""
    claim = BrandClaim.objects.filter(pk=claim_id).first()
    return claim is not None and chain(claim, day=day).whole


def _claim_of(document: Document) -> UUID | None:
    if document.kind not in OF_A_BRAND:
        return None
    return BrandLink.objects.filter(papers__document=document).values_list("claim_id", flat=True).first()
