"""A shop's sets: put together from what it sells, changed by a new revision, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog import screened, set_offers, set_saving, stock
from catalog.models import Listing, SetMember, SetRevision, ShopSet
from catalog.publishing import ShopMayNotPublish
from catalog.screening.engine import alarms
from catalog.screening.finding import Finding, Text
from catalog.set_models import MOST_OF_A_MEMBER
from evidence import log
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from kernel.ids import new_id
from kernel.money import LIMIT_MINOR
from merchants import documents
from merchants.document_kinds import DocumentKind
from merchants.models import Merchant
from privacy import commitments
from rulebook import policies

LABEL, WITHDRAWAL = "catalog.set.publish", "catalog.set.withdraw"
POLICY, NAME_LENGTH, LEAST = "catalog.sets", 60, 2


class SetNameRefused(Invalid):
    code = "set_name_refused"
    message = N_("Give the set a name of at most %(limit)s characters.")


class SetNameWording(Invalid):
    """What screening found in the name: `findings`, each with span, words and rule."""

    code = "set_name_wording"
    message = N_("The name can't stand like this: “%(words)s” breaks a rule or would have to be read first.")

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        super().__init__(words=first.words, findings=[each.as_data() for each in findings], field=first.field)


class SetTooSmall(Invalid):
    code = "set_too_small"
    message = N_("A set holds at least two different things of your shop. Choose another one.")


class SetTooLarge(Invalid):
    code = "set_too_large"
    message = N_("A set holds at most %(limit)s different things. Leave some out.")


class MemberTwice(Invalid):
    code = "set_member_twice"
    message = N_("This is in the set already. Change its number instead.")


class MemberQuantityRefused(Invalid):
    code = "set_member_quantity"
    message = N_("Enter a whole number from 1 to %(limit)s.")


class MemberNotOnSale(Invalid):
    """The member's own page says what it lacks; a set repeats none of its duties and waives none."""

    code = "set_member_not_on_sale"
    message = N_("This isn't on sale now, so it can't be in a set. Put it on sale first.")


class SetPriceRefused(Invalid):
    code = "set_price_refused"
    message = N_("Enter a price above zero.")


class SetDearer(Invalid):
    code = "set_dearer"
    message = N_("One by one these cost %(alone)s now. A set costs that or less.")


class SetNothingChanged(DomainError):
    code = "set_nothing_changed"
    message = N_("The set is on sale exactly so, so there is nothing to change.")


class SetWithdrawn(DomainError):
    code = "set_withdrawn"
    message = N_("The set is off sale already.")


@dataclass(frozen=True, slots=True)
class Written:
    """What a person wrote: name by language, (variant, how many) in order, the price of one set.

    `was_minor` is a sum that somebody wants to stand beside it; only a true one passes.
    """

    title: Mapping[str, str]
    members: Sequence[tuple[UUID, int]]
    price_minor: int
    was_minor: int | None = None


@transaction.atomic
def put_together(*, merchant_id: UUID, written: Written, actor: Actor, at: datetime) -> ShopSet:
    """A new set of the shop, on sale at once.

    :raises SetNameRefused, SetNameWording, SetTooSmall, SetTooLarge, MemberTwice: with the field
    :raises MemberQuantityRefused, MemberNotOnSale, SetPriceRefused, SetDearer, SumMadeUp: with the field
    :raises ShopMayNotPublish:
    """
    merchant = Merchant.objects.locked(merchant_id)
    shop_set = ShopSet(merchant=merchant, created_at=at, changed_at=at)
    shop_set.save(force_insert=True)
    return _offer(shop_set, written, actor=actor, at=at)


@transaction.atomic
def change(*, set_id: UUID, written: Written, actor: Actor, at: datetime) -> ShopSet:
    """A new revision, on sale at once, also after the set was withdrawn; orders keep theirs.

    :raises SetNothingChanged: and what `put_together` raises :raises NotFound:
    """
    return _offer(ShopSet.objects.locked(set_id), written, actor=actor, at=at)


@transaction.atomic
def withdraw(*, set_id: UUID, actor: Actor, at: datetime) -> ShopSet:
    """Take the set off sale; its members stay on sale one by one, and orders keep what they froze.

    :raises SetWithdrawn: :raises NotFound:
    """
    shop_set = ShopSet.objects.locked(set_id)
    if not shop_set.is_on_sale:
        raise SetWithdrawn
    shop_set.withdrawn_at = shop_set.changed_at = at
    shop_set.save(update_fields=["withdrawn_at", "changed_at"])
    gone = _commit(shop_set, {"withdrawn_at": at.isoformat()}, label=WITHDRAWAL, reference=shop_set.pk)
    log.queue(label=WITHDRAWAL, reference=shop_set.pk, commitment=gone, at=at)
    return shop_set


