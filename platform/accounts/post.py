"""Mail of the sign-in pages: addressed by pseudonym, sent to the true address, written nowhere."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context, Engine
from django.utils import translation
from django.utils.translation import get_language, gettext

from accounts import limits
from accounts.finding import account_of_contact
from accounts.models import SentMessage
from accounts.pseudonyms import is_of_phone, stands_for
from kernel.errors import N_, DomainError
from kernel.ids import new_id
from notifications import addressees, checking
from web import texting

log = logging.getLogger(__name__)


class MailDidNotLeave(DomainError):
    code = "mail_did_not_leave"
    message = N_("We can't send messages at this moment, so nothing was changed. Try again in a few minutes.")
    status = 503


class TooManyTexts(DomainError):
    """Said for known and unknown numbers alike."""

    code = "too_many_texts"
    message = N_("This number has had many messages from us today. Try again tomorrow.")
    status = 429


@dataclass(frozen=True, slots=True)
class Contact:
    """An e-mail address or a phone number, and the language to write in."""

    address: str
    locale: str
    is_phone: bool = False


def contact_of(pseudonym: str, *, typed: Mapping[str, str]) -> Contact | None:
    """The sealed contact of the account; for a stranger what was typed in this very request."""
    user = account_of_contact(pseudonym)
    addressee = addressees.of(user.subject_id) if user else None
    is_phone = is_of_phone(pseudonym)
    if addressee and (known := addressee.phone if is_phone else addressee.email):
        return Contact(known, addressee.locale, is_phone)
    if pseudonym in typed:
        return Contact(typed[pseudonym], get_language() or "zh-hans", is_phone)
    return None


def write(template_prefix: str, *, contact: Contact, context: Mapping[str, Any], at: datetime) -> None:
    """Send now: a code can't wait for the sweep, and must not lie in a table until then.

    Only that it was ours stays, by a number at its end.

    :raises TooManyTexts: this number has got as many as it gets in a day
    :raises MailDidNotLeave: the mail server or the text provider didn't take it
    """
    if contact.is_phone and not limits.may_text(number=stands_for(contact.address), at=at):
        raise TooManyTexts
    with translation.override(contact.locale):
        words = Context({**context, "base_url": settings.BASE_URL}, autoescape=False)
        subject = subject_of(template_prefix, words)
        body = Engine.get_default().get_template(f"{template_prefix}_message.txt").render(words).strip()
        foot = _foot(_numbered(template_prefix, at=at))
    try:
        _send(contact, subject, body, foot, code=context.get("code"))
    except OSError as problem:
        log.error("sign-in mail did not leave: %s", type(problem).__name__)
        raise MailDidNotLeave from None


def subject_of(template_prefix: str, words: Context | None = None) -> str:
    """How a message of this kind begins, in the language that is active."""
    found = Engine.get_default().get_template(f"{template_prefix}_subject.txt").render(words or Context())
    return " ".join(found.split())


def message_with(typed: str) -> SentMessage | None:
    """The message that carries this check number; None if we never sent it."""
    digits = checking.digits_of(typed)
    return SentMessage.objects.filter(check_number=digits).first() if digits else None


def _numbered(kind: str, *, at: datetime) -> str:
    row_id = new_id()
    number = checking.number_of(row_id)
    SentMessage.objects.create(pk=row_id, check_number=number, kind=kind, at=at)
    return number


def _foot(number: str) -> str:
    check = {"number": checking.spelt(number), "address": f"{settings.BASE_URL}/really/"}
    return gettext("Check number %(number)s. Is this really from us? %(address)s") % check


def _send(contact: Contact, subject: str, body: str, foot: str, *, code: str | None) -> None:
    """A text is short: the subject and the code, or the first paragraph, and the number."""
    if contact.is_phone:
        said = code or body.partition("\n")[0]
        texting.sender().send(number=contact.address, text=f"{subject}: {said} {foot}")
    else:
        EmailMessage(subject, f"{body}\n\n{foot}", settings.DEFAULT_FROM_EMAIL, [contact.address]).send()


def typed_contact(pseudonym: str, typed: str) -> Contact:
    """Where a message goes that must reach exactly what was typed."""
    return Contact(typed, get_language() or "zh-hans", is_of_phone(pseudonym))
