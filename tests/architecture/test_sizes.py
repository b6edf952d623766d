"""Size is the earliest sign of two jobs in one place. Raise a budget only by a decision record."""

import ast
from pathlib import Path

from tests.architecture import tree

CODE_FILE, FUNCTION, VIEW, TASK, TEST_FILE = 300, 40, 20, 10, 300


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_code_files_stay_short() -> None:
    long = {tree.short(path): _lines(path) for path in tree.sources() if _lines(path) > CODE_FILE}
    assert not long


def test_test_files_stay_short() -> None:
    files = (tree.ROOT / "tests").rglob("*.py")
    long = {tree.short(path): _lines(path) for path in files if _lines(path) > TEST_FILE}
    assert not long


def test_functions_stay_short() -> None:
    long = [
        f"{tree.short(path)}:{node.lineno} {node.name} has {tree.length(node)} lines"
        for path in tree.sources()
        for node in tree.functions(path)
        if tree.length(node) > _budget(path, node)
    ]
    assert not long


def _budget(path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    if any(tree.dotted(_called(mark)).endswith("shared_task") for mark in node.decorator_list):
        return TASK
    names = [argument.arg for argument in node.args.args]
    is_view = names[:1] == ["request"] or names[:2] == ["self", "request"]
    if is_view and {"web", "api"} & {*tree.inner(path)[:-1], tree.package_of(path)}:
        return VIEW
    return FUNCTION


def _called(mark: ast.expr) -> ast.expr:
    return mark.func if isinstance(mark, ast.Call) else mark