def _offer(shop_set: ShopSet, written: Written, *, actor: Actor, at: datetime) -> ShopSet:
    if not shop_set.merchant.may_publish:
        raise ShopMayNotPublish
    title = _named(written.title)
    listings = _members(shop_set, written, at=at)
    if not 0 < written.price_minor <= LIMIT_MINOR:
        raise SetPriceRefused(field="price")
    content = {"title": title, "members": _rows(written, listings)}
    revision = _revision(shop_set, content, written.price_minor, actor=actor, at=at)
    _check(shop_set, revision, listings, written, at=at)
    _refuse_wording(title, listings, shop_set.merchant_id, at=at)
    _freeze(shop_set, revision, at=at)
    return shop_set


def _named(title: Mapping[str, str]) -> dict[str, str]:
    named = {locale: " ".join(words.split()) for locale, words in title.items() if words.strip()}
    for locale, words in named.items():
        if len(words) > NAME_LENGTH or any(ord(each) < 32 for each in words):
            raise SetNameRefused(limit=NAME_LENGTH, field=f"title_{locale}")
    if not named:
        raise SetNameRefused(limit=NAME_LENGTH, field="title_zh-hans")
    return named


def _members(shop_set: ShopSet, written: Written, *, at: datetime) -> dict[UUID, Listing]:
    """The listing of every variant named, each live and this shop's."""
    most = policies.value(POLICY, at)["members"]
    wanted = [variant_id for variant_id, _ in written.members]
    if len(wanted) > most:
        raise SetTooLarge(limit=most, field=f"m{most}-variant")
    for place, (variant_id, quantity) in enumerate(written.members):
        if variant_id in wanted[:place]:
            raise MemberTwice(field=f"m{place}-variant")
        if type(quantity) is not int or not 0 < quantity <= MOST_OF_A_MEMBER:
            raise MemberQuantityRefused(limit=MOST_OF_A_MEMBER, field=f"m{place}-quantity")
    rows = Listing.objects.live().of_merchant(shop_set.merchant_id).selling(wanted)
    found = {
        variant_id: row
        for row in rows.with_offer()
        for variant_id, held in stock.pieces(row).items()
        if held.active
    }
    for place, variant_id in enumerate(wanted):
        if variant_id not in found:
            raise MemberNotOnSale(field=f"m{place}-variant")
    if len(wanted) < LEAST:
        raise SetTooSmall(field=f"m{len(wanted)}-variant")
    return found


def _rows(written: Written, listings: Mapping[UUID, Listing]) -> list[dict[str, Any]]:
    return [
        {"listing": str(listings[variant_id].pk), "variant": str(variant_id), "quantity": quantity}
        for variant_id, quantity in written.members
    ]


def _revision(
    shop_set: ShopSet, content: dict[str, Any], price_minor: int, *, actor: Actor, at: datetime
) -> SetRevision:
    newest = shop_set.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    return SetRevision(
        pk=new_id(),
        shop_set=shop_set,
        number=newest + 1,
        content=content,
        price_minor=price_minor,
        published_at=at,
        published_by=str(actor),
    )


def _check(
    shop_set: ShopSet,
    revision: SetRevision,
    listings: Mapping[UUID, Listing],
    written: Written,
    *,
    at: datetime,
) -> None:
    old = shop_set.live_revision
    same = old is not None and (old.content, old.price_minor) == (revision.content, revision.price_minor)
    if same and shop_set.is_on_sale:
        raise SetNothingChanged
    by_id = {row.pk: row for row in listings.values()}
    offer = set_offers.of_revision(shop_set, revision, by_id)
    if revision.price_minor > offer.alone.minor:
        raise SetDearer(alone=offer.alone, field="price")
    set_saving.require_true(offer, written.was_minor, at=at)


def _refuse_wording(
    title: Mapping[str, str], listings: Mapping[UUID, Listing], merchant_id: UUID, *, at: datetime
) -> None:
    """The name by the rules of every member's category; nobody reads names of sets, so doubt refuses too."""
    texts = [Text(f"title_{locale}", words) for locale, words in title.items()]

    def held() -> frozenset[str]:
        return documents.holding(merchant_id, list(DocumentKind), at=at)

    for category in sorted({row.category_id for row in listings.values()}):
        if found := alarms(screened.wording(texts, category=category, held=held)):
            raise SetNameWording(found)


def _freeze(shop_set: ShopSet, revision: SetRevision, *, at: datetime) -> None:
    content = {"number": revision.number, "price_minor": revision.price_minor, **revision.content}
    revision.commitment = _commit(shop_set, content, label=LABEL, reference=revision.pk)
    revision.save(force_insert=True)
    SetMember.objects.bulk_create(
        SetMember(
            revision=revision,
            listing_id=UUID(row["listing"]),
            variant_id=UUID(row["variant"]),
            quantity=row["quantity"],
        )
        for row in revision.members
    )
    shop_set.live_revision, shop_set.withdrawn_at, shop_set.changed_at = revision, None, at
    shop_set.save(update_fields=["live_revision", "withdrawn_at", "changed_at"])
    log.queue(label=LABEL, reference=revision.pk, commitment=bytes(revision.commitment), at=at)


def _commit(shop_set: ShopSet, content: Mapping[str, Any], *, label: str, reference: UUID) -> bytes:
    return commitments.commit(
        subject_id=shop_set.merchant.subject_id,
        label=label,
        reference=reference,
        payload={"set": str(shop_set.pk), **content},
    )
