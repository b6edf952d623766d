"""`manage refund_quote --order N --lines L:Q,…`: the sum that the page before a return would show now."""

from __future__ import annotations

import json
import re
import sys
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import translation

from kernel import clock
from kernel.errors import N_, DomainError, Invalid, NotFound
from orders import asking
from orders.models import Order
from orders.web import return_sum
from web.errors import told_of

# Exit codes: a sum, a refusal by the rules of returns, arguments that say nothing, no such order.
QUOTED, REFUSED, UNREADABLE, NO_ORDER = 0, 1, 2, 3
_PART = re.compile(r"([0-9]{1,4}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([0-9]{1,6})", re.ASCII)


class LinesUnreadable(Invalid):
    code = "lines_unreadable"
    message = N_("Write --lines as LINE:QUANTITY, separated by commas, such as 1:2,3:1.")


class NoSuchLine(Invalid):
    code = "no_such_line"
    message = N_("The order has no line %(line)s.")


class Command(BaseCommand):
    help = "Print what a return of these lines would give back, step by step. Writes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--order", required=True, help="the order's number")
        parser.add_argument("--lines", required=True, help="L:Q,…: L is a line's place (from 1) or id")
        parser.add_argument("--kind", default="no_reason", choices=asking.KINDS)
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=dict(settings.LANGUAGES))
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            try:
                answer, code = self._quote(**options), QUOTED
            except DomainError as refusal:
                answer, code = {"refused": told_of(refusal)}, _exit_code(refusal)
        indent = None if options["json"] else 1
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=indent, cls=DjangoJSONEncoder))
        sys.exit(code)

    def _quote(self, *, order: str, lines: str, kind: str, **_options: Any) -> dict[str, Any]:
        """:raises DomainError: every refusal of the return page, and lines that can't be read"""
        found = Order.objects.with_lines().get_or_not_found(number=order.strip())
        at = clock.now()
        request = asking.check(found, lines=_picked(found, lines), kind=kind, at=at)
        return return_sum.told(found, request, at=at)


def _picked(order: Order, text: str) -> list[tuple[UUID, int]]:
    by_name = {str(line.position): line.pk for line in order.lines.all()}
    by_name |= {str(line.pk): line.pk for line in order.lines.all()}
    picked = []
    for part in text.split(","):
        read = _PART.fullmatch(part.strip())
        if read is None:
            raise LinesUnreadable(field="lines")
        if read[1] not in by_name:
            raise NoSuchLine(field="lines", line=read[1])
        picked.append((by_name[read[1]], int(read[2])))
    return picked


def _exit_code(refusal: DomainError) -> int:
    if isinstance(refusal, LinesUnreadable | NoSuchLine):
        return UNREADABLE
    return NO_ORDER if isinstance(refusal, NotFound) else REFUSED
