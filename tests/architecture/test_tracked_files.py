"""What is never committed: addresses of package indexes, paths of a machine, generated files."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

# Put together from pieces, so that this page itself holds none of what it looks for.
OPTIONS = "|".join("--" + word for word in ("index-url", "extra-index-url", "trusted-host", "find-links"))
INDEX = re.compile(rf"https?://[^\s\"']*/simple\b|{OPTIONS}|\"resolved\": \"http")
MACHINE = re.compile(r"/(home|Users)/[a-z][\w.-]*/|/" + "work/|/" + "root/")
GENERATED = re.compile(
    r"\.(mo|pyc|sqlite3|log)$|(^|/)(package-lock\.json|uv\.lock|node_modules/|staticfiles/|var/)"
)


def _tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout: there are no tracked files to look at")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def _lines(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in _tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}"
            for number, line in enumerate(text.splitlines(), 1)
            if len(line) < 5000 and pattern.search(line)
        ]
    return found


def test_no_address_of_a_package_index() -> None:
    assert not _lines(INDEX)


def test_no_path_of_somebodys_machine() -> None:
    assert not _lines(MACHINE)


def test_no_generated_file() -> None:
    names = [str(path.relative_to(ROOT)) for path in _tracked()]
    assert not [name for name in names if GENERATED.search(name)]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_name_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    pins = re.findall(r"^[\w.\[\]-]+==\S+.*$", text, flags=re.MULTILINE)
    assert len(pins) > 40
    for block in re.split(r"^(?=[\w])", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in block, block.splitlines()[0]
