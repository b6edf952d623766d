"""The payment providers' file (ANXIN_PROVIDERS_FILE): a TOML table for each, readable by its owner alone."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from config.env import BadEnvironment

# What each table holds; files of keys are named by paths, never written into it.
FIELDS = {
    "alipay": ("url", "bills_url", "app_id", "seller_id", "private_key_file", "their_key_file"),
    "wechatpay": (
        *("url", "app_id", "merchant_id", "serial", "private_key_file"),
        *("their_key_id", "their_key_file", "secret"),
    ),
    "stripe": ("url", "secret_key", "webhook_secrets"),
}
# All of them or none.
TOGETHER = {"alipay": ("our_certificate_file", "their_certificate_file", "root_certificate_file")}
_WHERE = ("url", "bills_url")


def read(name: str) -> dict[str, dict[str, str]]:
    """Provider → its fields; empty without a file.

    :raises BadEnvironment: naming the file, the table or the field that is wrong, never a value
    """
    if not name:
        return {}
    path = Path(name)
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise BadEnvironment(f"ANXIN_PROVIDERS_FILE: chmod 600 {path}, it holds secrets")
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise BadEnvironment(f"ANXIN_PROVIDERS_FILE={str(path)!r} can't be read") from problem
    if unknown := found.keys() - FIELDS.keys():
        raise BadEnvironment(f"ANXIN_PROVIDERS_FILE: unknown provider {sorted(unknown)[0]}")
    return {name: _table(name, table) for name, table in found.items()}


def origins(providers: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Where the site calls for these providers."""
    for table in providers.values():
        yield from (table[name] for name in _WHERE if name in table)


def _table(name: str, table: object) -> dict[str, str]:
    given = table if isinstance(table, dict) else {}
    more = TOGETHER.get(name, ())
    fields = (*FIELDS[name], *(more if given.keys() & set(more) else ()))
    for field in fields:
        if not isinstance(given.get(field), str) or not given[field]:
            raise BadEnvironment(f"ANXIN_PROVIDERS_FILE: [{name}] needs {field}")
    if unknown := given.keys() - set(fields):
        raise BadEnvironment(f"ANXIN_PROVIDERS_FILE: [{name}] doesn't know {sorted(unknown)[0]}")
    return {field: given[field].rstrip("/") if field in _WHERE else given[field] for field in fields}
