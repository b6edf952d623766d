"""The environment is made once, and again only when it has to be."""

import json
import sys
from pathlib import Path

import pytest

from embedded import environment
from embedded.binaries import Missing
from embedded.places import ROOT, Places


class Steps:
    """Stands in for the two slow steps and says which were taken."""

    def __init__(self, places: Places) -> None:
        self.places, self.taken = places, []

    def make(self, places: Places) -> None:
        self.taken.append("make")
        (places.venv / "bin").mkdir(parents=True, exist_ok=True)
        (places.venv / "lib" / "python3.11" / "site-packages").mkdir(parents=True, exist_ok=True)
        places.python.unlink(missing_ok=True)
        places.python.symlink_to(sys.executable)

    def install(self, _places: Places, lock: Path) -> None:
        self.taken.append(lock.name)

    def of(self, *, development: bool = False) -> list[str]:
        self.taken.clear()
        environment.ensure(self.places, development=development)
        return list(self.taken)


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steps:
    double = Steps(Places(data=tmp_path / "data", venv=tmp_path / "venv"))
    monkeypatch.setattr(environment, "_make", double.make)
    monkeypatch.setattr(environment, "_install", double.install)
    return double


def test_the_first_time_makes_and_installs_what_running_needs(steps: Steps) -> None:
    assert steps.of() == ["make", "requirements.lock"]
    assert steps.of() == []


def test_tests_add_their_own_packages_and_running_is_content_with_them(steps: Steps) -> None:
    steps.of()
    assert steps.of(development=True) == ["requirements-dev.lock"]
    assert steps.of() == []
    assert steps.of(development=True) == []


def test_a_changed_lock_is_installed(steps: Steps) -> None:
    steps.of()
    stamp = steps.places.venv / "anxin.json"
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "requirements.lock": "another"}))
    assert steps.of() == ["requirements.lock"]


def test_a_checkout_that_was_moved_gets_a_new_environment(steps: Steps) -> None:
    steps.of()
    stamp = steps.places.venv / "anxin.json"
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "root": "/elsewhere"}))
    assert steps.of() == ["make", "requirements.lock"]


def test_a_broken_environment_is_made_anew(steps: Steps) -> None:
    steps.of()
    steps.places.python.unlink()
    assert steps.of() == ["make", "requirements.lock"]


def test_both_source_roots_are_on_the_path(steps: Steps) -> None:
    steps.of()
    (path,) = steps.places.venv.rglob("_anxin.pth")
    assert path.read_text().splitlines() == [str(ROOT), str(ROOT / "platform")]


def test_a_python_without_venv_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Missing, match="apt-get install python3-venv"):
        environment.ensure(Places(data=tmp_path / "data", venv=tmp_path / "venv"))


def test_the_launcher_needs_nothing_but_the_standard_library() -> None:
    apart = {"roles.py", "throwaway.py"}
    allowed = set(sys.stdlib_module_names) | {"embedded"}
    files = [ROOT / "dev", *(ROOT / "platform" / "embedded").glob("*.py")]
    for path in files:
        if path.name not in apart:
            lines = [
                line.split()
                for line in path.read_text().splitlines()
                if line.startswith(("import ", "from "))
            ]
            assert {words[1].split(".")[0] for words in lines} <= allowed, path.name
