"""The only door to merchants for pages and the API: absent and foreign look the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from kernel.actor import Actor
from kernel.errors import NotFound
from merchants.application_tasks import Task
from merchants.capabilities import Capability
from merchants.lifecycle import MerchantState
from merchants.models import (
    Application,
    ApplicationTask,
    Document,
    IdentityChange,
    IdentityConfirmation,
    Inspection,
    Membership,
    Merchant,
    MerchantMove,
)
from privacy import files
from privacy.opened import answer_for
from web import tenancy

# The membership that opened the portal for this request; asked for again it costs no statement.
_opened: ContextVar[tuple[str, Membership] | None] = ContextVar("opened", default=None)


def membership_for(
    actor: Actor, slug: str, *, needs: Capability = Capability.READ, admitted: bool = True
) -> Membership:
    """The actor's membership of the merchant with that slug, checked for `needs`.

    Only what an applicant may do, too (an appeal), passes `admitted=False`.

    :raises NotFound: no such merchant, not a member, not allowed that much, or never admitted
    """
    if actor.subject_id is None:
        raise NotFound
    opened = _opened.get()
    if opened is not None and (opened[0], opened[1].subject_id) == (slug, actor.subject_id):
        membership: Membership | None = opened[1]
    else:
        membership = Membership.objects.of_person(actor.subject_id).at_shop(slug)
    if membership is None or (admitted and membership.merchant.since is None):
        raise NotFound
    membership.require(needs)
    # What is sealed under the shop's own key is the shop's own affair.
    answer_for(membership.merchant.subject_id)
    return membership


def return_address(merchant: Merchant) -> dict[str, str]:
    """Where the shop said that returns go, opened from its application; empty for one that never said.

    Who calls this keeps a line of who read it.
    """
    task = ApplicationTask.objects.filter(application__merchant=merchant, name=Task.RETURNS).first()
    said: dict[str, str] = json.loads(task.answers) if task and task.answers else {}
    if not said.get("address"):
        return {}
    where = f"{said.get('region', '')}{said['address']}"
    return {"name": said.get("recipient", ""), "address": where, "contact": said.get("phone", "")}


@contextmanager
def portal(actor: Actor, slug: str) -> Iterator[None]:
    """Inside it the database shows this shop's rows and no others; one transaction.

    :raises NotFound: no such merchant, or not a member
    """
    membership = membership_for(actor, slug, admitted=False)
    with tenancy.narrowed(merchant_id=membership.merchant_id, subject_id=membership.subject_id):
        token = _opened.set((slug, membership))
        try:
            yield
        finally:
            _opened.reset(token)


def memberships_of(actor: Actor) -> Sequence[Membership]:
    """The shops this person acts for, by name."""
    if actor.subject_id is None:
        return []
    return list(Membership.objects.of_person(actor.subject_id).with_merchant())


def public_merchant(slug: str) -> Merchant:
    """A merchant that was ever admitted, closed ones included.

    :raises NotFound: never admitted, or no such shop
    """
    return Merchant.objects.known_to_the_public().get_or_not_found(slug=slug)


def standing_decision(merchant: Merchant) -> MerchantMove | None:
    """Why a shop is restricted, suspended or closed; None while it trades, without a statement."""
    if merchant.state in (MerchantState.TRADING, MerchantState.APPLIED):
        return None
    return MerchantMove.objects.filter(merchant=merchant).order_by("-at", "-id").first()


def any_merchant(slug: str) -> Merchant:
    """A merchant in any state, for commands run by the operator.

    :raises NotFound:
    """
    return Merchant.objects.get_or_not_found(slug=slug)


def person_of(actor: Actor) -> UUID:
    """The subject behind a signed-in actor.

    :raises NotFound: nobody is signed in
    """
    if actor.subject_id is None:
        raise NotFound
    return actor.subject_id


def last_decision(merchant: Merchant) -> MerchantMove | None:
    """What was last decided about it, with its reason."""
    return MerchantMove.objects.filter(merchant=merchant).order_by("-at", "-id").first()


def admitted(membership: Membership) -> Merchant:
    """The membership's merchant once it may or did trade.

    :raises NotFound: while nobody has decided on its application
    """
    if membership.merchant.since is None:
        raise NotFound
    return membership.merchant


def documents_of(membership: Membership) -> list[Document]:
    """Everything the shop ever handed in, newest first; for its owners."""
    membership.require(Capability.OWNER)
    found = Document.objects.of_shop(membership.merchant_id).select_related("file", "back", "merchant")
    return list(found)


def document_of(membership: Membership, document_id: UUID) -> Document:
    """:raises NotFound: also when it is another shop's"""
    membership.require(Capability.OWNER)
    found = Document.objects.of_shop(membership.merchant_id).filter(pk=document_id)
    document = found.select_related("file", "back", "merchant").first()
    if document is None:
        raise NotFound
    return document


