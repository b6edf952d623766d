"""Two sweepers and two relays at once, and one that sleeps in the middle: each outcome once, none early."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from deadlines import booking, handlers
from deadlines.models import Deadline, State
from deadlines.sweep import sweep
from embedded.places import ROOT
from evidence import log
from evidence.models import Leaf
from kernel.ids import new_id
from outbox.models import Message, Receipt
from outbox.platform_clock import database_now
from outbox.relay import drain, drain_all
from tests.ground.conftest import eventually

pytestmark = pytest.mark.django_db(transaction=True)

KIND, LABEL = "tests.at_once", "tests.outcome"
DUE, LATER = 200, 50
START = "import os, signal, django; django.setup()\n"
SLEEPING_SWEEPER = (
    START
    + """
from django.db import transaction
from deadlines.sweep import sweep
with transaction.atomic():
    print(sweep(), flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)
"""
)
SLEEPING_RELAY = (
    START
    + f"""
from deadlines import handlers
from evidence import log
from outbox.relay import drain
def outcome(*, reference, due_at, at):
    log.queue(label="{LABEL}", reference=reference, commitment=bytes(32), at=at)
    print("acted", flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)
handlers.connect({{"{KIND}": outcome}})
drain(limit=1)
"""
)


@pytest.fixture(autouse=True)
def outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    """What each deadline leads to: one leaf, so that a second time would show."""

    def act(*, reference: UUID, due_at: object, at: object) -> None:
        log.queue(label=LABEL, reference=reference, commitment=bytes(32), at=at)

    monkeypatch.setitem(handlers._outcomes, KIND, act)


@pytest.fixture
def due() -> list[UUID]:
    return _book(DUE, timedelta(seconds=-1))


@pytest.fixture
def start() -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Starts a second process on the test's database; it is ended whatever happens."""
    started: list[subprocess.Popen[str]] = []

    def begin(program: str) -> subprocess.Popen[str]:
        own = connection.settings_dict
        address = f"postgres://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}/{own['NAME']}"
        process = subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, text=True,
            env={**os.environ, "DATABASE_URL": address},
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()


def _book(number: int, after: timedelta) -> list[UUID]:
    now = database_now()
    facts = {"kind": KIND, "rule_id": "policy.test", "pack_version": "1", "owner": "merchant", "at": now}
    return [booking.book(**facts, reference=new_id(), due_at=now + after).reference for _ in range(number)]


def _outcomes() -> Counter[UUID]:
    return Counter(Leaf.objects.filter(label=LABEL).values_list("reference", flat=True))


def _once(references: list[UUID]) -> None:
    assert _outcomes() == Counter(references)
    fired = Deadline.objects.filter(state=State.FIRED)
    assert set(fired.values_list("reference", flat=True)) == set(references)
    assert Message.objects.filter(name="deadlines.DeadlineFired").count() == len(references)
    assert Receipt.objects.filter(handler__endswith="on_deadline_fired").count() == len(references)


def test_two_sweepers_and_two_relays(due: list[UUID]) -> None:
    later = _book(LATER, timedelta(hours=1))
    together = threading.Barrier(4)

    def work(step: Callable[[], int]) -> None:
        together.wait()
        try:
            idle = 0
            while idle < 20:
                idle = 0 if step() else idle + 1
        finally:
            connection.close()

    steps = [lambda: sweep(limit=7), lambda: drain(limit=5)] * 2
    threads = [threading.Thread(target=work, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    drain_all()
    _once(due)
    assert Deadline.objects.filter(reference__in=later, state=State.OPEN).count() == LATER


class TestOneThatSleeps:
    @pytest.mark.parametrize("cut_off", [False, True], ids=["it goes on", "its connection is gone"])
    def test_after_claiming(self, due: list[UUID], start, cut_off: bool) -> None:  # type: ignore[no-untyped-def]
        zombie = start(SLEEPING_SWEEPER)
        assert zombie.stdout.readline().strip() == str(DUE)
        _asleep(zombie)
        assert sweep() == 0
        if cut_off:
            _cut_off()
            assert sweep() == DUE
            drain_all()
        zombie.send_signal(signal.SIGCONT)
        assert (zombie.wait(timeout=60) == 0) is not cut_off
        assert sweep() == 0
        drain_all()
        _once(due)

    @pytest.mark.parametrize("cut_off", [False, True], ids=["it goes on", "its connection is gone"])
    def test_while_acting(self, start, cut_off: bool) -> None:  # type: ignore[no-untyped-def]
        due = _book(3, timedelta(seconds=-1))
        assert sweep() == 3
        zombie = start(SLEEPING_RELAY)
        assert zombie.stdout.readline().strip() == "acted"
        _asleep(zombie)
        assert drain() == 2
        if cut_off:
            _cut_off()
            assert drain() == 1
        zombie.send_signal(signal.SIGCONT)
        assert (zombie.wait(timeout=60) == 0) is not cut_off
        drain_all()
        _once(due)


def _asleep(process: subprocess.Popen[str]) -> None:
    stat = Path(f"/proc/{process.pid}/stat")
    assert eventually(lambda: stat.read_text().rpartition(")")[2].split()[0] == "T")


def _cut_off() -> None:
    """What a timeout of the database or a broken line does to a session that went silent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND state = 'idle in transaction'"
            " AND pid <> pg_backend_pid()"
        )
        ((pid, told),) = cursor.fetchall()
    assert told
    # It is told at once and lets go of its rows a moment later.
    assert eventually(lambda: not _is_there(pid))


def _is_there(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
        return bool(cursor.fetchone() != (0,))
