"""What staff read above columns and lists: words for models, fields and rooms, given at start.

The models keep Django's plain names, so that a better word never asks for a migration.
"""

from __future__ import annotations

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

ROOMS = {
    "rulebook": "Rulebook",
    "merchants": "Merchants",
    "catalog": "Catalogue",
    "orders": "Orders",
    "complaints": "Complaints",
    "credit": "Credit",
    "oversight": "Oversight",
    "payments": "Payments",
    "notifications": "Letters",
    "accounts": "Accounts",
    "deadlines": "Deadlines",
    "evidence": "Evidence",
    "outbox": "Facts on their way",
    "privacy": "Privacy",
    "account": "Sign-in addresses",
    "mfa": "Second factors",
}


def give_words() -> None:
    """Replace plain names by translated ones; names that are already lazy stay."""
    for config in apps.get_app_configs():
        if config.label in ROOMS:
            config.verbose_name = pgettext_lazy("room", ROOMS[config.label])
            for model in config.get_models():
                _words_of(model)


def _words_of(model: type) -> None:
    options = model._meta  # type: ignore[attr-defined]
    plain = {"model": options.verbose_name, "models": options.verbose_name_plural}
    for context, name in (("model", "verbose_name"), ("models", "verbose_name_plural")):
        if name not in options.original_attrs or not isinstance(plain[context], Promise):
            setattr(options, name, pgettext_lazy(context, _spelt(str(plain[context]))))
    for field in options.local_fields:
        if not isinstance(field.verbose_name, Promise):
            field.verbose_name = pgettext_lazy("column", str(field.verbose_name))


def _spelt(plural: str) -> str:
    """Django puts an s behind everything."""
    return plural.removesuffix("ys") + "ies" if plural.endswith("rys") else plural
