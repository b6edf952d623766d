"""The labelled wording of this folder, and how the rules do on it."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import catalog
from catalog.screening.engine import alarms, screen
from catalog.screening.finding import Text

HERE = Path(__file__).parent / "labelled"
FOOD = Path(catalog.__file__).parent / "data" / "openfoodfacts" / "products.csv.gz"
CLEAN = {"clean", "tricky"}


@dataclass(frozen=True)
class Line:
    label: str
    category: str
    field: str
    language: str
    words: str

    @property
    def text(self) -> Text:
        own = self.field in ("title", "description")
        return Text(f"{self.field}_{self.language}" if own else self.field, self.words)


@dataclass
class Rates:
    """By key (a kind or a language): how many there are, found, and flagged though clean."""

    violations: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    clean: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    misses: list[Line] = field(default_factory=list)
    wrong: list[tuple[Line, str]] = field(default_factory=list)

    def recall(self, key: str) -> float:
        return self.found[key] / self.violations[key]

    def precision(self, key: str) -> float:
        """Of what was flagged as this kind, how much was no clean text."""
        right = self.found[key]
        return right / (right + self.flagged[key]) if right else 0.0

    def false_rate(self, key: str) -> float:
        return self.false[key] / self.clean[key]


@cache
def lines(name: str) -> tuple[Line, ...]:
    return tuple(_lines(HERE / name))


def _lines(path: Path) -> Iterator[Line]:
    head: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            head = [each.strip() for each in line[3:].split("|")]
        elif line:
            yield Line(*head, line)


@cache
def rates(name: str) -> Rates:
    result = Rates()
    for line in lines(name):
        found = alarms(screen([line.text], category=line.category))
        if line.label in CLEAN:
            _count_clean(result, line, [str(each.kind) for each in found])
        else:
            hit = line.label in {str(each.kind) for each in found}
            for key in (line.label, line.language, "all"):
                result.violations[key] += 1
                result.found[key] += hit
            if not hit:
                result.misses.append(line)
    return result


def _count_clean(result: Rates, line: Line, kinds: list[str]) -> None:
    for key in (line.label, line.language, "all"):
        result.clean[key] += 1
        result.false[key] += bool(kinds)
    result.flagged.update(set(kinds) | ({"all"} if kinds else set()))
    if kinds:
        result.wrong.append((line, kinds[0]))


def food_titles() -> list[str]:
    with gzip.open(FOOD, "rt", encoding="utf-8") as stream:
        return [row["product_name"] for row in csv.DictReader(stream) if row["product_name"].strip()]
