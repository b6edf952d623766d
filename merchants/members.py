"""The people of a shop, by its owner: invited to one contact, changed, removed from the next request on."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts import finding, post, pseudonyms
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants import membership as memberships
from merchants import telling
from merchants.capabilities import Capability
from merchants.membership import NoCapability
from merchants.models import Invitation, Membership, Merchant
from merchants.moving import leaf
from notifications.sending import send
from privacy import blind_index
from rulebook import policies
from web import tenancy

PURPOSE = "merchants.invitation"
POLICY = "members.invitation_hours"


class ContactUnfit(Invalid):
    code = "invitation_contact_unfit"
    message = N_("Give an e-mail address or a phone number that can receive messages.")


class InvitedAlready(Invalid):
    code = "invited_already"
    message = N_("An invitation to this contact waits already. Withdraw it first to send another one.")


class InvitationOver(DomainError):
    code = "invitation_over"
    message = N_("This invitation is over. Ask the shop's owner for a new one.")


class NotForYou(DomainError):
    code = "invitation_not_for_you"
    message = N_("This invitation went to another contact. Sign in with the account that has proved it.")


@transaction.atomic
def invite(*, owner: Membership, contact: str, capabilities: Sequence[str], at: datetime) -> Invitation:
    """Send a link that only the account with this contact can accept.

    :raises ContactUnfit, NoCapability, InvitedAlready, MailDidNotLeave, TooManyTexts: nothing is kept then
    """
    owner.require(Capability.OWNER)
    address, granted = _address(contact), _known(capabilities)
    merchant = Merchant.objects.locked(owner.merchant_id)
    stands_for, secret = pseudonyms.stands_for(address), secrets.token_urlsafe(32)
    _make_room(merchant, stands_for, at)
    invitation = Invitation(
        merchant=merchant,
        subject_id=merchant.subject_id,
        stands_for=stands_for,
        digest=blind_index.of(PURPOSE, secret),
        capabilities=granted,
        invited_by=str(owner.actor),
        invited_at=at,
        expires_at=at + timedelta(hours=policies.number(POLICY, at)),
    )
    invitation.contact = address
    invitation.save(force_insert=True)
    leaf(merchant, "invite", {"invitation": str(invitation.pk), "may": granted}, at)
    _mail(merchant, address, stands_for, secret, at)
    return invitation


@transaction.atomic
def withdraw(*, owner: Membership, invitation_id: UUID, at: datetime) -> Invitation:
    """:raises NotFound: also another shop's; InvitationOver: accepted before"""
    owner.require(Capability.OWNER)
    found = _locked().filter(pk=invitation_id, merchant_id=owner.merchant_id).first()
    if found is None:
        raise NotFound
    if found.accepted_at is not None:
        raise InvitationOver
    if found.withdrawn_at is None:
        found.withdrawn_at = at
        found.save(update_fields=["withdrawn_at"])
    return found


def waiting(secret: str, *, at: datetime) -> Invitation:
    """What the link opens. :raises NotFound: no such link; InvitationOver: accepted, withdrawn, too old"""
    found = Invitation.objects.select_related("merchant").filter(digest=blind_index.of(PURPOSE, secret))
    invitation = found.first()
    if invitation is None:
        raise NotFound
    if invitation.accepted_at or invitation.withdrawn_at or at >= invitation.expires_at:
        raise InvitationOver
    return invitation


@transaction.atomic
def accept(*, secret: str, person_id: UUID, at: datetime) -> Membership:
    """The person whose contact was invited belongs to the shop from now on.

    :raises NotForYou: their account hasn't proved that contact; InvitationOver, NotFound
    """
    known = waiting(secret, at=at)
    invitation = _locked().get(pk=known.pk)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise InvitationOver
    account = finding.account_of_contact(invitation.stands_for)
    if account is None or account.subject_id != person_id:
        raise NotForYou
    joined = memberships.add_member(
        merchant_id=invitation.merchant_id,
        subject_id=person_id,
        capabilities=_with_what_they_have(invitation, person_id),
        actor=Actor.buyer(person_id),
        at=at,
    )
    invitation.accepted_at, invitation.membership = at, joined
    invitation.save(update_fields=["accepted_at", "membership"])
    telling.owners(
        joined.merchant, "merchants.member_joined", reference=joined.pk, at=at, path=_page(joined.merchant)
    )
    return joined


