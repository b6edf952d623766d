"""What the settings say where real people come: read in a process of its own, as production reads them."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.architecture.tree import ROOT

SECRET = "kX3-pQ9vTz_7mLw2RbY8sJdN4hGfCe6uAaViOo1KtWnMrEqP5SxZyBjD"
NAMES = (
    "SESSION_COOKIE_NAME CSRF_COOKIE_NAME LANGUAGE_COOKIE_NAME COOKIE_PREFIX SESSION_COOKIE_SECURE"
    " CSRF_COOKIE_SECURE LANGUAGE_COOKIE_SECURE SESSION_COOKIE_HTTPONLY CSRF_COOKIE_HTTPONLY"
    " SESSION_COOKIE_SAMESITE CSRF_COOKIE_SAMESITE LANGUAGE_COOKIE_SAMESITE SECURE_HSTS_SECONDS"
    " SECURE_HSTS_INCLUDE_SUBDOMAINS SECURE_SSL_REDIRECT DEBUG SANDBOX PASSWORD_HASHERS"
    " SESSION_ENGINE CELERY_ACCEPT_CONTENT"
).split()
READ = f"""
import json, django
from django.conf import settings
django.setup()
from accounts import guests
from web import preferences
names = {NAMES!r}
said = {{name: getattr(settings, name) for name in names}}
said["OUTGOING"] = len(settings.OUTGOING)
said["ours"] = [guests.COOKIE, guests.VISIT_COOKIE, preferences.COOKIE]
print(json.dumps(said))
"""


def _run(words: list[str], **changed: str) -> subprocess.CompletedProcess[str]:
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ANXIN_MODE": "production",
        "ANXIN_HOSTS": "anxin.example",
        "ANXIN_SECRET_KEY": SECRET,
        "ANXIN_WEBHOOK_SECRET": SECRET,
        "DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/none",
        "PYTHONWARNINGS": "ignore",
        **changed,
    }
    return subprocess.run(
        [sys.executable, *words], env=env, cwd=ROOT, capture_output=True, text=True, timeout=120
    )


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    done = _run(["-c", READ])
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_cookies_are_bound_to_the_host(said: dict[str, Any]) -> None:
    names = [
        said["SESSION_COOKIE_NAME"],
        said["CSRF_COOKIE_NAME"],
        said["LANGUAGE_COOKIE_NAME"],
        *said["ours"],
    ]
    assert len(set(names)) == 6 and all(name.startswith("__Host-") for name in names)
    for kind in ("SESSION", "CSRF", "LANGUAGE"):
        assert said[f"{kind}_COOKIE_SECURE"] is True
        assert said[f"{kind}_COOKIE_SAMESITE"] == "Lax"
    assert said["SESSION_COOKIE_HTTPONLY"] is said["CSRF_COOKIE_HTTPONLY"] is True


def test_transport_is_encrypted_only(said: dict[str, Any]) -> None:
    assert said["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert said["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is said["SECURE_SSL_REDIRECT"] is True


def test_nothing_is_shown_of_the_inside(said: dict[str, Any]) -> None:
    assert said["DEBUG"] is False
    assert said["SESSION_ENGINE"] == "accounts.web.session_store"
    assert said["CELERY_ACCEPT_CONTENT"] == ["json"]
    assert "PBKDF2" in said["PASSWORD_HASHERS"][0]


def test_the_sandbox_is_shut(said: dict[str, Any]) -> None:
    assert said["SANDBOX"] is False
    assert said["OUTGOING"] == 0


def test_the_demo_is_never_made() -> None:
    done = _run(["manage.py", "demo", "--small"])
    assert done.returncode != 0
    assert "never made in production" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["ANXIN_SECRET_KEY", "ANXIN_WEBHOOK_SECRET"])
def test_a_short_secret_stops_the_start(name: str) -> None:
    done = _run(["-c", READ], **{name: "short"})
    assert done.returncode != 0
    assert "must be set" in done.stderr
