"""`dev manage`, `test`, `check`, `bench` and `reset`."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

from embedded import environment, preparation, running
from embedded.places import ROOT, Places, say
from embedded.servers import Servers

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# More of them wait for the one Postgres rather than for a core.
MOST_PROCESSES = 8
# Commands that answer from what the preparation loads, so they work in a fresh clone too.
ASKS_THE_DATA = ("law", "credit", "import_listings", "time")
# Names and addresses that only have to be well-formed: these commands read the models, no database.
PAPER = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ANXIN_SECRET_KEY": "kX3-pQ9vTz_7mLw2RbY8sJdN4hGfCe6uAaViOo1KtWnMrEqP5SxZyBjD",
    "ANXIN_WEBHOOK_SECRET": "8sJdN4hGfCe6uAaViOo1KtWnMrEqP5SxZyBjDkX3-pQ9vTz_7mLw2RbY",
}


def manage(places: Places, arguments: list[str]) -> int:
    """Run one of Django's commands; servers it has to start for that are stopped afterwards."""
    # Standard output is the command's alone (the child has the real one): programs read its answers.
    with redirect_stdout(sys.stderr):
        environment.ensure(places)
        with _servers(places) as servers:
            if arguments[:1] and arguments[0] in ASKS_THE_DATA:
                preparation.prepare_data(servers)
            env = servers.environment()
            if arguments and arguments[0] in preparation.OWNERS:
                env = preparation.as_owner(env)
            code = _call(preparation.site_command(places, *arguments), env)
            roles = preparation.serving_roles(servers.environment())
            if code == 0 and arguments[:1] == ["migrate"] and roles:
                return _call(preparation.site_command(places, "grants", *roles), env)
            return code


def test(places: Places, arguments: list[str]) -> int:
    """Run the tests on every core; those that start servers or browsers are groups of their own, after."""
    environment.ensure(places, development=True)
    environment.compile_messages(places)
    env = {name: value for name, value in os.environ.items() if not name.startswith("ANXIN_SECRET")}
    pytest = [str(places.python), "-m", "pytest"]
    if arguments:
        return _call([*pytest, "-q", *arguments], env)
    first = _call([*pytest, *_side_by_side(), "-m", "not browser and not external and not launcher"], env)
    say("Tests that start real servers:")
    first = _call([*pytest, "-m", "launcher and not browser and not external"], env) or first
    if not any(map(shutil.which, CHROMIUM)):
        say("Browser tests: no Chromium on this machine (Debian: apt-get install chromium fonts-noto-cjk).")
        if os.environ.get("CI") != "true":
            say("They were skipped.")
            return first
        return first or 1
    say("Browser tests:")
    second = _call([*pytest, "-m", "browser"], env)
    return first or second


def _side_by_side() -> list[str]:
    """One process and database for each core; a module's world is built once, so files stay whole."""
    cores = min(os.cpu_count() or 1, MOST_PROCESSES)
    return ["-p", "xdist.plugin", "-n", str(cores), "--dist", "loadfile"] if cores > 1 else []


def check(places: Places) -> int:
    """Everything that can be said about the code without running it; all checks run, then the verdict."""
    environment.ensure(places, development=True)
    python = str(places.python)
    env = {**os.environ, **PAPER, "ANXIN_MODE": "demo", "PYTHONWARNINGS": "ignore::RuntimeWarning"}
    deployed = {**env, "ANXIN_MODE": "production", "ANXIN_HOSTS": "anxin.example"}
    steps = [
        ("code style", [python, "-m", "ruff", "check", "."], env),
        ("layout", [python, "-m", "ruff", "format", "--check", "."], env),
        ("types", [python, "-m", "mypy"], env),
        ("floors", [str(places.venv / "bin" / "lint-imports"), "--no-cache", "--no-logo"], env),
        ("migrations", preparation.site_command(places, "makemigrations", "--check", "--dry-run"), env),
        (
            "deployment",
            preparation.site_command(places, "check", "--deploy", "--fail-level", "WARNING"),
            deployed,
        ),
        ("translations", [python, "-m", "web.messages", "--missing"], env),
    ]
    failed = []
    for name, command, surroundings in steps:
        say(f"── {name}")
        began = time.monotonic()
        if _call(command, surroundings):
            failed.append(name)
        say(f"   {name}: {'FAILED' if name in failed else 'good'} ({time.monotonic() - began:.1f} s)")
    say(f"\nFailed: {', '.join(failed)}." if failed else "\nAll checks passed.")
    return 1 if failed else 0


def bench(places: Places, arguments: list[str]) -> int:
    """Measure on a database of its own, so that a million rows never end up in the demo."""
    own = Places(data=places.data / "bench", venv=places.venv)
    # Standard output is the bench's alone (the child has the real one): --json is meant for a program.
    with redirect_stdout(sys.stderr):
        environment.ensure(own)
        environment.compile_messages(own)
        places.make()
        with _servers(own) as servers:
            preparation.prepare(servers, demo=False)
            return _call(preparation.site_command(own, "bench", *arguments), servers.environment())


def reset(places: Places, *, sure: bool) -> int:
    """Stop and forget the data: database, files, keys. The environment stays."""
    if not (places.run / "launcher.lock").parent.is_dir():
        say("There is nothing to forget.")
        return 0
    if not sure:
        say(f"This removes {places.data} with its database, files and keys. Type yes to go on:")
        if sys.stdin.readline().strip() != "yes":
            say("Nothing was removed.")
            return 1
    running.stop(places)
    for folder in {places.servers, places.data}:
        shutil.rmtree(folder)
    say("Removed.")
    return 0


@contextmanager
def _servers(places: Places) -> Iterator[Servers]:
    servers = Servers(places)
    try:
        servers.open()
        yield servers
    finally:
        servers.close()


def _call(command: list[str], env: dict[str, str]) -> int:
    """Run in front; Ctrl-C and a stop signal are the child's to answer, so that we can still tidy up."""
    child = subprocess.Popen(command, cwd=ROOT, env=env)
    old = signal.signal(signal.SIGINT, signal.SIG_IGN)
    older = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        return child.wait()
    finally:
        signal.signal(signal.SIGINT, old)
        signal.signal(signal.SIGTERM, older)
