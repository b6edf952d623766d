"""Refusals with a name: what happened, and what the person can do."""

from __future__ import annotations

from typing import ClassVar


def N_(message: str) -> str:
    """Mark an English sentence for translation; the web floor translates it."""
    return message


class Away(RuntimeError):
    """A part of the platform doesn't answer just now: the same request works again in a moment (503)."""


class DomainError(Exception):
    """An expected refusal. Subclasses sit beside the function that raises them.

    `code` is stable and machine-readable; `message` is an English msgid whose `%(name)s`
    parameters are filled from `params` after translation; `status` is the HTTP status.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[str] = N_("This can't be done now.")
    status: ClassVar[int] = 409

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.code)

    def __str__(self) -> str:
        try:
            return self.message % self.params
        except (KeyError, TypeError, ValueError):
            return f"{self.code}: {self.params}"


class NotFound(DomainError):
    """Absent and foreign look the same."""

    code = "not_found"
    message = N_("We can't find this page. It may have moved, or the link may be incomplete.")
    status = 404


class Invalid(DomainError):
    """Input that names its field: `Invalid(field=…)` on subclasses."""

    code = "invalid"
    message = N_("Something in the form needs a change.")
    status = 422


class IllegalMove(DomainError):
    """A step that the lifecycle doesn't allow from the present state."""

    code = "illegal_move"
    message = N_(
        "This step isn't possible any more: things have moved on. Reload the page to see where it stands."
    )
    status = 409
