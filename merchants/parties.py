"""Nobody at the platform acts on a shop that they have a part in."""

from __future__ import annotations

from uuid import UUID

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from merchants.models import Membership


class PartyMayNotAct(DomainError):
    code = "party_may_not_act"
    message = N_("You act for this shop yourself. Leave it to a colleague.")


def refuse_party(*, merchant_id: UUID, actor: Actor) -> None:
    """:raises PartyMayNotAct: a member of staff who is a member of the shop, too"""
    if not actor.is_staff or actor.subject_id is None:
        return
    own = Membership.objects.filter(
        merchant_id=merchant_id, subject_id=actor.subject_id, ended_at__isnull=True
    )
    if own.exists():
        raise PartyMayNotAct()
