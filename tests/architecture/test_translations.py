"""No sentence reaches a reader in a language that is not theirs."""

import re
from collections import defaultdict

import pytest

from web import messages
from web.msgids import ROOT, find, python_sentences, raw_texts, sources, template_sentences

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def listed(lines) -> str:
    return "\n".join(sorted(lines)[:60])


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_sentence_is_translated(language: str):
    have = messages.translations(language)
    lacking = {
        f"{one.app}: {one.sentence.msgid!r} ({one.place})" for one in find() if one.sentence not in have
    }
    assert not lacking, (
        f"{len(lacking)} without {language} (python -m web.messages --missing):\n{listed(lacking)}"
    )


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_sentence_reads_the_same_everywhere(language: str):
    differing = {
        f"{sentence.msgid!r}: "
        + " / ".join(f"{path.relative_to(ROOT).parts[-5]}={text!r}" for path, text in texts.items())
        for sentence, texts in messages.translations(language).items()
        if len(set(texts.values())) > 1
    }
    assert not differing, listed(differing)


def test_no_file_says_a_sentence_twice():
    twice = {f"{path.parts[-5]}: {each}" for path in messages.catalogs() for each in messages.repeated(path)}
    assert not twice, f"one entry each, with a msgctxt where two things are meant:\n{listed(twice)}"


def test_a_sentence_that_stands_twice_is_found(tmp_path):
    text = """msgid ""
msgstr ""

msgid "One"
msgstr "一"

msgctxt "code"
msgid "One"
msgstr "壹"

msgid ""
"One"
msgstr "两"
"""
    (tmp_path / "django.po").write_text(text, encoding="utf-8")
    assert messages.repeated(tmp_path / "django.po") == ["One"]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_translations_use_the_same_parameters(language: str):
    wrong = set()
    for sentence, texts in messages.translations(language).items():
        wanted = set(PLACEHOLDER.findall(sentence.msgid)) | set(PLACEHOLDER.findall(sentence.plural))
        for path, text in texts.items():
            if set(PLACEHOLDER.findall(text)) != wanted:
                wrong.add(f"{path.relative_to(ROOT)}: {sentence.msgid!r} -> {text!r}")
    assert not wrong, listed(wrong)


def test_no_bare_text_in_templates():
    bare = set()
    for path in sources():
        if path.suffix == ".html":
            bare |= {
                f"{path.relative_to(ROOT)}: {text!r}" for text in raw_texts(path.read_text(encoding="utf-8"))
            }
    assert not bare, f"{len(bare)} texts outside translate tags:\n{listed(bare)}"


def test_no_inline_style_or_script_in_templates():
    inline = re.compile(r"<[^>]*\s(style|on[a-z]+)=|<style|<script(?![^>]*\ssrc=)|javascript:", re.I)
    found = defaultdict(list)
    for path in sources():
        if path.suffix == ".html" and "mail" not in path.parts:
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if inline.search(line):
                    found[str(path.relative_to(ROOT))].append(number)
    assert not found, dict(found)


class TestTheFinderItself:
    def test_sees_every_kind_of_tag(self):
        source = (
            '{% translate "One" %}{% translate "Two" context "c" %}'
            "{% blocktranslate count n=k %}{{ n }} x, 5%{% plural %}{{ n }} xs{% endblocktranslate %}"
            '{% include "a.html" with t=_("Three") %}'
        )
        found = [(one.msgid, one.plural, one.context) for _, one in template_sentences(source)]
        assert found == [
            ("One", "", ""),
            ("Two", "", "c"),
            ("%(n)s x, 5%%", "%(n)s xs", ""),
            ("Three", "", ""),
        ]

    def test_sees_calls_in_python(self):
        found = [
            one
            for _, one in python_sentences(
                'x = N_("a" " b")\ny = ngettext("one", "many", 2)\nz = pgettext("c", "d")'
            )
        ]
        assert [(one.msgid, one.plural, one.context) for one in found] == [
            ("a b", "", ""),
            ("one", "many", ""),
            ("d", "", "c"),
        ]

    def test_sees_bare_text_and_attributes(self):
        assert raw_texts('<p>{% translate "ok" %} 你好</p><img alt="Cat" title="{% translate "x" %}">') == [
            "… 你好",
            "Cat",
        ]
        assert raw_texts('<p class="Word">{{ name }} · 5 &nbsp;</p>{# note #}<script src="x"></script>') == []
