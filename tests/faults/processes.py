"""Processes with a Django of their own on the test's database: all at once, or one that waits inside."""

import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager

from django.db import connection

from embedded.places import ROOT

SECONDS = 300


def start(worker, told):
    """A process that runs the text `worker` with `told` as JSON in its first argument."""
    own = connection.settings_dict
    address = f"postgres://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}/{own['NAME']}"
    return subprocess.Popen(
        [sys.executable, "-c", worker, json.dumps(told)],
        cwd=ROOT, text=True, env={**os.environ, "DATABASE_URL": address},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def say(process, word="go"):
    process.stdin.write(f"{word}\n")
    process.stdin.flush()


def together(worker, *orders):
    """How often each line came, over all processes; each says "ready" first and starts at the word."""
    started = [start(worker, told) for told in orders]
    try:
        for each in started:
            assert each.stdout.readline() == "ready\n"
        for each in started:
            say(each)
        said = [line for each in started for line in each.communicate(timeout=SECONDS)[0].splitlines()]
    finally:
        for each in started:
            each.kill()
    return Counter(said)


@contextmanager
def one(worker, told):
    """A single process that is ready; it is gone when the block ends."""
    process = start(worker, told)
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()
