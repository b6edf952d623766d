"""Courses and their quizzes, read from data: words in three languages, one right answer a question."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parent / "data" / "training.toml"
LOCALES = ("zh-hans", "zh-hant", "en")

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """`choices` are (key, words) in their order; `why` explains the right one."""

    key: str
    text: Words
    choices: tuple[tuple[str, Words], ...]
    right: str
    why: Words


@dataclass(frozen=True, slots=True)
class Course:
    slug: str
    version: str
    title: Words
    intro: Words
    points: tuple[Words, ...]
    questions: tuple[Question, ...]


def course(slug: str) -> Course | None:
    """The newest version of a course."""
    return courses().get(slug)


@cache
def courses() -> dict[str, Course]:
    """:raises ValueError: a question without its right answer, or words missing in a language"""
    data = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return {each["slug"]: _course(each) for each in data["courses"]}


def _course(data: dict[str, Any]) -> Course:
    return Course(
        slug=data["slug"],
        version=data["version"],
        title=_words(data["title"]),
        intro=_words(data["intro"]),
        points=tuple(_words(each["text"]) for each in data["points"]),
        questions=tuple(_question(each) for each in data["questions"]),
    )


def _question(data: dict[str, Any]) -> Question:
    choices = tuple((each["key"], _words(each["text"])) for each in data["choices"])
    if data["right"] not in {key for key, _ in choices}:
        raise ValueError(f"{data['key']}: the right answer is none of its choices")
    return Question(data["key"], _words(data["text"]), choices, data["right"], _words(data["why"]))


def _words(found: dict[str, str]) -> Words:
    missing = [locale for locale in LOCALES if not found.get(locale)]
    if missing:
        raise ValueError(f"no words in {missing}")
    return found
