"""Early pytest plugin: lends the run a database before settings are read, when DATABASE_URL names none."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from embedded import throwaway
from embedded.postgres import Cluster
from web.messages import compile_catalogs

os.environ["ANXIN_MODE"] = "test"
os.environ["ANXIN_SECRET_KEY"] = "5e" * 32
os.environ["ANXIN_WEBHOOK_SECRET"] = "c3" * 32
os.environ["ANXIN_DATA"] = tempfile.mkdtemp(prefix="anxin-test-data-")
atexit.register(shutil.rmtree, os.environ["ANXIN_DATA"], ignore_errors=True)

# Before Django starts: it reads each catalog once.
compile_catalogs()

_lent: Cluster | None = None


def pytest_addoption(parser: pytest.Parser) -> None:
    global _lent
    if os.environ.get("DATABASE_URL"):
        return
    kept = os.environ.get("ANXIN_TEST_CLUSTER")
    cluster, os.environ["DATABASE_URL"] = throwaway.lend(keep=Path(kept) if kept else None)
    if not kept:
        _lent = cluster
        atexit.register(_give_back)


def pytest_configure(config: pytest.Config) -> None:
    # A kept cluster keeps its test database too; `--create-db` makes it anew.
    if os.environ.get("ANXIN_TEST_CLUSTER"):
        config.option.reuse_db = True


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _give_back()


def _give_back() -> None:
    global _lent
    if _lent is not None:
        lent, _lent = _lent, None
        throwaway.give_back(lent)
