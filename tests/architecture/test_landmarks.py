"""A region that scrolls has its name for itself: a section of that name around it would be it twice."""

import re
from collections import defaultdict

import pytest

from embedded.places import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
OPENING = re.compile(r"<(section|div)((?:\{[{%].*?[%}]\}|[^>])*)>")
WORDS = re.compile(r"""\{% translate ['"](.*?)['"] %\}""")


def regions(text: str) -> dict[str, list[str]]:
    """Name → the tags that open a region of that name."""
    found: dict[str, list[str]] = defaultdict(list)
    for tag, told in OPENING.findall(text):
        role = re.search(r'role="(\w+)"', told)
        if (role.group(1) if role else tag) not in ("region", "section"):
            continue
        named = re.search(r'aria-labelledby="([^"]+)"', told)
        if named:
            heading = re.search(rf'<h\d[^>]*id="{re.escape(named.group(1))}"[^>]*>(.*?)</h\d>', text)
            found[WORDS.sub(r"\1", heading.group(1)) if heading else named.group(1)].append(tag)
        elif label := re.search(r"""aria-label="\{% translate ['"](.*?)['"] %\}\"""", told):
            found[label.group(1)].append(tag)
    return found


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: str(each.relative_to(ROOT)))
def test_no_two_regions_have_one_name(template) -> None:  # type: ignore[no-untyped-def]
    twice = [
        name for name, tags in regions(template.read_text(encoding="utf-8")).items() if "div" in tags[1:]
    ]
    assert twice == []
