"""Reading rulebook files: TOML or JSON into plain values, refused with the line."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kernel.errors import N_, DomainError
from law.errors import BadPack

# Far above any pack; keeps a slip with a wrong file from filling memory.
LIMIT_BYTES = 4_000_000


class BadRulebookFile(DomainError):
    """A file that can't be loaded; nothing of it was kept."""

    code = "bad_rulebook_file"
    message = N_("%(file)s, line %(line)s: %(reason)s")
    status = 422


def parse(text: str, *, name: str) -> dict[str, Any]:
    """The file's content as plain JSON values (dates as ISO text).

    :raises BadRulebookFile: with the line
    """
    try:
        data = json.loads(text) if name.endswith(".json") else tomllib.loads(text)
    except json.JSONDecodeError as error:
        raise BadRulebookFile(file=name, line=error.lineno, reason=error.msg) from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise BadRulebookFile(file=name, line=line, reason=str(error)) from error
    if not isinstance(data, dict):
        raise BadRulebookFile(file=name, line=1, reason="must be one table of keys and values")
    plain: dict[str, Any] = _plain(data)
    return plain


def read_text(path: Path) -> str:
    """:raises BadRulebookFile: for a file that is missing, too big or not UTF-8"""
    try:
        if path.stat().st_size > LIMIT_BYTES:
            raise BadRulebookFile(file=path.name, line=1, reason="the file is larger than 4 MB")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadRulebookFile(file=path.name, line=1, reason="there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadRulebookFile(file=path.name, line=1, reason=f"can't be read: {error}") from error


def at_line(error: BadPack, text: str, *, name: str) -> BadRulebookFile:
    """The same refusal with the line of the rule and key it is about."""
    reason = f"{error.where}, {error.field}: {error.reason}"
    return BadRulebookFile(file=name, line=_line_of(error, text), reason=reason)


def digest(data: dict[str, Any]) -> str:
    """SHA-256 over the content in one canonical spelling, so that comments and order don't count."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _line_of(error: BadPack, text: str) -> int:
    lines = text.splitlines()
    start = 0
    if error.index is not None:
        heads = [i for i, line in enumerate(lines) if re.match(r'\s*(\[\[\w+\]\]|"id"\s*:)', line)]
        tops = [i for i in heads if re.match(r'\s*(\[\[(rules|policies|texts)\]\]|"id")', lines[i])]
        start = tops[error.index] if error.index < len(tops) else 0
        end = tops[error.index + 1] if error.index + 1 < len(tops) else len(lines)
    else:
        end = len(lines)
    key = re.compile(
        rf'\s*["\']?{re.escape(error.field)}["\']?\s*[=:]|\s*\[+[\w.]*{re.escape(error.field)}\]+'
    )
    return next((i + 1 for i in range(start, end) if key.match(lines[i])), start + 1)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
