"""The first officers, before there are two people who could appoint together."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import finding, pseudonyms, staff
from kernel import clock
from kernel.errors import DomainError


class Command(BaseCommand):
    help = "Appoint the account EMAIL to ROLE; refused once two security officers are there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=[role.value for role in staff.Role])

    def handle(self, *args: Any, **options: Any) -> None:
        user = finding.account_of_pseudonym(pseudonyms.pseudonym_of(options["email"]))
        if user is None:
            raise CommandError("There is no account with this address.")
        try:
            staff.appoint_first(user_id=user.pk, role=staff.Role(options["role"]), at=clock.now())
        except DomainError as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"appointed: {options['role']}")
