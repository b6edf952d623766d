"""Tags and filters of our own pages (builtin in every template)."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from kernel.errors import N_
from kernel.money import Money
from web import formats, pictures, remaining, styles
from web.idempotency import FIELD

register = template.Library()

STAMPS = {"law": ("stamp stamp--law", N_("By law")), "promise": ("stamp", N_("Promised"))}
GRADE_WORDS = {
    "A": N_("excellent"),
    "B": N_("good"),
    "C": N_("fair"),
    "D": N_("weak"),
    "E": N_("poor"),
    "N": N_("new shop"),
}


@register.filter
def money(amount: Money | None) -> str:
    """ "¥539.48"; empty for none."""
    return "" if amount is None else formats.money_text(amount)


@register.filter
def code(stored: object) -> str:
    """The word for a code of ours, as staff read it."""
    return pgettext("code", str(stored)) if stored else ""


@register.filter
def moment(instant: datetime | None) -> SafeString:
    """Day and hour in the reader's zone, machine-readable too."""
    if instant is None:
        return mark_safe("")
    return format_html('<time datetime="{}">{}</time>', instant.isoformat(), formats.moment_text(instant))


@register.filter
def moment_words(instant: datetime | None) -> str:
    """The same without markup: for attributes, titles and letters."""
    return "" if instant is None else formats.moment_text(instant)


@register.filter
def until_words(due_at: datetime | None) -> str:
    """The end of a period in words; midnight is 24:00 of the last day."""
    return "" if due_at is None else formats.until_text(due_at)


@register.filter
def day(instant: datetime | None) -> SafeString:
    if instant is None:
        return mark_safe("")
    return format_html(
        '<time datetime="{}">{}</time>', instant.date().isoformat(), formats.day_text(instant, weekday=False)
    )


@register.filter
def clock_time(instant: datetime | None) -> str:
    return "" if instant is None else formats.clock_text(instant)


@register.simple_tag
def price(amount: Money) -> SafeString:
    """The price as the design sets it: small sign and decimals, spoken in full."""
    sign, whole, decimals = formats.money_parts(amount)
    return format_html(
        '<span class="price"><span class="vh">{}</span><span class="cur" aria-hidden="true">{}</span>'
        '<span class="big" aria-hidden="true">{}</span><span class="dec" aria-hidden="true">{}</span></span>',
        formats.money_spoken(amount), sign, whole, decimals,
    )  # fmt: skip


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon from the sprite; words always stand beside it."""
    return _icon(static("img/sprite.svg"), name)


@lru_cache(maxsize=256)
def _icon(sprite: str, name: str) -> SafeString:
    return format_html('<svg class="ic" aria-hidden="true"><use href="{}#i-{}"/></svg>', sprite, name)


@register.simple_tag
def stamp(kind: str) -> SafeString:
    """ "law" cannot be waived, "promise" is backed by the platform (design 2)."""
    css, words = STAMPS[kind]
    return format_html('<span class="{}">{}</span>', css, gettext(words))


@register.simple_tag
def sealmark() -> SafeString:
    return mark_safe('<span class="sealmark" aria-hidden="true" lang="zh-Hans">安</span>')


@register.simple_tag
def grade(letter: str) -> SafeString:
    """The coloured letter; its word stands beside it, so it is hidden from readers."""
    return format_html('<span class="grade" data-g="{}" aria-hidden="true">{}</span>', letter, letter)


@register.filter
def grade_word(letter: str) -> str:
    return gettext(GRADE_WORDS.get(letter, GRADE_WORDS["N"]))


@register.simple_tag
def idempotency_key() -> SafeString:
    """A fresh key for this form: sent twice, it does the thing once."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid.uuid4().hex)


@register.simple_tag
def deadline_chip(
    due_at: datetime,
    now: datetime,
    owner: str = "",
    outcome: str = "",
    *,
    state: str = "open",
    met_at: datetime | None = None,
    full: bool = False,
) -> SafeString:
    """Time left until a legal or contractual deadline, never a sales countdown.

    `outcome` is what happens if nobody acts; `state` is open, met or paused; `full` shows the moment too.
    """
    if state == "met" and met_at is not None:
        left = remaining.met(due_at=due_at, met_at=met_at)
    elif state == "paused":
        left = remaining.paused(due_at=due_at, now=now)
    else:
        left = remaining.remaining(due_at=due_at, now=now)
    until = gettext("until %(moment)s") % {"moment": formats.until_text(due_at)}
    ticking = (
        mark_safe(format_html(' data-due="{}" data-now="{}"', due_at.isoformat(), now.isoformat()))
        if state == "open"
        else ""
    )
    return format_html(
        '<span class="chip {}" data-owner="{}" title="{}">{}<time datetime="{}"{}>{}</time>{}</span>',
        left.css, owner, f"{until} · {outcome}" if outcome else until, icon("clock"),
        due_at.isoformat(), ticking, left.words,
        format_html("<span>{}</span>", until) if full else "",
    )  # fmt: skip


@register.filter
def left_words(due_at: datetime, now: datetime) -> str:
    """Time left in words, for sentences."""
    return remaining.remaining(due_at=due_at, now=now).words


@register.simple_tag
def page_styles(*names: str) -> SafeString:
    """Links to the sheets of single pages, after those of the parts."""
    return _links(f"css/pages/{name}.css" for name in names)


@register.simple_tag
def shared_styles() -> SafeString:
    """One joined sheet once `collectstatic` made it, else each part's own."""
    joined = styles.BUNDLE in getattr(staticfiles_storage, "hashed_files", {})
    return _links([styles.BUNDLE] if joined else styles.sheets())


def _links(names: Any) -> SafeString:
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(name),) for name in names))


@register.simple_tag
def deadline_words() -> SafeString:
    """The forms of time left, for the script that ticks minutes."""
    parts = [gettext(form) for form in (*remaining.LEFT, *remaining.LATE)]
    return format_html('<meta name="deadline-words" content="{}">', "|".join(parts))


@register.filter
def control(bound: BoundField, describedby: str = "") -> SafeString:
    """A form control, tied to its hint and message."""
    attrs: dict[str, str | bool] = {"aria-describedby": describedby} if describedby else {}
    return bound.as_widget(attrs=attrs)


@register.simple_tag(takes_context=True)
def current(context: Context, prefix: str) -> SafeString:
    """`aria-current` for the link to the section one is in."""
    request = context.get("request")
    path = getattr(request, "path", "")
    inside = path == prefix or (prefix != "/" and path.startswith(prefix))
    return mark_safe('aria-current="page"' if inside else "")


@register.simple_tag(takes_context=True)
def current_of(context: Context, base: str, *names: str) -> SafeString:
    """`aria-current` for a section whose pages stand at several addresses below `base`."""
    path = getattr(context.get("request"), "path", "")
    inside = any(path.startswith(f"{base}/{name}/") for name in names)
    return mark_safe('aria-current="page"' if inside else "")


@register.filter
def picture(source: str, width: int = 320) -> str:
    """Where a browser gets the picture of an offer, at least so wide on the screen."""
    return pictures.address(source, width)


@register.filter
def permille(value: int | None) -> str:
    """919 -> "91.9"."""
    return "" if value is None else f"{value / 10:.1f}"


@register.filter
def code_word(code: object) -> str:
    """A stored code in words, as staff pages say it."""
    return pgettext("code", str(code)) if code else ""
