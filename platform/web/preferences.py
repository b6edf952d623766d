"""How a person wants pages to look and where goods go; kept in a cookie that holds nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from web.places import CODES

COOKIE = f"{settings.COOKIE_PREFIX}anxin_display"
YEAR_SECONDS = 365 * 24 * 3600
THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Preferences:
    """`theme` empty follows the system; `place` is one of `places.CODES`, "" while none was chosen."""

    elder: bool = False
    theme: str = ""
    place: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        words = request.COOKIES.get(COOKIE, "").split(".")
        theme = next((word for word in words if word in THEMES), "")
        place = next((word for word in words if word in CODES), "")
        return cls(elder="elder" in words, theme=theme, place=place)

    def keep(self, response: HttpResponse, *, secure: bool) -> None:
        words = ("elder" if self.elder else "", self.theme, self.place)
        value = ".".join(word for word in words if word)
        if not value:
            response.delete_cookie(COOKIE, samesite="Lax")
            return
        response.set_cookie(COOKIE, value, max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax")
