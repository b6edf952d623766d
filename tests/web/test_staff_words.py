"""The admin's rooms, lists and columns read in the language of the staff."""

import re

import pytest
from django.contrib import admin
from django.db import models
from django.utils import translation

from config.admin_names import ROOMS
from web.admin import CODES, code_word

LATIN = re.compile(r"[A-Za-z]{3,}")
OURS = [model for model in admin.site._registry if model._meta.app_label in ROOMS]


def columns(model: type[models.Model]) -> list[str]:
    fields = {field.name: field for field in model._meta.local_fields}
    return [
        str(fields[name].verbose_name) for name in admin.site._registry[model].list_display if name in fields
    ]


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_lists_and_columns_have_words(model: type[models.Model], language: str):
    with translation.override(language):
        said = [str(model._meta.verbose_name), str(model._meta.verbose_name_plural), *columns(model)]
        room = str(model._meta.app_config.verbose_name)
    assert [word for word in [room, *said] if LATIN.search(word)] == []


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_stored_codes_have_words(model: type[models.Model]):
    """Where the model names its codes by an enum."""
    known = [
        code
        for field in model._meta.local_fields
        if field.name in CODES - {"category"}
        for code, _ in (field.flatchoices if isinstance(field, models.CharField) else [])
    ]
    with translation.override("zh-hans"):
        assert [code for code in known if LATIN.search(code_word(code))] == []


def test_an_unknown_code_stays_readable():
    assert (code_word("something_new"), code_word(None)) == ("something_new", "")
