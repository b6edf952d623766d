"""What dies comes back, ever later; what is stopped takes its helpers along."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded import processes
from embedded.processes import Identity
from embedded.supervisor import Child, Supervisor, stop_left_over
from tests.ground.conftest import eventually

# A process with a helper, as granian and celery have them.
STEADY = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
time.sleep(600)
"""
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


def _child(home: Path, name: str, code: str) -> Child:
    return Child(name, [sys.executable, "-c", code], log=home / f"{name}.log", record=home / f"{name}.json")


@pytest.fixture
def supervisor(home: Path) -> Iterator[Supervisor]:
    keeper = Supervisor([_child(home, "web", STEADY)], dict(os.environ))
    yield keeper
    keeper.stop(seconds=1)


def _session(child: Child) -> list[Identity]:
    assert child.process is not None
    return processes.members(child.process.pid)


def test_what_is_killed_comes_back_and_its_helpers_are_gone(supervisor: Supervisor) -> None:
    web = supervisor.children[0]
    supervisor.tick()
    assert eventually(lambda: len(_session(web)) == 2)
    before = _session(web)
    assert web.process is not None
    os.kill(web.process.pid, signal.SIGKILL)

    def anew() -> bool:
        supervisor.tick()
        now = _session(web) if web.running() else []
        return len(now) == 2 and not set(now) & set(before)

    assert eventually(anew)
    assert not [who for who in before if processes.alive(who)]


def test_what_keeps_dying_is_tried_ever_less_often(home: Path) -> None:
    child = _child(home, "web", "raise SystemExit(3)")
    pauses = []
    for _ in range(8):
        child.since = time.monotonic()
        pauses.append(child.plan_restart())
    assert pauses == sorted(pauses)
    assert pauses[0] <= 1
    assert pauses[-1] == 30


def test_what_ran_steadily_is_back_at_once(home: Path) -> None:
    child = _child(home, "web", STEADY)
    child.failures, child.since = 6, time.monotonic() - 60
    assert child.plan_restart() <= 0.5


def test_stopping_ends_the_stubborn_too(home: Path) -> None:
    keeper = Supervisor([_child(home, "web", STEADY), _child(home, "worker", STUBBORN)], dict(os.environ))
    keeper.tick()
    assert eventually(lambda: len(_session(keeper.children[0])) == 2)
    all_of_them = [who for child in keeper.children for who in _session(child)]
    keeper.stop(seconds=1)
    assert not [who for who in all_of_them if processes.alive(who)]
    assert not list(home.glob("*.json"))


def test_the_next_launcher_ends_what_a_killed_one_left(home: Path) -> None:
    keeper = Supervisor([_child(home, "web", STEADY)], dict(os.environ))
    keeper.tick()
    web = keeper.children[0]
    assert eventually(lambda: len(_session(web)) == 2)
    left = _session(web)
    stop_left_over(home, ["web"])
    assert not [who for who in left if processes.alive(who)]


def test_helpers_of_a_dead_leader_are_found_too(home: Path) -> None:
    keeper = Supervisor([_child(home, "web", STEADY)], dict(os.environ))
    keeper.tick()
    web = keeper.children[0]
    assert eventually(lambda: len(_session(web)) == 2)
    left = _session(web)
    assert web.process is not None
    web.process.kill()
    web.process.wait()
    stop_left_over(home, ["web"])
    assert not [who for who in left if processes.alive(who)]


def test_a_stranger_with_a_recorded_number_is_left_alone(home: Path, stranger: Identity) -> None:
    processes.write_record(home / "web.json", Identity(stranger.pid, "another time"))
    stop_left_over(home, ["web"])
    assert processes.alive(stranger)


def test_a_dead_process_is_not_mistaken_for_a_living_one() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    assert eventually(lambda: processes.identify(process.pid) is None)
    process.wait()
