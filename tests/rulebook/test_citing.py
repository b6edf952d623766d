"""The popover stands beside every clock, and says sentence, source and date."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from tests.builders.rulebook import the_rulebook

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def the_law():
    the_rulebook()


def cited(rule_id, language="en"):
    template = Template("{% load rulebook_tags %}{% cite rule now %}")
    with translation.override(language):
        return template.render(Context({"rule": rule_id, "now": AT}))


@pytest.mark.parametrize(
    ("rule_id", "said"),
    [
        ("cn.return.window", ["art. 10", "15 Mar 2017", "/rules/cn.return.window/"]),
        ("policy.silence.complaint_answer", ["Anxin&#x27;s platform rules", "1 Jan 2025"]),
        ("promise.escrow", ["Money in escrow", "/rules/promise.escrow/"]),
        ("policy.none", ["policy.none"]),
        ("xx.none", ["xx.none"]),
    ],
)
def test_law_policy_and_promise_have_a_name_and_a_page(rule_id, said):
    page = cited(rule_id)
    assert "<summary></summary>" not in page
    assert all(words in page for words in said)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_in_every_language(language):
    assert "<summary></summary>" not in cited("policy.silence.order_dispatch", language)
