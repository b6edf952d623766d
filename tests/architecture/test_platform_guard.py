"""`platform/` is a source root; the day it becomes a package, Python's own platform module is gone."""

import subprocess
import sys

from tests.architecture.tree import ROOT


def test_platform_is_no_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not (ROOT / "platform" / "platform.py").exists()


def test_python_finds_its_own_platform_module_from_the_root() -> None:
    script = "import platform, uuid; assert platform.system(); assert uuid.uuid4()"
    for folder in (ROOT, ROOT / "platform"):
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_no_file_of_ours_is_called_platform() -> None:
    assert not [path for path in ROOT.glob("*/platform.py") if ".venv" not in path.parts]
