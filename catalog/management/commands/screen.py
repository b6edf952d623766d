"""`manage screen TEXT --category SLUG --json`: what the rules say about a text."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.models import Category
from catalog.screening.engine import screen, verdict
from catalog.screening.finding import Finding, Text
from catalog.screening.ruleset import by_id

LANGUAGES = ("zh-hans", "zh-hant", "en")


class Command(BaseCommand):
    help = "Screen a text as the editor, the import and the publication do; nothing is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", metavar="TEXT")
        parser.add_argument("--category", required=True, metavar="SLUG", help="the kind of goods")
        parser.add_argument("--field", default="title", help="where the text stands (title by default)")
        parser.add_argument("--held", action="append", default=[], metavar="KIND", help="a document in force")
        parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the sentences")
        parser.add_argument("--json", action="store_true", help="the answer as one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not Category.objects.filter(pk=options["category"]).exists():
            raise CommandError(f"there is no category “{options['category']}”; see manage load_categories")
        text = Text(options["field"], options["text"])
        found = screen([text], category=options["category"], held=frozenset(options["held"]))
        if options["json"]:
            answer = {"verdict": verdict(found), "findings": [_as_json(each) for each in found]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(f"{verdict(found)}: {len(found)} found")
        for each in found:
            rule, language = by_id()[each.rule_id], options["language"]
            self.stdout.write(
                f"  {each.severity:7}{each.start}-{each.end} “{each.words}” {each.rule_id} ({each.law})"
            )
            self.stdout.write(f"         {rule.says[language]} {rule.instead[language]}")


def _as_json(finding: Finding) -> dict[str, Any]:
    rule = by_id()[finding.rule_id]
    return {**finding.as_data(), "says": dict(rule.says), "instead": dict(rule.instead)}
