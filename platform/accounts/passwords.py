"""Passwords made of this site's own words are the first that a guesser tries (ASVS 5.0, 6.2.11)."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

WORDS = ("anxin", "安心", "安心商城")


class NoSiteWords:
    """A validator of Django's: refuses a password that holds a word of ours, however it is spelt."""

    def validate(self, password: str, user: Any = None) -> None:
        """:raises ValidationError:"""
        plain = unicodedata.normalize("NFKC", password).casefold()
        if any(word in plain for word in WORDS):
            raise ValidationError(self.get_help_text(), code="password_site_word")

    def get_help_text(self) -> str:
        return gettext("Don't use the name of this site in the password: it is tried first.")
