"""Destroying a master key that wraps nothing any more: proposed by one officer, confirmed by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from accounts.joint_acts import Signed, Step
from kernel.errors import N_
from privacy import rewrapping


@dataclass(frozen=True, slots=True)
class RetireMaster(Step):
    """Backups whose keys lie under it are lost with it, so nobody does this alone."""

    kind: ClassVar[str] = "privacy.retire_master"
    permission: ClassVar[str] = "privacy.retire_master"
    words: ClassVar[str] = N_("Destroy an old master key")

    version: int


def retire(step: RetireMaster, signed: Signed, at: datetime) -> int:
    """:raises MasterInUse: nothing is destroyed then"""
    rewrapping.retire_one(version=step.version, at=at)
    return step.version
