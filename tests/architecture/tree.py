"""The project's own source files, as the architecture tests read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = {".venv", "var", ".git", "node_modules", "staticfiles", "__pycache__", "tests", "platform"}
# Lowest floor first; packages in one group do not know each other or stand side by side.
FLOORS = [
    {"kernel"}, {"law"}, {"web"}, {"outbox"}, {"evidence"}, {"deadlines"}, {"rulebook"}, {"privacy"},
    {"notifications"}, {"accounts"}, {"merchants"}, {"catalog", "payments"}, {"orders"}, {"complaints"},
    {"credit"}, {"oversight"}, {"desk"}, {"config", "demo", "bench", "embedded", "backup"},
]  # fmt: skip
BESIDE_THE_DOMAIN = {"config", "demo", "bench", "embedded", "backup"}


@cache
def packages() -> dict[str, Path]:
    """Every importable top-level package of the project and its folder."""
    return {
        init.parent.name: init.parent
        for root in (ROOT, ROOT / "platform")
        for init in sorted(root.glob("*/__init__.py"))
        if init.parent.name not in OUTSIDE
    }


def floor(package: str) -> int:
    return next(number for number, names in enumerate(FLOORS) if package in names)


def sources(*, migrations: bool = False) -> Iterator[Path]:
    """The packages' Python files."""
    for folder in packages().values():
        for path in sorted(folder.rglob("*.py")):
            if migrations or "migrations" not in path.parts:
                yield path


def package_of(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "platform" else parts[0]


def inner(path: Path) -> tuple[str, ...]:
    """The path inside its package, without the ending: ('web', 'views')."""
    folder = packages()[package_of(path)]
    return path.relative_to(folder).with_suffix("").parts


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def dotted(node: ast.expr) -> str:
    """`a.b.c` for a chain of names, else an empty text."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            before = dotted(node.value)
            return f"{before}.{node.attr}" if before else ""
    return ""
