"""Every variable of the environment that the project reads, once, with its type."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent


class BadEnvironment(SystemExit):
    """A variable is missing or has a value that can't be right; the text says which and what to do."""


def _text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def _flag(name: str, default: bool) -> bool:
    value = _text(name, "1" if default else "0").lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off", ""):
        return False
    raise BadEnvironment(f"{name}={value!r}: use 1 or 0")


def _secret(name: str) -> str:
    """The variable, or the content of the file that NAME_FILE names."""
    path = _text(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise BadEnvironment(f"{name}_FILE={path}: {error.strerror}") from error
    return _text(name)


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    name: str
    user: str
    password: str
    host: str
    port: str


def _database(name: str) -> DatabaseAddress:
    url = _secret(name)
    if not url:
        raise BadEnvironment(
            f"{name} is not set. Start the platform with `python3 dev run` or `python3 dev manage …`,"
            " which starts a database of its own, or set it to postgres://user:password@host:port/name."
        )
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise BadEnvironment(f"{name} must look like postgres://user:password@host:port/name")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return DatabaseAddress(
        name=unquote(parts.path.strip("/")),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=unquote(query.get("host", parts.hostname or "")),
        port=str(parts.port or ""),
    )


@dataclass(frozen=True, slots=True)
class Environment:
    """Read once at start. `DATABASE_URL` names the role: app for serving, owner for migrations."""

    mode: str
    production: bool
    debug: bool
    secret_key: str
    hosts: list[str]
    origins: list[str]
    base_url: str
    port: str
    database: DatabaseAddress
    redis_url: str
    data: Path
    master_key_file: Path
    key_service: str
    tombstones_file: Path
    sandbox: bool
    email_url: str
    text_sender: str
    weixin_client: str
    weixin_secret: str
    webhook_secret: str
    providers_file: str
    carrier_url: str
    insurer_url: str
    security_contact: str


def read() -> Environment:
    """:raises BadEnvironment: naming the variable and what to set it to"""
    mode = _text("ANXIN_MODE", "demo")
    if mode not in ("demo", "test", "production"):
        raise BadEnvironment(f"ANXIN_MODE={mode!r}: use demo, test or production")
    production = mode == "production"
    data = Path(_text("ANXIN_DATA", str(ROOT / "var")))
    secret_key = _secret("ANXIN_SECRET_KEY")
    webhook_secret = _secret("ANXIN_WEBHOOK_SECRET")
    if production:
        _refuse_short(secret_key, webhook_secret)
    secret_key = secret_key or secrets.token_urlsafe(48)
    port = _text("ANXIN_PORT", "8000")
    base_url = _text("ANXIN_BASE_URL", f"http://127.0.0.1:{port}")
    return Environment(
        mode=mode,
        production=production,
        debug=_flag("ANXIN_DEBUG", False),
        secret_key=secret_key,
        hosts=_text("ANXIN_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(","),
        origins=[one for one in _text("ANXIN_ORIGINS", base_url).split(",") if one],
        base_url=base_url,
        port=port,
        database=_database("DATABASE_URL"),
        redis_url=_secret("REDIS_URL"),
        data=data,
        master_key_file=Path(_text("ANXIN_MASTER_KEY_FILE", str(data / "master-key.json"))),
        key_service=_text("ANXIN_KEY_SERVICE"),
        # Outside the database and its backups, on a disk that all processes share.
        tombstones_file=Path(_text("ANXIN_TOMBSTONES_FILE", str(data / "tombstones.jsonl"))),
        sandbox=_flag("ANXIN_SANDBOX", not production),
        email_url=_text("ANXIN_SMTP"),
        security_contact=_text("ANXIN_SECURITY_CONTACT", "mailto:security@anxin.example"),
        text_sender=_text("ANXIN_TEXT_SENDER"),
        **_weixin(),
        providers_file=_text("ANXIN_PROVIDERS_FILE"),
        carrier_url=_text("ANXIN_CARRIER_URL"),
        insurer_url=_text("ANXIN_INSURER_URL"),
        webhook_secret=webhook_secret or hashlib.sha256(b"anxin:webhook:" + secret_key.encode()).hexdigest(),
    )


def _weixin() -> dict[str, str]:
    return {
        "weixin_client": _text("ANXIN_WEIXIN_CLIENT"),
        "weixin_secret": _secret("ANXIN_WEIXIN_SECRET"),
    }


def _refuse_short(secret_key: str, webhook_secret: str) -> None:
    if len(secret_key) < 50 or len(webhook_secret) < 32:
        raise BadEnvironment(
            "ANXIN_SECRET_KEY (50 characters or more) and ANXIN_WEBHOOK_SECRET (32 or more) must be set"
        )
