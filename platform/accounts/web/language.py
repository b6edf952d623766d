"""The browser's language follows the account's."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse


def keep_language(response: HttpResponse, locale: str, *, secure: bool) -> None:
    """Let the pages speak `locale` from the next one on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        locale,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=secure,
        samesite="Lax",
    )
