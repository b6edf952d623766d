"""The three languages of the interface, in the order in which the switch offers them."""

# Names stay in their own language: a person looking for theirs must be able to read it.
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]

# BCP 47 tags for `lang`: Hans and Hant glyphs differ.
TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}


def tag(code: str | None) -> str:
    """The `lang` attribute for a language code."""
    return TAGS.get((code or "").lower(), "zh-Hans")
