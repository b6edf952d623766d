"""Opening an account, and the small things its owner changes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.finding import account_locked, account_of_contact
from accounts.models import User
from accounts.pseudonyms import looks_like_phone, stands_for
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from notifications import addressees
from privacy import minors, subjects


class AddressTaken(DomainError):
    """Never shown to the person who signs up: it would tell strangers who has an account."""

    code = "address_taken"
    message = N_("There is an account with this address already.")
    status = 409


@transaction.atomic
def open_account(
    *,
    contact: str,
    display_name: str,
    password: str | None,
    locale: str,
    age: str = minors.ADULT,
    at: datetime,
) -> User:
    """A subject with its key, its sealed address or number, and an account that has proved neither yet.

    Without a password nobody can sign in until one was set by a code. A minor's account (`age` is a band
    of privacy.minors) is strict from its first instant; of grown-ups nothing is kept.

    :raises AddressTaken: an account with this address or number exists
    """
    pseudonym = stands_for(contact)
    if account_of_contact(pseudonym) is not None:
        raise AddressTaken
    subject = subjects.create_subject(locale=locale, at=at)
    kind = "phone" if looks_like_phone(contact) else "email"
    addressees.record(subject_id=subject.pk, locale=locale, at=at, **{kind: contact})
    user = User(subject=subject, pseudonym=pseudonym, display_name=display_name.strip(), joined_at=at)
    user.set_password(password)
    user.save()
    if age != minors.ADULT:
        minors.declare(subject_id=subject.pk, band=age, actor=Actor.buyer(subject.pk), at=at)
    return user


@transaction.atomic
def create_account(
    *, email: str, display_name: str, password: str | None, at: datetime, locale: str = "zh-hans"
) -> User:
    """An account whose address counts as proved: for the demo, staff and tests.

    :raises AddressTaken: an account with this address exists
    """
    user = open_account(contact=email, display_name=display_name, password=password, locale=locale, at=at)
    EmailAddress.objects.create(user=user, email=user.pseudonym, primary=True, verified=True)
    return user


@transaction.atomic
def change_profile(*, user_id: UUID, display_name: str, locale: str, at: datetime) -> User:
    """What the owner wants to be called, and the language of the letters."""
    user = account_locked(user_id)
    user.display_name = display_name.strip()
    user.save(update_fields=["display_name"])
    addressees.record(subject_id=user.subject_id, locale=locale, at=at)
    return user
