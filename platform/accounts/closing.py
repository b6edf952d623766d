"""Closing an account: nobody signs in any more, and nothing of signing in is left."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts import mandates, second_factors, sessions
from accounts.finding import account_of_subject
from accounts.models import KnownDevice
from accounts.pseudonyms import pseudonym_of


@transaction.atomic
def close_account(*, subject_id: UUID, at: datetime) -> None:
    """Sessions, factors, devices and contacts go; the row stays as a stump that nobody can open.

    The stump keeps other rows' references whole and holds nothing of the person: its pseudonym is made of
    its own id, so that the address is free for a new account. The same again changes nothing.
    """
    user = account_of_subject(subject_id, lock=True)
    if user is None or not user.is_active:
        return
    sessions.end_all(user_id=user.pk)
    mandates.end_all(subject_id=subject_id, at=at)
    second_factors.drop_all(user=user)
    KnownDevice.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user_id=user.pk).delete()
    user.groups.clear()
    user.is_active = user.is_staff = user.is_superuser = False
    user.pseudonym = pseudonym_of(f"closed-{user.pk}")
    user.last_login = None
    user.set_unusable_password()
    user.save(update_fields=["is_active", "is_staff", "is_superuser", "pseudonym", "last_login", "password"])
