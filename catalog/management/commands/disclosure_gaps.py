"""`manage disclosure_gaps FILE… --category SLUG`: how many products could go on sale, and what lacks."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.access import public_category
from catalog.importing.measuring import Figures, measure
from catalog.importing.reading import ColumnMap
from catalog.schema import schema_of
from kernel.errors import DomainError

TOP = 12


class Command(BaseCommand):
    help = "Count what a file's products lack of what their category demands; nothing is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", help="CSV; later files complete products by code")
        parser.add_argument("--category", required=True, metavar="SLUG")
        parser.add_argument("--columns", type=Path, help="JSON map from the first file's columns to ours")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            figures = self._measured(options)
        except DomainError as error:
            raise CommandError(str(error)) from error
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(_as_data(figures)) if options["as_json"] else _as_text(figures))

    def _measured(self, options: dict[str, Any]) -> Figures:
        columns = None
        if options["columns"]:
            columns = ColumnMap.read(json.loads(options["columns"].read_text(encoding="utf-8")))
        schema = schema_of(public_category(options["category"]).schema)
        return measure(options["files"], schema=schema, columns=columns)


def _as_data(figures: Figures) -> dict[str, Any]:
    return {
        "products": figures.products,
        "complete": figures.complete,
        "unreadable": figures.unreadable,
        "gaps": [
            {"field": field, "duty": duty, "products": number} for (field, duty), number in figures.gaps
        ],
    }


def _as_text(figures: Figures) -> str:
    lines = [f"{figures.complete} of {figures.products} products could go on sale"]
    lines += [f"  {field:24} {duty:32} {number:>7}" for (field, duty), number in figures.gaps[:TOP]]
    return "\n".join(lines)
