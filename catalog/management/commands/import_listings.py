"""`manage import_listings FILE --merchant SLUG`: listings from a CSV file, packed or not."""

from __future__ import annotations

import csv
import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from catalog import picture_packs
from catalog.importing.reading import ColumnMap
from catalog.importing.running import Summary, run
from catalog.importing.writing import Outcome
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from merchants.access import any_merchant
from merchants.models import Merchant
from web.export import safe_cell

REPORTS = settings.FILES_ROOT.parent / "reports"


class Command(BaseCommand):
    help = (
        "Import listings from CSV or XLSX, rows of one code being its variants:"
        " complete ones go on sale, the others become drafts with their gaps named."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV or .xlsx with a header line; .gz too")
        parser.add_argument("--merchant", required=True, metavar="SLUG", help="whose listings they are")
        parser.add_argument("--columns", type=Path, help="JSON map from the file's columns to ours")
        parser.add_argument("--pictures", type=Path, metavar="ZIP", help="the pictures that the file names")
        parser.add_argument("--report", type=Path, help="where to write a line for each row (CSV)")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        try:
            summary = self._run(options)
        except DomainError as error:
            raise CommandError(str(error)) from error
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['columns']}: this isn't a JSON map of columns ({error})") from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        self._say(summary, time.monotonic() - begun, dry=options["dry_run"])

    def _run(self, options: dict[str, Any]) -> Summary:
        columns = None
        if options["columns"]:
            columns = ColumnMap.read(json.loads(options["columns"].read_text(encoding="utf-8")))
        merchant = any_merchant(options["merchant"])
        if options["pictures"] and not options["dry_run"]:
            self._take_pictures(options["pictures"], merchant)
        path: Path = options["report"] or REPORTS / f"{options['merchant']}-{options['file'].name}.report.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with options["file"].open("rb") as stream, path.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(["row", "code", "result", "gaps", "problems"])

            def report(outcome: Outcome) -> None:
                writer.writerow([safe_cell(cell) for cell in line(outcome)])
                if outcome.number % 200 == 0:
                    self.stderr.write(f"  row {outcome.number} …")

            self.stdout.write(f"report of every row: {path}")
            return run(
                stream,
                merchant=merchant,
                actor=Actor.system(),
                at=clock.now(),
                columns=columns,
                dry=options["dry_run"],
                report=report,
            )

    def _take_pictures(self, path: Path, merchant: Merchant) -> None:
        with path.open("rb") as pack:
            found = picture_packs.take(pack, merchant_id=merchant.pk, actor=Actor.system(), at=clock.now())
        self.stdout.write(f"{found.count} pictures taken")
        for name, words in found.problems:
            self.stdout.write(f"  not taken: {name}: {words}")

    def _say(self, summary: Summary, seconds: float, *, dry: bool) -> None:
        pace = summary.total / seconds if seconds else 0
        lead = "dry run, nothing written: " if dry else ""
        self.stdout.write(f"{lead}{summary.total} rows in {seconds:.1f} s ({pace:.0f} rows/s)")
        for result, number in summary.rows:
            self.stdout.write(f"  {result:10} {number:>7}")
        if summary.gaps:
            self.stdout.write("top gaps (field, duty, rows):")
        for (field, duty), number in summary.gaps.most_common(12):
            self.stdout.write(f"  {field:24} {duty:32} {number:>7}")
        for column, number in summary.problems.most_common(8):
            self.stdout.write(f"  could not be read: {column or 'row':22} {number:>7}")


def line(outcome: Outcome) -> list[str]:
    """A row's report: number, code, result, gaps with their duties, problems with what was written."""
    gaps = "; ".join(f"{field} ({duty})" for field, duty in outcome.gaps)
    problems = "; ".join(
        f"{column}: {problem} [{written}]" if written else problem
        for column, problem, written in outcome.problems
    )
    return [str(outcome.number), outcome.code, outcome.result, gaps, problems]
