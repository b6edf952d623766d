"""The door to accounts: one's own only."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from kernel.errors import NotFound
from notifications import addressees


def own_account(user: User | AnonymousUser) -> tuple[User, str]:
    """The signed-in account and the language of its letters. :raises NotFound: nobody is signed in"""
    if not isinstance(user, User):
        raise NotFound
    return user, addressees.locale_of(user.subject_id)