@transaction.atomic
def change(
    *, owner: Membership, membership_id: UUID, capabilities: Sequence[str], at: datetime
) -> Membership:
    """Give a member other capabilities. :raises LastOwner: :raises NoCapability: :raises NotFound:"""
    owner.require(Capability.OWNER)
    granted = _known(capabilities)
    with tenancy.widened():
        member = _member(owner, membership_id)
        if sorted(granted) == sorted(member.capabilities):
            return member
        changed = memberships.add_member(
            merchant_id=owner.merchant_id,
            subject_id=member.subject_id,
            capabilities=[Capability(each) for each in granted],
            actor=owner.actor,
            at=at,
        )
        leaf(changed.merchant, "member_changed", {"membership": str(changed.pk), "may": granted}, at)
        _tell(changed, "member_changed", at)
    return changed


@transaction.atomic
def remove(*, owner: Membership, membership_id: UUID, at: datetime) -> Membership:
    """From the member's next request on they are nobody here; so are their programs.

    :raises LastOwner: :raises NotFound:
    """
    owner.require(Capability.OWNER)
    with tenancy.widened():
        _member(owner, membership_id)
        gone = memberships.remove_member(
            merchant_id=owner.merchant_id, membership_id=membership_id, actor=owner.actor, at=at
        )
        leaf(gone.merchant, "member_removed", {"membership": str(gone.pk)}, at)
        _tell(gone, "member_removed", at)
    return gone


def of_shop(merchant_id: UUID, *, at: datetime) -> tuple[list[Membership], list[Invitation]]:
    """Who belongs to it now, and who was invited and hasn't come yet."""
    people = Membership.objects.filter(merchant_id=merchant_id, ended_at__isnull=True)
    waiting = Invitation.objects.filter(
        merchant_id=merchant_id, accepted_at=None, withdrawn_at=None, expires_at__gt=at
    )
    return list(people.order_by("since", "id")), list(waiting.order_by("invited_at", "id"))


def contacts_of(merchant_id: UUID) -> dict[UUID, str]:
    """Membership → the contact that was invited."""
    found = Invitation.objects.filter(merchant_id=merchant_id, membership__isnull=False)
    return {each.membership_id: each.contact for each in found if each.membership_id}


def _make_room(merchant: Merchant, stands_for: str, at: datetime) -> None:
    """One that ran out makes room for another."""
    open_ones = Invitation.objects.filter(
        merchant=merchant, stands_for=stands_for, accepted_at=None, withdrawn_at=None
    )
    if open_ones.filter(expires_at__gt=at).exists():
        raise InvitedAlready(field="contact")
    open_ones.update(withdrawn_at=at)


def _with_what_they_have(invitation: Invitation, person_id: UUID) -> list[Capability]:
    """An invitation never takes anything away from somebody who belongs already."""
    held = Membership.objects.of_person(person_id).filter(merchant_id=invitation.merchant_id).first()
    both = {*invitation.capabilities, *(held.capabilities if held else [])}
    return [Capability(each) for each in sorted(both)]


def _address(contact: str) -> str:
    address = contact.strip()
    if pseudonyms.looks_like_phone(address):
        return address
    try:
        validate_email(address)
    except ValidationError:
        raise ContactUnfit(field="contact") from None
    return address


def _known(capabilities: Sequence[str]) -> list[str]:
    granted = sorted({each for each in capabilities if each in list(Capability)})
    if not granted:
        raise NoCapability(field="capabilities")
    return granted


def _member(owner: Membership, membership_id: UUID) -> Membership:
    found = Membership.objects.filter(merchant_id=owner.merchant_id).still_there(membership_id)
    if found is None:
        raise NotFound
    return found


def _locked() -> QuerySet[Invitation]:
    return Invitation.objects.select_for_update(of=("self",), no_key=True)


def _mail(merchant: Merchant, address: str, stands_for: str, secret: str, at: datetime) -> None:
    path = reverse("merchants:join", args=[secret])
    with tenancy.widened():
        post.write(
            "merchants/email/invited",
            contact=post.typed_contact(stands_for, address),
            context={"shop": merchant.display_name, "path": path},
            at=at,
        )


def _tell(member: Membership, kind: str, at: datetime) -> None:
    """The owners, and the person themselves."""
    params = {"shop": member.merchant.display_name, "path": _page(member.merchant)}
    telling.owners(
        member.merchant, f"merchants.{kind}", reference=member.pk, at=at, path=_page(member.merchant)
    )
    owns = member.ended_at is None and Capability.OWNER in member.capabilities
    if not owns:
        mine = {**params, "path": reverse("merchants:mine")}
        send(subject_id=member.subject_id, kind=f"merchants.{kind}", reference=member.pk, params=mine, at=at)


def _page(merchant: Merchant) -> str:
    return reverse("merchants:members", args=[merchant.slug])
