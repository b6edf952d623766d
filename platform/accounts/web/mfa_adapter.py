"""allauth's doors for second factors: secrets sealed, names of ours, a picture without a foreign file."""

from __future__ import annotations

from typing import Any, ClassVar

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import second_factors
from accounts.models import User


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code doesn't match. Enter the one that the app shows now, or try again."),
        "unverified_email": _("Prove your address first."),
    }

    def encrypt(self, text: str) -> str:
        return second_factors.keep(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_factors.opened(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """Drawn into the page: nothing is loaded, nothing leaves."""
        picture: str = segno.make(url).svg_inline(
            scale=5, border=2, omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None
        )
        return picture

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return gettext("My passkey")

    def _get_user_identifier(self, user: User) -> str:
        return user.get_full_name()

    def _get_site_name(self) -> str:
        return "Anxin"
