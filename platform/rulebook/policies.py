"""What law leaves to the platform, by name and version; cited by page, deadline and test alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.errors import N_, DomainError
from rulebook import shelf


class PolicyUnknown(DomainError):
    code = "policy_unknown"
    message = N_("There is no platform policy “%(name)s” at that time.")
    status = 422


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy in force. `rule_id` is how deadlines and pages cite it."""

    name: str
    value: Any
    version: int
    in_force_from: datetime

    @property
    def rule_id(self) -> str:
        return f"policy.{self.name}"

    @property
    def pack_version(self) -> str:
        return f"policy.v{self.version}"


def row(name: str, at: datetime) -> PolicyRow:
    """The newest version in force at the instant.

    :raises PolicyUnknown:
    """
    held = [each for each in shelf.current().policies.get(name, ()) if each.in_force_from <= at]
    if not held:
        raise PolicyUnknown(name=name)
    return PolicyRow(name, held[-1].value, held[-1].version, held[-1].in_force_from)


def row_of_version(name: str, pack_version: str) -> PolicyRow | None:
    """The version that a deadline names as its `pack_version`; None if it was never loaded."""
    held = (
        PolicyRow(name, each.value, each.version, each.in_force_from)
        for each in shelf.current().policies.get(name, ())
    )
    return next((each for each in held if each.pack_version == pack_version), None)


def value(name: str, at: datetime) -> Any:
    """The policy's value as plain data: a number, text, list or table. Don't change it."""
    return row(name, at).value


def number(name: str, at: datetime) -> int:
    """A policy that is one whole number.

    :raises TypeError: for one that isn't, which is a slip in the code
    """
    found = value(name, at)
    if type(found) is not int:
        raise TypeError(f"policy {name} is not a whole number")
    return found


def rows(prefix: str, at: datetime) -> list[PolicyRow]:
    """Every policy in force whose name starts with `prefix`, in the order of its table."""
    names = [name for name in shelf.current().policies if name.startswith(f"{prefix}.")]
    found = [row(name, at) for name in names if shelf.current().policies[name][0].in_force_from <= at]
    return sorted(found, key=_position)


def _position(policy: PolicyRow) -> tuple[int, str]:
    at_place = policy.value.get("position", 0) if isinstance(policy.value, dict) else 0
    return at_place, policy.name
