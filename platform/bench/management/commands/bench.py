"""`dev bench [NAME] [--json]`: each figure beside its floor of the same run."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bench import books, buying, catalogue, cells, copies, due, files, heaps, pages
from bench.measuring import Figure

BENCHES: dict[str, Callable[..., Figure | list[Figure]]] = {
    "product": pages.product,
    "category": pages.category,
    "search": pages.search,
    "home": pages.home,
    "checkout": buying.checkout,
    "deadlines": due.deadlines,
    "crypto": cells.crypto,
    "copy": copies.copy,
    "import": files.imports,
    "ledger": books.ledger,
    "orders": heaps.orders,
    # The last: it fills the shelves for good.
    "catalog": catalogue.catalog,
}
LARGE: dict[str, dict[str, Any]] = {
    "deadlines": {"rows": 10_000_000},
    "ledger": {"postings": 10_000_000},
    "orders": {"orders": 1_000_000},
    "catalog": {"listings": 1_000_000},
}


class Command(BaseCommand):
    help = "Measure against limits in the same run: " + ", ".join(BENCHES)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
        parser.add_argument("--json", action="store_true", help="a list of figures instead of text")
        parser.add_argument("--large", action="store_true", help="10,000,000 rows, 1,000,000 listings")
        parser.add_argument("--listings", type=int, help="up to how many in `catalog` (default 10,000)")
        parser.add_argument("--rows", type=int, help="of the file in `import` (default 10,000)")
        parser.add_argument("--rounds", type=int, default=7, help="pairs of rounds (default 7)")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENV.data.name != "bench":
            # Volume is inserted in bulk: never into a database that somebody uses.
            raise CommandError("The bench has a database of its own. Call it by: python3 dev bench")
        unknown = set(options["names"]) - set(BENCHES)
        if unknown:
            raise CommandError(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
        figures: list[Figure] = []
        for name in options["names"] or BENCHES:
            found = BENCHES[name](rounds=max(1, options["rounds"]), **_sizes(name, options))
            figures += (fresh := found if isinstance(found, list) else [found])
            if not options["json"]:
                self.stdout.write("".join("\n".join(each.lines()) + "\n" for each in fresh))
        if options["json"]:
            self.stdout.write(json.dumps([figure.as_json() for figure in figures], ensure_ascii=False))


def _sizes(name: str, options: dict[str, Any]) -> dict[str, Any]:
    if name == "catalog" and options["listings"]:
        return {"listings": options["listings"]}
    if name == "import" and options["rows"]:
        return {"rows": options["rows"]}
    return LARGE.get(name, {}) if options["large"] else {}
