"""Every pair of colours that meet on a page keeps its contrast, in light and dark."""

import re

import pytest

from web.msgids import ROOT

CSS = (ROOT / "platform/web/static/css/tokens.css").read_text(encoding="utf-8")
TEXT, EDGE = 4.5, 3.0


def _block(selector: str) -> dict[str, str]:
    start = CSS.index("{", CSS.index(selector))
    return dict(re.findall(r"--([\w-]+):(#[0-9A-Fa-f]{6})", CSS[start : CSS.index("}", start)]))


LIGHT = _block(":root{")
DARK = LIGHT | _block(":root[data-theme=dark]{")
SYSTEM_DARK = LIGHT | _block(":root:not([data-theme=light]){")


def _pairs() -> list[tuple[str, str, float]]:
    pairs = [
        (ink, ground, TEXT) for ink in ("ink", "ink-2", "ink-3") for ground in ("paper", "surface", "sunken")
    ]
    for tone in ("pine", "indigo", "ochre", "cinnabar"):
        pairs += [
            (tone, "surface", TEXT),
            (tone, "paper", TEXT),
            (tone, f"{tone}-tint", TEXT),
            ("on-fill", tone, TEXT),
        ]
        pairs += [("ink", f"{tone}-tint", TEXT), ("ink-2", f"{tone}-tint", TEXT)]
    for letter in "abcden":
        pairs += [
            (f"grade-{letter}", "surface", TEXT),
            (f"grade-{letter}", "paper", TEXT),
            ("on-fill", f"grade-{letter}", TEXT),
        ]
    pairs += [("line-strong", ground, EDGE) for ground in ("surface", "paper", "sunken")]
    pairs += [("focus", "surface", EDGE), ("focus", "paper", EDGE), ("pine-hover", "surface", TEXT)]
    pairs += [(f"c{number}", "surface", EDGE) for number in range(1, 6)]
    pairs += [
        ("paper", "ink", TEXT),
        ("paper", "ink-2", TEXT),
        ("pine", "sunken", TEXT),
        ("ochre", "sunken", TEXT),
    ]
    pairs += [("pine", "ochre-tint", TEXT), ("pine", "cinnabar-tint", TEXT), ("ink-3", "pine-tint", TEXT)]
    return pairs


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_pairs_keep_their_contrast(theme: dict[str, str]):
    weak = [
        f"{fore} on {back}: {contrast(theme[fore], theme[back]):.2f}"
        for fore, back, need in _pairs()
        if contrast(theme[fore], theme[back]) < need
    ]
    assert weak == []


def test_dark_by_choice_is_dark_by_system():
    assert DARK == SYSTEM_DARK


def test_no_sheet_asks_for_a_token_that_no_theme_defines() -> None:
    """A fall-back colour beside it suits one theme and fails in the other."""
    sheets = sorted((ROOT / "platform/web/static/css").rglob("*.css"))
    css = "".join(path.read_text(encoding="utf-8") for path in sheets)
    used, defined = set(re.findall(r"var\((--[\w-]+)", css)), set(re.findall(r"(--[\w-]+)\s*:", css))
    assert used - defined == set()
