"""Names of deadlines for templates."""

from __future__ import annotations

from django import template

from deadlines import wording

register = template.Library()

register.filter("kind_name", wording.kind_name)
register.filter("turn_of", wording.owner_name)
register.filter("cause_name", wording.cause_name)


@register.filter
def percent(permille: int) -> str:
    """987 -> "98.7%"."""
    return f"{permille // 10}.{permille % 10}%"
