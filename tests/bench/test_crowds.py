"""Processes of the bench start together, answer, and say what went wrong."""

import os
from collections.abc import Callable
from typing import Any

import pytest

from bench.crowds import crowd


def _acts(number: int) -> dict[str, Callable[[], Any]]:
    def fail() -> None:
        raise ValueError(f"number {number}")

    return {"who": lambda: (number, os.getpid()), "fail": fail}


def test_everybody_answers_from_a_process_of_its_own() -> None:
    with crowd(3, _acts) as together:
        answers = together.do("who")
        assert [number for number, _ in answers] == [0, 1, 2]
        assert len({os.getpid(), *(pid for _, pid in answers)}) == 4
        assert together.do("who") == answers
        assert together.seconds("who") > 0


def test_a_failure_stops_the_bench_and_is_said() -> None:
    with pytest.raises(RuntimeError, match="ValueError: number 0"), crowd(2, _acts) as together:
        together.do("fail")


def test_nobody_is_left_behind() -> None:
    with crowd(2, _acts) as together:
        pids = [pid for _, pid in together.do("who")]
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
