"""Rules of the house that a reader of one file cannot see broken."""

import ast
from pathlib import Path

from tests.architecture import tree

EDGES = {"web", "api", "admin", "tasks", "management", "commands", "middleware", "templatetags"}
CLOCKS = {
    "clock.now", "timezone.now", "datetime.now", "datetime.utcnow", "datetime.datetime.now", "date.today",
    "datetime.date.today", "time.time", "timezone.localdate",
}  # fmt: skip
# The clock itself, and the relay: as the loop's step it is an edge.
MAY_READ_THE_CLOCK = {
    "platform/kernel/clock.py",
    "platform/outbox/platform_clock.py",
    "platform/outbox/relay.py",
}
FORBIDDEN_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "service",
    "services",
    "manager",
    "managers",
    "misc",
}
MONEY = {
    "payments",
    "credit/refund",
    "orders/refund_sums",
    "orders/settlement",
    "orders/totals",
    "kernel/money",
}


def test_only_edges_read_the_clock() -> None:
    found = []
    for path in tree.sources():
        if tree.package_of(path) in tree.BESIDE_THE_DOMAIN | {"web", "desk"} or EDGES & set(tree.inner(path)):
            continue
        if tree.short(path) in MAY_READ_THE_CLOCK:
            continue
        for node in ast.walk(tree.parsed(path)):
            if isinstance(node, ast.Call) and tree.dotted(node.func) in CLOCKS:
                found.append(f"{tree.short(path)}:{node.lineno} {tree.dotted(node.func)}")
            if isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add"):
                found.append(f"{tree.short(path)}:{node.value.lineno} {node.arg}")
    assert not found


def test_pages_and_api_go_through_the_access_door() -> None:
    found = [
        f"{tree.short(path)}:{node.lineno}"
        for path in tree.sources()
        if {"web", "api"} & set(tree.inner(path)[:-1])
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager")
    ]
    assert not found


def test_no_module_is_a_drawer_for_everything() -> None:
    found = [tree.short(path) for path in tree.sources() if FORBIDDEN_NAMES & set(tree.inner(path))]
    assert not found


def test_nobody_uses_signals() -> None:
    found = [
        f"{tree.short(path)}:{node.lineno}"
        for path in tree.sources()
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any("signals" in n or n == "dispatch" for n in _names(node))
    ]
    assert not found


def _names(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if alias.name.startswith("django")]
    if not (node.module or "").startswith("django"):
        return []
    return [*(node.module or "").split("."), *(alias.name for alias in node.names)]


def test_no_float_comes_near_money() -> None:
    found = []
    for path in tree.sources():
        if _holds_money(path):
            for node in ast.walk(tree.parsed(path)):
                if isinstance(node, ast.Constant) and isinstance(node.value, float):
                    found.append(f"{tree.short(path)}:{node.lineno} {node.value}")
                if isinstance(node, ast.Name) and node.id == "float":
                    found.append(f"{tree.short(path)}:{node.lineno} float")
                if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                    found.append(f"{tree.short(path)}:{node.lineno} /")
    assert not found


def _holds_money(path: Path) -> bool:
    name = "/".join((tree.package_of(path), *tree.inner(path)))
    # A path is joined by "/", a waiting time is a float: neither happens in these modules' edges.
    return any(name.startswith(part) for part in MONEY) and not EDGES & set(tree.inner(path))
