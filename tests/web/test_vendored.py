"""Vendored scripts are what the notice says, and our own stays small."""

import hashlib
import re
from pathlib import Path

from web.msgids import ROOT

PASSKEYS = "passkeys.js"
STATIC = ROOT / "platform/web/static"


def test_vendored_files_match_their_digests():
    notice = (STATIC / "vendor/NOTICE.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| (\S+\.js) .*\b([0-9a-f]{64}) \|$", notice, re.M))
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (STATIC / "vendor").glob("*.js")
    }
    assert listed == found


def test_own_script_stays_within_4_kb():
    everywhere = [path for path in Path(STATIC / "js").glob("*.js") if path.name != PASSKEYS]
    assert sum(path.stat().st_size for path in everywhere) <= 4096


def test_the_script_for_passkeys_stays_within_3_kb_and_on_its_own_pages():
    """A browser makes and uses a passkey with a script only; no other page loads it."""
    assert (STATIC / "js" / PASSKEYS).stat().st_size <= 3072
    loading = {
        path.relative_to(ROOT / "templates").as_posix()
        for path in (ROOT / "templates").rglob("*.html")
        if PASSKEYS in path.read_text(encoding="utf-8")
    }
    assert loading == {
        "account/login.html",
        "account/reauthenticate.html",
        "accounts/passkey_new.html",
        "accounts/second_step.html",
    }


def test_own_script_writes_no_markup():
    script = "".join(path.read_text(encoding="utf-8") for path in (STATIC / "js").glob("*.js"))
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|eval\(|new Function|document\.write", script
    )


def test_style_sheets_use_only_what_old_shells_know():
    for path in STATIC.glob("css/**/*.css"):
        css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        assert not re.search(r"light-dark\(|color-mix\(|^\s*&", css, re.M), path.name
        assert "http" not in re.sub(r'a\[href\^="http"\]', "", css), path.name
