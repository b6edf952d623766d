"""A shop claims a brand link by link, renews what ends, and takes a claim back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants import brand_chains, brand_names, documents
from merchants.brand_terms import Authorisation, Registration, checked, covered_by, fitting
from merchants.document_kinds import DocumentKind
from merchants.events import BrandClaimed
from merchants.models import Brand, BrandClaim, BrandLink, BrandPaper, Document, Merchant
from merchants.models.brands import MOST_LINKS
from outbox import bus


class ClaimedAlready(DomainError):
    code = "brand_claimed_already"
    message = N_("Your shop has claimed this registration already. Go on there, or renew its papers.")


class OwnerIsAnother(Invalid):
    code = "brand_owner_is_another"
    message = N_(
        "The owner of the mark isn't your shop's registered name. Say through how many hands you may sell it."
    )


class ChainComplete(DomainError):
    code = "brand_chain_complete"
    message = N_("Every link of this chain is there. To replace a paper, renew it.")


class GranteeUnnamed(Invalid):
    code = "brand_grantee_unnamed"
    message = N_("Write whom this paper authorises.")


@transaction.atomic
def claim(
    *,
    merchant_id: UUID,
    registration: Registration,
    hands: int,
    paper: documents.Paper,
    actor: Actor,
    at: datetime,
) -> BrandClaim:
    """Begin a chain with the mark's registration; `hands` authorisations lead from its owner to the shop.

    :raises ClaimedAlready: :raises OwnerIsAnother: 0 hands, and somebody else owns it
    :raises BrandUnnamed, OwnerUnnamed, ClassUnknown, ClassCoversNothing: or a refusal of documents.hand_in
    """
    merchant, said = Merchant.objects.locked(merchant_id), checked(registration)
    if hands == 0 and said.owner and not _same(said.owner, merchant.legal_name):
        raise OwnerIsAnother(field="hands")
    brand = _brand(said, at)
    if BrandClaim.objects.running().filter(merchant=merchant, brand=brand).exists():
        raise ClaimedAlready
    made = BrandClaim.objects.create(
        merchant=merchant,
        brand=brand,
        length=min(max(hands, 0) + 1, MOST_LINKS),
        claimed_at=at,
        claimed_by=str(actor),
    )
    link = _link(made, 0, Authorisation("", (said.place,), tuple(covered_by(said.classes))), at)
    _prove(link, paper, actor=actor, at=at)
    bus.publish(BrandClaimed(made.pk, merchant.pk), at=at)
    return made


@transaction.atomic
def authorise(
    *,
    claim_id: UUID,
    merchant_id: UUID,
    said: Authorisation,
    by_person: bool = False,
    paper: documents.Paper,
    actor: Actor,
    at: datetime,
) -> BrandLink:
    """Add the next link: whom the one before authorised, where and for what; the last one is the shop.

    :raises NotFound: another shop's claim :raises ChainComplete: :raises GranteeUnnamed:
    :raises TerritoryMissing, NotCovered: or a refusal of documents.hand_in
    """
    held = _own(claim_id, merchant_id)
    before = held.links.order_by("-position").first()
    if before is None or before.position + 1 >= held.length:
        raise ChainComplete
    last = before.position + 2 == held.length
    if not last and not by_person and not said.grantee.strip():
        raise GranteeUnnamed(field="grantee")
    terms = fitting(said, before.categories)
    grantee = "" if last or by_person else said.grantee.strip()[:200]
    shown = Authorisation(grantee, terms.territory, terms.categories)
    link = _link(held, before.position + 1, shown, at)
    _prove(link, paper, actor=actor, at=at)
    return link


@transaction.atomic
def renew(
    *, link_id: UUID, merchant_id: UUID, paper: documents.Paper, actor: Actor, at: datetime
) -> BrandPaper:
    """Hand in another paper for the same link; the old one counts until the new one is checked.

    :raises NotFound: another shop's link, or its claim was taken back
    """
    link = BrandLink.objects.filter(pk=link_id, merchant_id=merchant_id).first()
    if link is None:
        raise NotFound
    _own(link.claim_id, merchant_id)
    return _prove(link, paper, actor=actor, at=at)


@transaction.atomic
def end(*, claim_id: UUID, merchant_id: UUID, actor: Actor, at: datetime) -> BrandClaim:
    """The shop takes its claim back; the badge goes with the commit.

    :raises NotFound: another shop's, or taken back already
    """
    held = _own(claim_id, merchant_id)
    day = brand_chains.today(at)
    before = brand_chains.is_whole(held.pk, day=day)
    held.ended_at = at
    held.save(update_fields=["ended_at"])
    brand_chains.tell(held.pk, merchant_id, before=before, day=day, at=at)
    return held


def _own(claim_id: UUID, merchant_id: UUID) -> BrandClaim:
    held = BrandClaim.objects.locked(claim_id)
    if held.merchant_id != merchant_id or held.ended_at is not None:
        raise NotFound
    return held


def _brand(said: Registration, at: datetime) -> Brand:
    made, _new = Brand.objects.get_or_create(
        place=said.place,
        registration_number=said.number,
        owner=said.owner,
        names=list(said.names),
        classes=list(said.classes),
        defaults={"folded": brand_names.all_folded(said.names), "entered_at": at},
    )
    return made


def _link(held: BrandClaim, position: int, said: Authorisation, at: datetime) -> BrandLink:
    return BrandLink.objects.create(
        merchant_id=held.merchant_id,
        claim=held,
        position=position,
        grantee=said.grantee,
        territory=list(said.territory),
        categories=list(said.categories),
        added_at=at,
    )


def _prove(link: BrandLink, paper: documents.Paper, *, actor: Actor, at: datetime) -> BrandPaper:
    """Hand the document in, in the name of the newest paper that it follows."""
    kind = DocumentKind.TRADEMARK if link.position == 0 else DocumentKind.BRAND_AUTHORISATION
    newest = link.papers.order_by("-added_at", "-id").first()
    handed_in: Document = documents.hand_in(
        merchant_id=link.merchant_id,
        paper=documents.of_kind(paper, kind),
        replaces=newest.document_id if newest else None,
        actor=actor,
        at=at,
    )
    return BrandPaper.objects.create(merchant_id=link.merchant_id, link=link, document=handed_in, added_at=at)


def _same(one: str, other: str) -> bool:
    return brand_names.folded(one) == brand_names.folded(other)
