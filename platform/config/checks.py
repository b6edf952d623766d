"""System checks: an event, a deadline kind or a letter that nobody handles stops the start."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, register

from config import subscriptions
from kernel.events import Event
from privacy import master


def _all_events(base: type[Event] = Event) -> set[type[Event]]:
    found: set[type[Event]] = set()
    for cls in base.__subclasses__():
        found |= {cls} if "event_name" in vars(cls) else set()
        found |= _all_events(cls)
    return found


@register()
def the_master_key_is_private(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A key file that others may read, or a damaged one, stops every command."""
    if settings.KEY_SERVICE or not settings.MASTER_KEY_FILE.exists():
        return []
    try:
        master.check()
    except master.MasterKeyMissing as wrong:
        return [Error(str(wrong), id="config.E010")]
    return []


@register()
def every_event_is_in_the_table(app_configs: Any, **kwargs: Any) -> list[Error]:
    """An event class that the table doesn't know would be parked for ever."""
    missing = {cls.event_name for cls in _all_events()} - {cls.event_name for cls in subscriptions.EVENTS}
    return [
        Error(
            f"{name} is not in config/subscriptions.py",
            hint="List it, with () if nobody listens.",
            id="config.E001",
        )
        for name in sorted(missing)
    ]


def booked_kinds() -> set[str]:
    """The deadline kinds that the apps' deadlines.py name: constants like "orders.dispatch"."""
    kinds: set[str] = set()
    for app in apps.get_app_configs():
        for file in _deadline_files(app.path):
            kinds |= _constants(file, app.label)
    return kinds


def _constants(source: str, label: str) -> set[str]:
    values = {
        str(node.value.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    }
    return {value for value in values if value.startswith(f"{label}.")}


def _deadline_files(path: str) -> list[str]:
    file = Path(path) / "deadlines.py"
    return [file.read_text()] if file.exists() else []


@register()
def every_deadline_kind_has_an_outcome(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A kind without an outcome would be a promise that ends in nothing."""
    missing = booked_kinds() - set(subscriptions.DEADLINES)
    return [
        Error(f"deadline kind {kind} has no outcome in config/subscriptions.py", id="config.E002")
        for kind in sorted(missing)
    ]
