"""Every sentence that people read: found in templates and in Python, with the room that owns it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.template.base import Lexer, TokenType
from django.utils.translation import trim_whitespace
from django.utils.translation.template import block_re, constant_re, endblock_re, inline_re, plural_re

ROOT = Path(__file__).resolve().parent.parent.parent
SKIPPED = {".venv", ".git", "var", "tests", "static", "node_modules", "migrations"}

# Function -> how many leading arguments are (context, singular, plural).
MARKERS = {
    "gettext": "s", "gettext_lazy": "s", "gettext_noop": "s", "_": "s", "N_": "s",
    "ngettext": "sp", "ngettext_lazy": "sp", "pgettext": "cs", "pgettext_lazy": "cs", "npgettext": "csp",
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Sentence:
    """An English msgid, its plural and context if it has them."""

    msgid: str
    plural: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    sentence: Sentence
    app: str
    place: str


def app_of(path: Path, root: Path = ROOT) -> str:
    """The room whose catalog holds the strings of this file."""
    parts = path.relative_to(root).parts
    if parts[:2] == ("templates", "admin"):
        parts = parts[1:]
        return parts[1] if len(parts) > 2 and _has_package(parts[1], root) else "web"
    if parts[:2] == ("templates", "account"):
        return "accounts"
    if parts[0] == "templates":
        if parts[1] == "letters" and len(parts) > 3:
            return parts[2]
        return parts[1] if len(parts) > 2 and _has_package(parts[1], root) else "web"
    return parts[1] if parts[0] == "platform" else parts[0]


def _has_package(name: str, root: Path) -> bool:
    return any((base / name / "__init__.py").exists() for base in (root, root / "platform"))


def sources(root: Path = ROOT) -> Iterator[Path]:
    for pattern in ("**/*.py", "templates/**/*.html", "templates/**/*.txt"):
        for path in sorted(root.glob(pattern)):
            if not SKIPPED & set(path.relative_to(root).parts):
                yield path


def find(root: Path = ROOT) -> Iterator[Found]:
    """Every marked sentence under `root`."""
    for path in sources(root):
        text = path.read_text(encoding="utf-8")
        app = app_of(path, root)
        pairs = python_sentences(text) if path.suffix == ".py" else template_sentences(text)
        for line, sentence in pairs:
            yield Found(sentence, app, f"{path.relative_to(root)}:{line}")


def python_sentences(source: str) -> Iterator[tuple[int, Sentence]]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        shape = MARKERS.get(name)
        values = [
            arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        if not shape or len(values) < len(shape):
            continue
        got = dict(zip(shape, values, strict=False))
        yield node.lineno, Sentence(got["s"], got.get("p", ""), got.get("c", ""))


def template_sentences(source: str) -> Iterator[tuple[int, Sentence]]:
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        line = token.lineno or 0
        if token.token_type == TokenType.BLOCK:
            if inline := inline_re.match(token.contents):
                context = _unquote(inline[3]) if inline[3] else ""
                yield line, Sentence(_unquote(inline[1]).replace("%%", "%"), "", context)
            elif block := block_re.match(token.contents):
                yield line, _block(tokens, token.contents, _unquote(block[1]) if block[1] else "")
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            for constant in constant_re.findall(token.contents):
                yield line, Sentence(_unquote(constant))


def _block(tokens: Iterator[object], opening: str, context: str) -> Sentence:
    """Singular and plural of a blocktranslate, as Django itself puts them together."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        kind, contents = token.token_type, token.contents  # type: ignore[attr-defined]
        if kind == TokenType.BLOCK and endblock_re.match(contents):
            break
        if kind == TokenType.BLOCK and plural_re.match(contents):
            parts.append([])
        elif kind == TokenType.VAR:
            parts[-1].append(f"%({contents})s")
        elif kind == TokenType.TEXT:
            parts[-1].append(contents.replace("%", "%%"))
    texts = ["".join(part) for part in parts]
    if " trimmed" in opening:
        texts = [trim_whitespace(text) for text in texts]
    return Sentence(texts[0], texts[1] if len(texts) > 1 else "", context)


def _unquote(text: str) -> str:
    return text[1:-1].replace(f"\\{text[0]}", text[0]) if text else ""


_VISIBLE = re.compile(r"[A-Za-z\u3400-\u9fff]{2,}|[\u3400-\u9fff]")
_ATTRIBUTES = re.compile(r"\b(?:alt|title|aria-label|placeholder|content|data-label)=\"([^\"]*)\"")
_TAG = re.compile(r"<(/?)([a-zA-Z…][\w…-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_UNREAD = re.compile(r"<(script|style|code)\b.*?</\1>|<!--.*?-->|<!doctype[^>]*>|<meta[^>]*>", re.S | re.I)
_ENTITY = re.compile(r"&#?\w+;")
# Marks that are the same in every language: the seal, file kinds, ids that people know by these letters.
SAME_EVERYWHERE = re.compile(
    r"\b(?:JSON|CSV|PDF|XLSX?|ID|SHA-256|MB|KB|JPG|PNG|MP4|12315|URL|API|GB|ml|kg|QR)\b"
)


def raw_texts(source: str) -> list[str]:
    """Letters or Han in text and in spoken attributes that no translate tag covers."""
    kept = []
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        if token.token_type == TokenType.TEXT:
            kept.append(token.contents)
        elif token.token_type == TokenType.BLOCK and block_re.match(token.contents):
            _block(tokens, "", "")
            kept.append("…")
        elif token.token_type == TokenType.BLOCK and token.contents.split()[0] == "comment":
            for inner in tokens:
                if inner.contents == "endcomment":
                    break
        else:
            kept.append("…")
    text = _UNREAD.sub(" ", "".join(kept))
    spoken = [value for tag in _TAG.finditer(text) for value in _ATTRIBUTES.findall(tag[3])]
    nodes = [*_TAG.sub("\n", text).split("\n"), *spoken]
    cleaned = (SAME_EVERYWHERE.sub("", _ENTITY.sub("", node)).strip() for node in nodes)
    return [node for node in cleaned if _VISIBLE.search(node)]
