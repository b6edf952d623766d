"""What every page's frame needs. No query: counts come with the page or by fragment."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from web import languages
from web.preferences import Preferences


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Language, display preferences and the path to come back to after a switch."""
    preferences = getattr(request, "preferences", Preferences())
    return {
        "lang_tag": languages.tag(get_language()),
        "preferences": preferences,
        "here": request.get_full_path() if request.method == "GET" else request.path,
        "languages_offered": languages.LANGUAGES,
    }
