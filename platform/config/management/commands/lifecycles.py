"""docs/lifecycles.md: every lifecycle table of the house, drawn from the tables themselves."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel.lifecycle import Lifecycle

PAGE = Path(settings.ROOT) / "docs" / "lifecycles.md"
HEAD = """# Lifecycles

Made by `python3 dev manage lifecycles` from the tables in the code; a test refuses a page that is behind.
A move that is not in a table cannot be made by anybody.
"""


class Command(BaseCommand):
    help = "Write docs/lifecycles.md from the lifecycle tables (--check: only say whether it is current)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        text = page()
        if options["check"]:
            if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text:
                raise CommandError("docs/lifecycles.md is behind the code: python3 dev manage lifecycles")
            return
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(text, encoding="utf-8")
        self.stdout.write(f"{PAGE.name}: {sum(1 for _ in tables())} lifecycles")


def page() -> str:
    """The whole page as it should be now."""
    return "\n".join([HEAD, *(section(app, table) for app, table in tables())])


def tables() -> Iterator[tuple[str, Lifecycle[Any]]]:
    """(app, table) for each lifecycle in a module of an app that is named for it, by app and name."""
    for config in sorted(apps.get_app_configs(), key=lambda one: one.label):
        if Path(settings.ROOT) not in Path(config.path).parents or ".venv" in Path(config.path).parts:
            continue
        found: dict[int, Lifecycle[Any]] = {}
        for file in sorted(Path(config.path).glob("*.py")):
            if file.stem == "states" or file.stem.endswith("lifecycle"):
                module = import_module(f"{config.name}.{file.stem}")
                found |= {id(thing): thing for thing in vars(module).values() if isinstance(thing, Lifecycle)}
        for table in sorted(found.values(), key=lambda one: one.name):
            yield config.label, table


def section(app: str, table: Lifecycle[Any]) -> str:
    rows = list(table.as_rows())
    reached = {target for _, _, target in rows}
    first = next((state for state in table.values if state not in reached), table.values[0])
    lines = [f"## {app}: {table.name}", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {first}"]
    lines += [f"    {source} --> {target}: {move}" for move, source, target in rows]
    lines += [
        f"    {state} --> [*]" for state in table.values if state in {str(end) for end in table.terminal}
    ]
    lines += ["```", "", "| move | from | to |", "| --- | --- | --- |"]
    lines += [f"| {move} | {source} | {target} |" for move, source, target in rows]
    return "\n".join([*lines, ""])