def paper(document: Document, side: str, *, purpose: str, actor: Actor, at: datetime) -> tuple[bytes, str]:
    """One side of a document with its media type; whoever looks leaves a line with the purpose.

    :raises NotFound: it has no such side; FileNotReady: still examined, or locked away
    """
    stored = {"front": document.file, "back": document.back}.get(side)
    if stored is None:
        raise NotFound
    content = files.content(file_id=stored.pk, purpose=purpose, actor=actor, at=at)
    return content, "image/webp" if stored.shown_path else stored.media_type


def document_for_staff(actor: Actor, document_id: UUID) -> Document:
    """Any shop's. :raises NotFound: for anybody but staff, and for absent ones"""
    found = Document.objects.select_related("file", "back", "merchant").filter(pk=document_id).first()
    if found is None or not actor.is_staff:
        raise NotFound
    return found


def any_shop(merchant_id: UUID) -> Merchant:
    """A merchant in any state, for staff pages whose permission was checked. :raises NotFound:"""
    return Merchant.objects.get_or_not_found(pk=merchant_id)


def application_of(actor: Actor, application_id: UUID) -> Application:
    """The applicant's own; nobody applies under a mandate.

    :raises NotFound: also when it is somebody else's
    """
    if actor.subject_id is None or actor.by is not None:
        raise NotFound
    found = Application.objects.of_person(actor.subject_id).filter(pk=application_id).first()
    if found is None:
        raise NotFound
    answer_for(found.merchant.subject_id)
    return found


def applications_of(actor: Actor) -> list[Application]:
    """Everything this person ever began, newest first."""
    return list(Application.objects.of_person(person_of(actor)))


def application_for_staff(actor: Actor, application_id: UUID) -> Application:
    """:raises NotFound: for anybody but staff, and for absent ones"""
    found = Application.objects.select_related("merchant").filter(pk=application_id).first()
    if found is None or not actor.is_staff:
        raise NotFound
    return found


def confirmations_of(merchant: Merchant) -> list[IdentityConfirmation]:
    """The newest ones, for staff."""
    return list(IdentityConfirmation.objects.filter(merchant=merchant).order_by("-at", "-id")[:5])


def has_application(merchant: Merchant) -> bool:
    return Application.objects.filter(merchant=merchant).exists()


def papers_of(application: Application) -> list[Document]:
    """Everything that the applicant handed in, newest first."""
    return list(Document.objects.of_shop(application.merchant_id))


def shown_changes(merchant: Merchant) -> list[IdentityChange]:
    """The newest changes that the public reads."""
    rows = IdentityChange.objects.filter(merchant=merchant, state="shown")
    return list(rows.order_by("-decided_at", "-id")[:5])


def identity_changes(merchant: Merchant) -> list[IdentityChange]:
    """Everything that was reported about the shop, newest first."""
    return list(IdentityChange.objects.filter(merchant=merchant).order_by("-reported_at", "-id"))


def inspection_for_staff(inspection_id: UUID) -> Inspection:
    """Any shop's, for staff pages whose permission was checked. :raises NotFound:"""
    found = Inspection.objects.select_related("merchant", "plan").filter(pk=inspection_id).first()
    if found is None:
        raise NotFound
    return found
