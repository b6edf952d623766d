"""Letters as e-mail, to the true address."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext

from notifications import checking
from notifications.channels.reaching import contact_of
from notifications.models import Letter
from notifications.rendering import words_of


def deliver(letter: Letter) -> None:
    """:raises NoAddress: there is nobody to write to any more"""
    address, locale = contact_of(letter, "email")
    words = words_of(letter, locale=locale)
    EmailMessage(
        subject=words.title,
        body="\n\n".join(part for part in (words.body, _foot(letter, words.path, locale)) if part),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        headers={"X-Anxin-Letter": str(letter.pk)},
    ).send()


def _foot(letter: Letter, path: str, locale: str) -> str:
    """Where to go on, and how to check the letter; empty when the house doesn't know its own address."""
    if not settings.BASE_URL:
        return ""
    with translation.override(locale):
        lines = [gettext("All your letters: %(address)s") % {"address": f"{settings.BASE_URL}/inbox/"}]
        if path:
            lines.insert(0, gettext("See it here: %(address)s") % {"address": settings.BASE_URL + path})
        if letter.check_number:
            check = {"number": checking.spelt(letter.check_number), "address": f"{settings.BASE_URL}/really/"}
            lines.append(gettext("Check number %(number)s. Is this really from us? %(address)s") % check)
    return "\n".join(lines)
