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

from accounts.finding import account_of_pseudonym
from kernel.errors import N_, DomainError
from notifications import addressees

log = logging.getLogger(__name__)


class MailDidNotLeave(DomainError):
    code = "mail_did_not_leave"
    message = N_("We can't send e-mail at this moment, so nothing was changed. Try again in a few minutes.")
    status = 503


@dataclass(frozen=True, slots=True)
class Contact:
    address: str
    locale: str


def contact_of(pseudonym: str, *, typed: Mapping[str, str]) -> Contact | None:
    """The sealed address of the account; for a stranger the address typed in this very request."""
    user = account_of_pseudonym(pseudonym)
    addressee = addressees.of(user.subject_id) if user else None
    if addressee and addressee.email:
        return Contact(addressee.email, addressee.locale)
    if pseudonym in typed:
        return Contact(typed[pseudonym], get_language() or "zh-hans")
    return None


def write(template_prefix: str, *, contact: Contact, context: Mapping[str, Any]) -> None:
    """Send now: a code can't wait for the sweep, and must not lie in a table until then.

    :raises MailDidNotLeave: the mail server didn't take it
    """
    engine = Engine.get_default()
    with translation.override(contact.locale):
        words = Context({**context, "base_url": settings.BASE_URL}, autoescape=False)
        subject = " ".join(engine.get_template(f"{template_prefix}_subject.txt").render(words).split())
        body = engine.get_template(f"{template_prefix}_message.txt").render(words).strip()
    try:
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [contact.address]).send()
    except OSError as problem:
        log.error("sign-in mail did not leave: %s", type(problem).__name__)
        raise MailDidNotLeave from None
