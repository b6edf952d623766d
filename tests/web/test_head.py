"""Whoever may read a page may ask for its headers: HEAD works wherever GET does."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.tenancy.addresses import patterns


def method_lists(view: Any, seen: set[int] | None = None) -> Iterator[set[str]]:
    """What each of Django's method decorators around a view lets through."""
    seen = set() if seen is None else seen
    if id(view) in seen or not callable(view):
        return
    seen.add(id(view))
    function = getattr(view, "__func__", view)
    code, cells = getattr(function, "__code__", None), getattr(function, "__closure__", None) or ()
    for name, cell in zip(code.co_freevars if code else (), cells, strict=True):
        if name == "request_method_list":
            yield set(cell.cell_contents)
        yield from method_lists(cell.cell_contents, seen)
    yield from method_lists(getattr(view, "__wrapped__", None), seen)


def test_no_view_takes_get_and_refuses_head():
    found = list(patterns())
    lists = {(route, name): list(method_lists(pattern.callback)) for route, name, pattern in found}
    assert sum(bool(each) for each in lists.values()) > 100, "the decorators are no longer seen"
    assert [
        key for key, each in lists.items() if any("GET" in one and "HEAD" not in one for one in each)
    ] == []


def test_no_class_of_views_takes_head_away():
    classes = {
        pattern.callback.view_class for _, _, pattern in patterns() if hasattr(pattern.callback, "view_class")
    }
    assert classes
    assert [each for each in classes if hasattr(each, "get") and "head" not in each.http_method_names] == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/cart/", "/checkout/", "/healthz", "/"])
def test_the_same_headers_without_a_body(client, path):
    whole, bare = client.get(path), client.head(path)
    assert (bare.status_code, bare.content) == (whole.status_code, b"")
