"""Letters as texts, for whoever has a number and no e-mail address: the title and where to read on."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from notifications import checking
from notifications.channels.reaching import contact_of
from notifications.models import Letter
from notifications.rendering import words_of
from web import texting


def deliver(letter: Letter) -> None:
    """:raises NoAddress: there is nobody to write to any more. :raises TextNotSent:"""
    number, locale = contact_of(letter, "phone")
    title = words_of(letter, locale=locale).title
    texting.sender().send(number=number, text=" ".join([title, *_foot(letter, locale)]))


def _foot(letter: Letter, locale: str) -> list[str]:
    """Nothing when the house doesn't know its own address."""
    if not settings.BASE_URL:
        return []
    lines = [f"{settings.BASE_URL}/inbox/"]
    if letter.check_number:
        with translation.override(locale):
            check = {"number": checking.spelt(letter.check_number), "address": f"{settings.BASE_URL}/really/"}
            lines.append(gettext("Check number %(number)s. Is this really from us? %(address)s") % check)
    return lines
