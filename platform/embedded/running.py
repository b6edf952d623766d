"""`dev run` and `dev stop`: the whole site on one machine, in front or in the background."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from embedded import environment, preparation, processes
from embedded.places import ROOT, Places, say
from embedded.postgres import StartFailed, tail
from embedded.servers import Servers
from embedded.supervisor import Child, Supervisor, stop_left_over

NAMES = ["web", "worker", "beat", "relay"]
DEFAULT_PORT = 8000
CLOSED = (
    "The site stays closed ({reason}): it came out of a backup and forgot whom it had erased since.\n"
    "Replay the tombstones: python3 dev manage restored replay"
)
SILENT_SECONDS, BROKEN_SECONDS = 60.0, 15.0


class Refused(Exception):
    """`dev` cannot do what was asked; the text says why and what to do."""


@dataclass(frozen=True)
class Wish:
    """The options of `dev run`."""

    port: int | None
    demo: bool
    detach: bool


def run(places: Places, wish: Wish) -> int:
    """Serve until told to stop; returns the exit code."""
    began = time.monotonic()
    environment.ensure(places)
    environment.compile_messages(places)
    places.make()
    if wish.detach:
        return _detach(places, wish)
    with _single(places), _told_to_stop():
        servers = Servers(places)
        try:
            _run_all(servers, wish, began)
        except KeyboardInterrupt:
            say("\nStopping …")
        finally:
            servers.close()
            (places.run / "ready.json").unlink(missing_ok=True)
    say("Stopped.")
    return 0


def stop(places: Places) -> int:
    """Stop the launcher that serves this data folder, and what a killed one left."""
    who, _facts = processes.read_record(places.run / "launcher.json")
    if processes.alive(who) and who is not None and "dev" in processes.command_line(who.pid):
        say(f"Stopping the launcher (process {who.pid}) …")
        processes.stop(who, first=signal.SIGTERM, seconds=60.0)
    if not places.run.is_dir():
        say("Nothing was running.")
        return 0
    stop_left_over(places.run, [*NAMES, "step"])
    for name in ("launcher", "ready"):
        (places.run / f"{name}.json").unlink(missing_ok=True)
    Servers(places).stop_left_over()
    say("Stopped.")
    return 0


def _run_all(servers: Servers, wish: Wish, began: float) -> None:
    places = servers.places
    stop_left_over(places.run, [*NAMES, "step"])
    port = _choose_port(wish.port)
    say("Starting Postgres and Valkey, as far as they are not given …")
    servers.open()
    preparation.prepare(servers, demo=wish.demo)
    env = {**servers.environment(), "ANXIN_PORT": str(port)}
    children = _children(places, port)
    # The pages first: four programs that start at once make each other wait.
    supervisor = Supervisor(children[:1], env)
    try:
        supervisor.tick()
        _wait_for_answer(supervisor, port)
        supervisor.children = children
        supervisor.tick()
        _announce(places, port, time.monotonic() - began)
        while True:
            time.sleep(0.25)
            _mend(servers, supervisor)
            supervisor.tick()
    finally:
        supervisor.stop()


def _mend(servers: Servers, supervisor: Supervisor) -> None:
    if not servers.lost():
        return
    say("A server of ours has gone; starting it again …")
    try:
        servers.open()
    except StartFailed as problem:
        say(f"{problem}\nTrying again …")
        time.sleep(2)
    env = {**supervisor.env, **servers.environment()}
    if env != supervisor.env:
        supervisor.restart(env)


def _detach(places: Places, wish: Wish) -> int:
    """Start the launcher in the background, show what it says until the site answers, and leave."""
    command = [sys.executable, str(ROOT / "dev"), "run", "--data", str(places.data)]
    command += ["--port", str(wish.port)] if wish.port is not None else []
    command += [] if wish.demo else ["--no-demo"]
    log = places.logs / "run.log"
    # A new file: what a killed launcher left may still write to the old one.
    log.unlink(missing_ok=True)
    with log.open("wb") as out:
        child = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    with log.open("rb") as said:
        while True:
            ended = child.poll()
            sys.stdout.write(said.read().decode(errors="replace"))
            sys.stdout.flush()
            if ended is not None:
                return ended or 1
            if _ready(places).get("pid") == child.pid:
                say(f"It goes on in the background (process {child.pid}, {log}). `dev stop` ends it.")
                return 0
            time.sleep(0.1)


def _announce(places: Places, port: int, seconds: float) -> None:
    address = f"http://127.0.0.1:{port}/"
    say(f"\nReady after {seconds:.1f} s: {address}")
    sign_ins = places.data / "sign-ins.txt"
    if sign_ins.is_file():
        say(sign_ins.read_text().rstrip())
    (places.run / "ready.json").write_text(json.dumps({"address": address, "pid": os.getpid()}))


def _children(places: Places, port: int) -> list[Child]:
    python = str(places.python)
    workers = str(max(2, min(4, os.cpu_count() or 2)))
    celery = [python, "-m", "celery", "-A", "config.celery"]
    commands = {
        "web": [python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
                "--workers", workers, "--blocking-threads", "1", "--respawn-failed-workers",
                "--no-ws", "config.wsgi:application"],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO",
                   "--without-mingle", "--without-gossip"],
        "beat": [*celery, "beat", "--loglevel", "WARNING",
                 "--schedule", str(places.run / "beat"), "--pidfile", ""],
        "relay": preparation.site_command(places, "relay_loop"),
    }  # fmt: skip
    return [
        Child(name, commands[name], log=places.logs / f"{name}.log", record=places.run / f"{name}.json")
        for name in NAMES
    ]


def _wait_for_answer(supervisor: Supervisor, port: int) -> None:
    web = supervisor.children[0]
    began = time.monotonic()
    while (code := _answer(port)) is None or code >= 500:
        if code == 503 and (reason := _closed_because(port)):
            raise StartFailed(CLOSED.format(reason=reason))
        patience = SILENT_SECONDS if code is None else BROKEN_SECONDS
        if not web.running() or time.monotonic() - began > patience:
            raise StartFailed(f"The site did not come up. The end of {web.log}:\n{tail(web.log)}")
        time.sleep(0.1)


def _answer(port: int) -> int | None:
    """The status of the home page; None while nobody answers."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"User-Agent": "dev"})
    try:
        # A proxy set for the machine must not be asked for our own address.
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as page:
            return int(page.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code
    except OSError:
        return None


def _closed_because(port: int) -> str:
    """The reason that a site gives which was restored and must not serve yet."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"User-Agent": "dev"})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10):
            return ""
    except urllib.error.HTTPError as refusal:
        return str(refusal.headers.get("X-Closed-Because", ""))
    except OSError:
        return ""


def _choose_port(wished: int | None) -> int:
    if wished is not None:
        if not _free(wished):
            raise Refused(f"Port {wished} is taken by another program. Choose another one: dev run --port N")
        return wished
    for port in range(DEFAULT_PORT, DEFAULT_PORT + 50):
        if _free(port):
            return port
    raise Refused("Ports 8000 to 8049 are all taken. Name a free one: dev run --port N")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@contextmanager
def _single(places: Places) -> Iterator[None]:
    """One launcher for a data folder; the lock dies with its process, however that ends."""
    with (places.run / "launcher.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"The site already runs{_address(places)}. `dev stop` ends it.") from None
        who = processes.identify(os.getpid())
        if who is not None:
            processes.write_record(places.run / "launcher.json", who)
        try:
            yield
        finally:
            (places.run / "launcher.json").unlink(missing_ok=True)


@contextmanager
def _told_to_stop() -> Iterator[None]:
    """The first signal interrupts whatever is going on; further ones must not disturb the clean stop."""
    heard: list[int] = []

    def hear(number: int, _frame: FrameType | None) -> None:
        heard.append(number)
        if len(heard) == 1:
            raise KeyboardInterrupt

    old = {sign: signal.signal(sign, hear) for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for sign, handler in old.items():
            signal.signal(sign, handler)


def _ready(places: Places) -> dict[str, object]:
    try:
        facts = json.loads((places.run / "ready.json").read_text())
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _address(places: Places) -> str:
    address = _ready(places).get("address")
    return f" at {address}" if address else ""
