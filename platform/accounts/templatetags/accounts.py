"""What the sign-in pages ask about the site."""

from __future__ import annotations

from django import template

from accounts import weixin

register = template.Library()


@register.simple_tag
def weixin_is_set_up() -> bool:
    """Without keys nothing of WeChat appears."""
    return weixin.is_set_up()
