"""A shop's subscriptions: made, renewed, paused, taken up, ended. Only owners; a secret is shown once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from kernel.errors import N_, DomainError, Invalid, NotFound
from kernel.ids import new_id
from merchants.capabilities import Capability
from merchants.models import Membership, Webhook, WebhookDelivery
from merchants.webhook_topics import Pause, Topic
from merchants.webhooks import signing
from rulebook import policies
from web import outgoing

POLICY = "webhooks"


class AddressUnusable(Invalid):
    code = "webhook_address"
    message = N_(
        "Enter an address such as https://shop.example.com/anxin: with https, a public name,"
        " port 443 or 8443, no user name and nothing after #."
    )


class TopicsMissing(Invalid):
    code = "webhook_topics"
    message = N_("Choose at least one thing that your server is told.")


class AddressTaken(Invalid):
    code = "webhook_address_taken"
    message = N_("This address is told already. Change what it is told there, or end it first.")


class TooManyWebhooks(DomainError):
    code = "too_many_webhooks"
    message = N_("A shop has %(most)s addresses at most. End one first.")


class Paused(DomainError):
    code = "webhook_paused"
    message = N_("Nothing is sent while this is paused. Go on first, then send it again.")


def limit(name: str, at: datetime) -> int:
    return int(policies.value(POLICY, at)[name])


@transaction.atomic
def subscribe(
    *, membership: Membership, url: str, topics: Sequence[Topic], at: datetime
) -> tuple[Webhook, str]:
    """The subscription and its secret, shown once.

    :raises NotFound: for a member who isn't an owner
    :raises AddressUnusable, TopicsMissing, AddressTaken: with the field; TooManyWebhooks:
    """
    membership.require(Capability.OWNER)
    address = _checked(url)
    if not topics:
        raise TopicsMissing(field="topics")
    held = of_shop(membership)
    if any(each.url == address for each in held):
        raise AddressTaken(field="url")
    most = limit("most", at)
    if len(held) >= most:
        raise TooManyWebhooks(most=most)
    made = Webhook.objects.create(
        merchant_id=membership.merchant_id,
        member_id=membership.pk,
        url=address,
        topics=sorted(set(topics)),
        made_at=at,
    )
    return made, signing.secret_of(made.secret_id)


def _checked(url: str) -> str:
    try:
        outgoing.stranger(url.strip(), loopback=settings.SANDBOX)
    except outgoing.NotAllowed as refusal:
        raise AddressUnusable(field="url") from refusal
    return url.strip()


@transaction.atomic
def new_secret(*, membership: Membership, webhook_id: UUID, at: datetime) -> tuple[Webhook, str]:
    """From now on two secrets sign; the old one for as long as the policy says."""
    found = _locked(membership, webhook_id)
    found.old_secret_id, found.old_until = (
        found.secret_id,
        at + timedelta(hours=limit("old_secret_hours", at)),
    )
    found.secret_id = new_id()
    found.save(update_fields=["secret_id", "old_secret_id", "old_until"])
    return found, signing.secret_of(found.secret_id)


@transaction.atomic
def pause(*, membership: Membership, webhook_id: UUID, at: datetime) -> None:
    """Nothing is sent; what happens meanwhile waits."""
    found = _locked(membership, webhook_id)
    if found.paused_at is None:
        found.paused_at, found.paused_because = at, Pause.BY_HAND
        found.save(update_fields=["paused_at", "paused_because"])


@transaction.atomic
def go_on(*, membership: Membership, webhook_id: UUID, at: datetime) -> None:
    """The owner who says so answers for it from now on; all that waits or was given up is sent again."""
    found = _locked(membership, webhook_id)
    if found.paused_at is None:
        return
    found.paused_at, found.paused_because, found.member_id = None, "", membership.pk
    found.save(update_fields=["paused_at", "paused_because", "member"])
    owed = WebhookDelivery.objects.filter(webhook=found, delivered_at__isnull=True)
    owed.update(due_at=at, given_up_at=None, give_up_at=give_up_at(at))


@transaction.atomic
def end(*, membership: Membership, webhook_id: UUID, at: datetime) -> None:
    found = _locked(membership, webhook_id)
    found.ended_at = at
    found.save(update_fields=["ended_at"])


@transaction.atomic
def send_again(*, membership: Membership, webhook_id: UUID, delivery_id: UUID, at: datetime) -> None:
    """The same event with the same id, delivered before or not: the receiver tells by the id.

    :raises Paused: :raises NotFound: also for another subscription's
    """
    webhook = _locked(membership, webhook_id)
    found = WebhookDelivery.objects.locked(delivery_id)
    if found.webhook_id != webhook.pk:
        raise NotFound
    if webhook.paused_at:
        raise Paused()
    found.delivered_at = found.given_up_at = None
    found.due_at, found.give_up_at = at, give_up_at(at)
    found.save(update_fields=["delivered_at", "given_up_at", "due_at", "give_up_at"])


def give_up_at(at: datetime) -> datetime:
    """Until when an event that becomes due now is tried."""
    return at + timedelta(hours=limit("give_up_hours", at))


def of_shop(membership: Membership) -> list[Webhook]:
    """Those that weren't ended, the newest first."""
    rows = Webhook.objects.filter(merchant_id=membership.merchant_id, ended_at__isnull=True)
    return list(rows.order_by("-made_at", "-id"))


def one_of(membership: Membership, webhook_id: UUID) -> Webhook:
    """:raises NotFound: another shop's, or ended"""
    found = next((each for each in of_shop(membership) if each.pk == webhook_id), None)
    if found is None:
        raise NotFound
    return found


def _locked(membership: Membership, webhook_id: UUID) -> Webhook:
    membership.require(Capability.OWNER)
    rows = Webhook.objects.filter(merchant_id=membership.merchant_id, ended_at__isnull=True, pk=webhook_id)
    found = rows.select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise NotFound
    return found
