"""Mail of the sign-in pages: addressed by pseudonym, sent to the true address, written nowhere."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context, Engine
from django.utils import translation
from django.utils.translation import get_language

from accounts.finding import account_of_contact
from accounts.pseudonyms import is_of_phone
from kernel.errors import N_, DomainError
from notifications import addressees
from web import texting

log = logging.getLogger(__name__)


class MailDidNotLeave(DomainError):
    code = "mail_did_not_leave"
    message = N_("We can't send messages at this moment, so nothing was changed. Try again in a few minutes.")
    status = 503


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


def write(template_prefix: str, *, contact: Contact, context: Mapping[str, Any]) -> None:
    """Send now: a code can't wait for the sweep, and must not lie in a table until then.

    :raises MailDidNotLeave: the mail server or the text provider didn't take it
    """
    engine = Engine.get_default()
    with translation.override(contact.locale):
        words = Context({**context, "base_url": settings.BASE_URL}, autoescape=False)
        subject = " ".join(engine.get_template(f"{template_prefix}_subject.txt").render(words).split())
        body = engine.get_template(f"{template_prefix}_message.txt").render(words).strip()
    try:
        _send(contact, subject, body, code=context.get("code"))
    except OSError as problem:
        log.error("sign-in mail did not leave: %s", type(problem).__name__)
        raise MailDidNotLeave from None


def _send(contact: Contact, subject: str, body: str, *, code: str | None) -> None:
    """A text is short: the subject and the code, or the first paragraph."""
    if contact.is_phone:
        texting.sender().send(number=contact.address, text=f"{subject}: {code or body.partition(chr(10))[0]}")
    else:
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [contact.address]).send()


def typed_contact(pseudonym: str, typed: str) -> Contact:
    """Where a message goes that must reach exactly what was typed."""
    return Contact(typed, get_language() or "zh-hans", is_of_phone(pseudonym))
