"""What the authenticator app of a demo's member of staff shows now."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import finding, pseudonyms, staff_factors


class Command(BaseCommand):
    help = "Print the present code of the authenticator app of EMAIL (never in production)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("In production codes come from the person's own app only.")
        user = finding.account_of_pseudonym(pseudonyms.pseudonym_of(options["email"]))
        code = staff_factors.present_code(user, now=timezone.now()) if user else None
        if code is None:
            raise CommandError("No account with this address has an authenticator app.")
        self.stdout.write(code)
