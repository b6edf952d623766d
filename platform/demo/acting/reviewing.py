"""What shoppers write about goods they have had for a while."""

from __future__ import annotations

from demo.script import Step
from demo.stage import Stage


def review(stage: Stage, step: Step) -> None:
    """Nobody takes reviews in yet."""
