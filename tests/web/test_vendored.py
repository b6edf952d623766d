"""Vendored scripts are what the notice says, and our own stays small."""

import hashlib
import re
from pathlib import Path

from web.msgids import ROOT

STATIC = ROOT / "platform/web/static"


def test_vendored_files_match_their_digests():
    notice = (STATIC / "vendor/NOTICE.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| (\S+\.js) .*\b([0-9a-f]{64}) \|$", notice, re.M))
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (STATIC / "vendor").glob("*.js")
    }
    assert listed == found


def test_own_script_stays_within_4_kb():
    assert sum(path.stat().st_size for path in Path(STATIC / "js").glob("*.js")) <= 4096


def test_own_script_writes_no_markup():
    script = (STATIC / "js/anxin.js").read_text(encoding="utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|eval\(|new Function|document\.write", script
    )


def test_style_sheets_use_only_what_old_shells_know():
    for path in STATIC.glob("css/**/*.css"):
        css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        assert not re.search(r"light-dark\(|color-mix\(|^\s*&", css, re.M), path.name
        assert "http" not in re.sub(r'a\[href\^="http"\]', "", css), path.name
