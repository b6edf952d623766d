"""Log lines as JSON with the request's id, and without anything that names a person."""

from __future__ import annotations

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

# What a line may say beside its message: names of code and keys of rows, scrubbed like the rest.
NAMED = ("code", "handler", "message_id", "row")
request_id: ContextVar[str] = ContextVar("request_id", default="-")

_SCRUBS = (
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "<email>"),
    (re.compile(r"(?<![\w-])\+?\d[\d -]{8,17}\d(?![\w-])"), "<number>"),
    (
        re.compile(
            r"(?i)(token|password|passwd|secret|authorization|cookie|csrfmiddlewaretoken|code)(\W{1,3})[^\s&\"',;]+"
        ),
        r"\1\2<hidden>",
    ),
    (
        re.compile(r"(/orders/g/|/account/undo/|/account/not-me/|/privacy/certificates/)[\w:.-]+"),
        r"\1<token>",
    ),
    (re.compile(r"(?<=\?)[^\s\"]+"), "<query>"),
)


def scrub(text: str) -> str:
    """Addresses, long numbers, secrets, guest tokens and query strings become placeholders."""
    for pattern, instead in _SCRUBS:
        text = pattern.sub(instead, text)
    return text


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": request_id.get(),
            "message": scrub(record.getMessage()),
        }
        facts = {name: scrub(str(getattr(record, name))) for name in NAMED if hasattr(record, name)}
        facts |= getattr(record, "facts", None) or {}
        if facts:
            line["facts"] = facts
        if record.exc_info:
            line["error"] = scrub(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "web.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}
