"""Where a contact stands: sealed with the addressee, as a pseudonym with the account and with allauth."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress

from accounts.models import User
from accounts.pseudonyms import DOMAIN, PHONE_DOMAIN, WEIXIN_DOMAIN, pseudonym_of, pseudonym_of_phone
from kernel.errors import N_, DomainError
from notifications import addressees


class LastContact(DomainError):
    code = "last_contact"
    message = N_("This is the only way to reach you. Add an e-mail address first, then take the number away.")


def put_email(user: User, address: str, *, at: datetime) -> None:
    """The proved address from now on; "" takes it away.

    The caller holds the account's row and its transaction. :raises LastContact:
    """
    _replace(user, DOMAIN, pseudonym_of(address) if address else "")
    addressees.record(subject_id=user.subject_id, email=address, at=at)


def put_phone(user: User, number: str, *, at: datetime) -> None:
    """The proved number from now on; "" takes it away. :raises LastContact:"""
    _replace(user, PHONE_DOMAIN, pseudonym_of_phone(number) if number else "")
    addressees.record(subject_id=user.subject_id, phone=number, at=at)


def drop_weixin(user: User) -> None:
    """No WeChat account opens the account any more."""
    EmailAddress.objects.filter(user_id=user.pk, email__endswith=f"@{WEIXIN_DOMAIN}").delete()


def _replace(user: User, domain: str, pseudonym: str) -> None:
    """The account is called by its address, or by its number while it has none."""
    EmailAddress.objects.filter(user_id=user.pk, email__endswith=f"@{domain}").delete()
    if pseudonym:
        EmailAddress.objects.create(user_id=user.pk, email=pseudonym, primary=False, verified=True)
    rows = EmailAddress.objects.filter(user_id=user.pk)
    main = (
        rows.filter(email__endswith=f"@{DOMAIN}").first()
        or rows.filter(email__endswith=f"@{PHONE_DOMAIN}").first()
    )
    if main is None:
        raise LastContact
    rows.exclude(pk=main.pk).update(primary=False)
    rows.filter(pk=main.pk).update(primary=True)
    user.pseudonym = main.email
    user.save(update_fields=["pseudonym"])
