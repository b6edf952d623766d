"""Catalogs of translations: compiled here with Babel (a fresh clone has no msgfmt), and what they still lack.

python -m web.messages                  compile what changed, and name what stands twice
python -m web.messages --missing [app]  list sentences without a translation, ready to paste into a .po file
"""

from __future__ import annotations

import os
import re
import sys
from collections import defaultdict
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from web.msgids import ROOT, Sentence, find

LANGUAGES = ("zh_Hans", "zh_Hant")
# A keyword at the start of a line with all the quoted lines that belong to it.
_PART = re.compile(r'^(msgctxt|msgid) ((?:"(?:[^"\\]|\\.)*"\s*)+)', re.MULTILINE)


def catalogs(root: Path = ROOT, language: str = "*") -> list[Path]:
    """The .po files of every room."""
    pattern = f"locale/{language}/LC_MESSAGES/django.po"
    return sorted([*root.glob(f"*/{pattern}"), *root.glob(f"platform/*/{pattern}")])


def read(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=path.parts[-3], ignore_obsolete=True)


def compile_catalogs(root: Path = ROOT) -> int:
    """Write the .mo files that are missing or older than their .po; returns how many."""
    written = 0
    for po in catalogs(root):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        part = mo.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as target:
            write_mo(target, read(po))
        part.replace(mo)
        written += 1
    return written


def repeated(path: Path) -> list[str]:
    """Sentences that stand twice in one file: readers get one of the two, and nobody knows which.

    Babel folds them while it reads, so the file itself is looked at.
    """
    seen, twice = set(), []
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        parts = {name: _joined(text) for name, text in _PART.findall(block)}
        key = (parts.get("msgctxt"), parts.get("msgid"))
        if parts.get("msgid") and key in seen:
            twice.append(" | ".join(each for each in key if each))
        seen.add(key)
    return twice


def _joined(quoted: str) -> str:
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', quoted))


def translations(language: str, root: Path = ROOT) -> dict[Sentence, dict[Path, str]]:
    """Every translated sentence of a language, with the catalogs that hold it."""
    found: dict[Sentence, dict[Path, str]] = defaultdict(dict)
    for path in catalogs(root, language):
        for message in read(path):
            if not message.id or message.fuzzy:
                continue
            ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            texts = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            if any(texts):
                key = Sentence(ids[0], ids[1] if len(ids) > 1 else "", message.context or "")
                found[key][path] = "\0".join(texts)
    return found


def missing(root: Path = ROOT) -> dict[str, dict[str, dict[Sentence, str]]]:
    """App -> language -> sentence -> first place where it is used."""
    have = {language: translations(language, root) for language in LANGUAGES}
    lacking: dict[str, dict[str, dict[Sentence, str]]] = defaultdict(lambda: defaultdict(dict))
    for found in find(root):
        for language in LANGUAGES:
            if found.sentence not in have[language]:
                lacking[found.app][language].setdefault(found.sentence, found.place)
    return lacking


def _entry(sentence: Sentence, place: str) -> str:
    def quoted(text: str) -> str:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + escaped.replace("\n", "\\n") + '"'

    lines = [f"#: {place}"]
    if sentence.context:
        lines.append(f"msgctxt {quoted(sentence.context)}")
    lines.append(f"msgid {quoted(sentence.msgid)}")
    if sentence.plural:
        lines += [f"msgid_plural {quoted(sentence.plural)}", 'msgstr[0] ""']
    else:
        lines.append('msgstr ""')
    return "\n".join(lines)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main(arguments: list[str]) -> int:
    if "--missing" not in arguments:
        _say(f"{compile_catalogs()} catalogs compiled")
        twice = [f"{path}: {each} stands twice" for path in catalogs() for each in repeated(path)]
        for line in twice:
            _say(line)
        return 1 if twice else 0
    wanted = [word for word in arguments if not word.startswith("-")]
    gaps = {app: gap for app, gap in sorted(missing().items()) if not wanted or app in wanted}
    for app, by_language in gaps.items():
        for language, sentences in by_language.items():
            _say(f"\n# ==== {app} · {language} · {len(sentences)} missing")
            for sentence, place in sorted(sentences.items(), key=lambda pair: pair[1]):
                _say(_entry(sentence, place) + "\n")
    _say(f"# {sum(len(s) for gap in gaps.values() for s in gap.values())} missing in all")
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
