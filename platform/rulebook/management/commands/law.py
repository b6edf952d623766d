"""The law on the command line: load a pack, count a period, ask for a deadline, rights or rules."""

from __future__ import annotations

import json
import sys
from argparse import Action, ArgumentError, ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from law.counting import Length
from law.facts import Facts
from law.instants import parse_instant
from rulebook import asking, loading, previewing, proposals
from rulebook.sources import read_text


class Command(BaseCommand):
    help = "Load law packs and ask the law: load, due, count, rights, rules."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True, parser_class=_Subparser)
        load = commands.add_parser("load", help="load a pack (.toml) or calendar (.json)")
        load.add_argument("file", type=Path)
        load.add_argument("--preview", action="store_true", help="only say what would change for whom")
        due = commands.add_parser("due", help="the end of a rule's period")
        due.add_argument("--rule", required=True)
        due.add_argument("--parcel", action="append", default=[], help="a further delivery of the order")
        due.add_argument("--informed", action=_Once, help="when the shopper was told of the right, or never")
        for name in ("--notice", "--proof", "--goods-back"):
            due.add_argument(name, action=_Once)
        count = commands.add_parser("count", help="count days, working days, hours, months or years")
        count.add_argument("--n", required=True, type=_number)
        count.add_argument("--unit", required=True)
        for each in (due, count):
            each.add_argument("--start", required=True, action=_Once)
        rights = commands.add_parser("rights", help="a buyer's rights on an offer")
        for name in ("--buyer", "--seller", "--category"):
            rights.add_argument(name, required=True)
        rights.add_argument("--facts", default="{}")
        rights.add_argument("--at")
        rules = commands.add_parser("rules", help="every rule of a place")
        for each in (due, count, rules):
            each.add_argument("--place", required=True)
        for each in (due, count, rights, rules):
            each.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        ask: Callable[[dict[str, Any]], Any] = getattr(self, options["what"])
        try:
            answer = ask(options)
        except DomainError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if isinstance(answer, str):
            self.stdout.write(answer)
        else:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=None if options["json"] else 2))

    def load(self, options: dict[str, Any]) -> str:
        """Say what changes for whom, then load; in production a second person must accept it."""
        path: Path = options["file"]
        text, name, is_calendar = read_text(path), path.name, path.suffix == ".json"
        if is_calendar:
            seen = previewing.of_calendar(loading.calendar_of(text, name=name)[0])
        else:
            seen = previewing.of_pack(loading.pack_of(text, name=name)[0])
        for line in _preview(seen):
            self.stdout.write(line)
        if options["preview"]:
            return "nothing loaded: preview only"
        if settings.PRODUCTION:
            proposals.propose(text=text, name=name, actor=Actor.system(), at=clock.now())
            return f"{seen.version} waits for a second person in the staff pages"
        keep = loading.load_calendar if is_calendar else loading.load_pack
        row, new = keep(text=text, name=name, actor=Actor.system(), at=clock.now())
        return f"{'loaded' if new else 'already loaded:'} {row.version}"

    def due(self, options: dict[str, Any]) -> dict[str, Any]:
        never = options["informed"] == "never"
        facts = Facts(
            start=parse_instant(options["start"]),
            parcels=tuple(parse_instant(text) for text in options["parcel"]),
            informed=None if never else _instant(options["informed"]),
            never_informed=never,
            notice=_instant(options["notice"]),
            proof=_instant(options["proof"]),
            goods_back=_instant(options["goods_back"]),
        )
        return asking.due(rule_id=options["rule"], place=options["place"], facts=facts)

    def count(self, options: dict[str, Any]) -> dict[str, Any]:
        length = Length(options["n"], options["unit"])
        return asking.counted(start=parse_instant(options["start"]), length=length, place=options["place"])

    def rights(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        return asking.rights(
            buyer=options["buyer"],
            seller=options["seller"],
            category=options["category"],
            facts=_facts(options["facts"]),
            at=parse_instant(options["at"]) if options["at"] else clock.now(),
        )

    def rules(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        return asking.rules(place=options["place"], at=clock.now())


class _Once(Action):
    """A fact said twice is a contradiction; the last one silently winning would be a guess."""

    def __call__(
        self, parser: ArgumentParser, namespace: Namespace, values: Any, option_string: str | None = None
    ) -> None:
        if getattr(namespace, self.dest) is not None:
            raise ArgumentError(self, "can be given once only")
        setattr(namespace, self.dest, values)


class _Subparser(CommandParser):
    """Subcommands take no Django options of their own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.called_from_command_line = True


def _preview(seen: previewing.Preview) -> Iterator[str]:
    """One line per change: whom it concerns, which rule, from what to what."""
    replaces = seen.replaces or "nothing"
    yield f"{seen.place}: {seen.version} in place of {replaces}, {len(seen.changes)} changes"
    for each in seen.changes:
        yield f"  {each.owner or '-':9} {each.rule_id} {each.what}: {each.before} -> {each.after}"
    if seen.recounted:
        yield f"  {seen.recounted} running deadlines would be counted again, {seen.moved} give another day"


def _instant(text: str | None) -> datetime | None:
    return parse_instant(text) if text else None


def _number(text: str) -> int:
    if not text.lstrip("-").isdecimal() or len(text) > 9:
        raise ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def _facts(text: str) -> dict[str, object]:
    try:
        facts = json.loads(text)
    except json.JSONDecodeError:
        raise asking.BadFact(fact=text[:40], known=", ".join(asking.FACTS)) from None
    if not isinstance(facts, dict):
        raise asking.BadFact(fact=text[:40], known=", ".join(asking.FACTS))
    return facts
