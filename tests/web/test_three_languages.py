"""Rendered pages: no Chinese in the English frame, no English sentence left in a Chinese page."""

import re

import pytest
from django.test import Client

from web.messages import translations

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/pledge",
    "/help",
    "/accessibility",
    "/about",
    "/nowhere",
    "/accounts/login/",
    "/search",
    "/cart/",
]
HAN = re.compile(r"[\u3400-\u9fff]")
# Elements in a language of their own say so with lang=; scripts and marks are nobody's sentence.
FOREIGN = re.compile(r"<(\w+)[^>]*\slang=\"(?:zh|en)[^\"]*\"[^>]*>.*?</\1>", re.S)
UNREAD = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->|<meta[^>]*>", re.S)


def body(html: str) -> str:
    inside = html[html.index("<body") :]
    return FOREIGN.sub(" ", UNREAD.sub(" ", inside))


def words(html: str) -> str:
    spoken = " ".join(re.findall(r"(?:alt|title|aria-label|placeholder)=\"([^\"]*)\"", html))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html) + " " + spoken)


def page(path: str, language: str) -> str:
    return words(body(Client(headers={"Accept-Language": language}).get(path).content.decode()))


@pytest.mark.parametrize("path", PAGES)
def test_the_english_page_has_no_chinese(path: str):
    text = page(path, "en")
    assert not HAN.search(text), HAN.findall(text)


@pytest.mark.parametrize(("language", "catalog"), [("zh-CN", "zh_Hans"), ("zh-TW", "zh_Hant")])
@pytest.mark.parametrize("path", PAGES)
def test_the_chinese_page_has_no_english_sentence(path: str, language: str, catalog: str):
    text = page(path, language)
    sentences = {one.msgid for one in translations(catalog) if " " in one.msgid and "%(" not in one.msgid}
    assert [one for one in sentences if one in text] == []


@pytest.mark.parametrize("path", PAGES)
def test_simplified_and_traditional_are_not_mixed(path: str):
    """A few characters that only one of the two scripts has."""
    assert not set("购车诉说时间录与这钱") & set(page(path, "zh-TW"))
    assert not set("購車訴說時間錄與這錢") & set(page(path, "zh-CN"))
