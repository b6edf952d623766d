"""docs/asvs.md: every requirement of levels 1 and 2 has its line, and what a line names exists."""

import re
from collections import Counter

import pytest

from tests.architecture.tree import ROOT

TEXT = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
LINE = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (met|part|gap|n/a) \| (.*) \| (.*) \|$", re.M)
ROWS = LINE.findall(TEXT)
# Section: the last number in it, without those that belong to level 3 alone.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2,
    "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3,
    "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 11, "6.3": 3, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3,
    "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3,
    "9.2": 4, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 3, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2,
    "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3,
    "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}  # fmt: skip


def test_every_requirement_has_one_line() -> None:
    wanted = [f"{section}.{number}" for section, last in SECTIONS.items() for number in range(1, last + 1)]
    assert Counter(row[0] for row in ROWS) == Counter(wanted)
    assert TEXT.count("\n| ") == len(ROWS) + TEXT.count("| # | level |")


def test_the_count_is_that_of_the_lines() -> None:
    states = Counter(row[2] for row in ROWS)
    said = (
        f"{states['met']} met, {states['part']} in part, {states['gap']} gaps, {states['n/a']} do not apply"
    )
    assert said in TEXT


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([^`]+)`", " ".join(row[4] for row in ROWS)))))
def test_what_a_line_names_exists(name: str) -> None:
    path, _, function = name.partition("::")
    assert (ROOT / path).exists()
    if function:
        assert re.search(rf"def {function}\b", (ROOT / path).read_text(encoding="utf-8"))


def test_who_meets_nothing_says_why() -> None:
    assert not [row[0] for row in ROWS if row[2] in ("part", "gap", "n/a") and not row[3].strip()]
