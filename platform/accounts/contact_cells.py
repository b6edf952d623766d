"""Where a contact stands: sealed with the addressee, as a pseudonym with the account and with allauth."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress

from accounts.models import User
from accounts.pseudonyms import DOMAIN, PHONE_DOMAIN, WEIXIN_DOMAIN, pseudonym_of, pseudonym_of_phone
from notifications import addressees


def put_email(user: User, address: str, *, at: datetime) -> None:
    """The proved address from now on. The caller holds the account's row and its transaction."""
    pseudonym = pseudonym_of(address)
    EmailAddress.objects.filter(user_id=user.pk, email__endswith=f"@{DOMAIN}").delete()
    EmailAddress.objects.create(user_id=user.pk, email=pseudonym, primary=True, verified=True)
    user.pseudonym = pseudonym
    user.save(update_fields=["pseudonym"])
    addressees.record(subject_id=user.subject_id, email=address, at=at)


def put_phone(user: User, number: str, *, at: datetime) -> None:
    """The proved number from now on; "" takes it away."""
    EmailAddress.objects.filter(user_id=user.pk, email__endswith=f"@{PHONE_DOMAIN}").delete()
    if number:
        EmailAddress.objects.create(
            user_id=user.pk, email=pseudonym_of_phone(number), primary=False, verified=True
        )
    addressees.record(subject_id=user.subject_id, phone=number, at=at)


def drop_weixin(user: User) -> None:
    """No WeChat account opens the account any more."""
    EmailAddress.objects.filter(user_id=user.pk, email__endswith=f"@{WEIXIN_DOMAIN}").delete()
