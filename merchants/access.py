"""The only door to merchants for pages and the API: absent and foreign look the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from kernel.actor import Actor
from kernel.errors import NotFound
from merchants.capabilities import Capability
from merchants.lifecycle import MerchantState
from merchants.models import Membership, Merchant, MerchantMove
from privacy.opened import answer_for
from web import tenancy

# The membership that opened the portal for this request; asked for again it costs no statement.
_opened: ContextVar[tuple[str, Membership] | None] = ContextVar("opened", default=None)


def membership_for(actor: Actor, slug: str, *, needs: Capability = Capability.READ) -> Membership:
    """The actor's membership of the merchant with that slug, checked for `needs`.

    :raises NotFound: no such merchant, not a member, or not allowed that much
    """
    if actor.subject_id is None:
        raise NotFound
    opened = _opened.get()
    if opened is not None and (opened[0], opened[1].subject_id) == (slug, actor.subject_id):
        membership: Membership | None = opened[1]
    else:
        membership = Membership.objects.of_person(actor.subject_id).at_shop(slug)
    if membership is None:
        raise NotFound
    membership.require(needs)
    # What is sealed under the shop's own key is the shop's own affair.
    answer_for(membership.merchant.subject_id)
    return membership


@contextmanager
def portal(actor: Actor, slug: str) -> Iterator[None]:
    """Inside it the database shows this shop's rows and no others; one transaction.

    :raises NotFound: no such merchant, or not a member
    """
    membership = membership_for(actor, slug)
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
