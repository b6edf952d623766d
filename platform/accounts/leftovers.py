"""What an account leaves behind in its life: secrets of removed factors, pseudonyms of old contacts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef, TextField
from django.db.models.functions import Cast

from accounts import old_contacts
from accounts.models import AccountFreeze, FormerContact, FreezeState, SealedSecret


@transaction.atomic
def loose_secrets(*, before: datetime, limit: int) -> int:
    """Seeds, codes and names sealed before `before` that no factor names any more; gives how many went.

    Their age stands in their ids (RFC 9562), in real time: one that is just being set up is left alone.
    """
    named = (
        Authenticator.objects.filter(user__subject_id=OuterRef("subject_id"))
        .annotate(words=Cast("data", TextField()))
        .filter(words__contains=Cast(OuterRef("pk"), TextField()))
    )
    old = SealedSecret.objects.filter(pk__lt=_first_id(before)).exclude(Exists(named))
    gone = list(old.order_by("pk").values_list("pk", flat=True)[:limit])
    SealedSecret.objects.filter(pk__in=gone).delete()
    return len(gone)


@transaction.atomic
def former_contacts(*, at: datetime, limit: int) -> int:
    """Pseudonyms by which nobody can get an account back any more; a frozen account's stay."""
    frozen = AccountFreeze.objects.exclude(state=FreezeState.ENDED).filter(subject_id=OuterRef("subject_id"))
    over = FormerContact.objects.filter(replaced_at__lt=old_contacts.open_since(at)).exclude(Exists(frozen))
    gone = list(over.order_by("replaced_at", "pk").values_list("pk", flat=True)[:limit])
    FormerContact.objects.filter(pk__in=gone).delete()
    return len(gone)


def _first_id(instant: datetime) -> UUID:
    """Smaller than every id that was made from this instant on."""
    return UUID(int=int(instant.timestamp() * 1000) << 80)
