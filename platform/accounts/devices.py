"""What kind of browser this is, in a class that fits millions: the header itself is never kept."""

from __future__ import annotations

from kernel.errors import N_

DEVICE_WORDS = {
    "phone": N_("A phone"),
    "tablet": N_("A tablet"),
    "computer": N_("A computer"),
    "other": N_("A device of another kind"),
}
BROWSER_WORDS = {
    "wechat": "WeChat",
    "edge": "Edge",
    "chrome": "Chrome",
    "firefox": "Firefox",
    "safari": "Safari",
    "other": "",
}
# The first mark that is found names the class; the order matters (Edge and WeChat also say Chrome).
_BROWSER_MARKS = (
    ("micromessenger", "wechat"),
    ("edg", "edge"),
    ("firefox", "firefox"),
    ("fxios", "firefox"),
    ("chrome", "chrome"),
    ("crios", "chrome"),
    ("safari", "safari"),
)
_DEVICE_MARKS = (
    ("ipad", "tablet"),
    ("tablet", "tablet"),
    ("iphone", "phone"),
    ("mobile", "phone"),
    ("android", "tablet"),
    ("windows", "computer"),
    ("macintosh", "computer"),
    ("linux", "computer"),
    ("cros", "computer"),
)


def class_of(user_agent: str) -> dict[str, str]:
    """`device` and `browser` of the header, as codes of the tables above."""
    text = user_agent.lower()
    return {"device": _first(text, _DEVICE_MARKS), "browser": _first(text, _BROWSER_MARKS)}


def _first(text: str, marks: tuple[tuple[str, str], ...]) -> str:
    return next((code for mark, code in marks if mark in text), "other")
