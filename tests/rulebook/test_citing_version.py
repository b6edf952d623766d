"""A deadline cites the rule of the version on its row, whatever has been loaded since."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from deadlines import booking
from kernel.actor import Actor
from kernel.ids import new_id
from orders.web.order_page import clock
from rulebook import current, loading, queries
from tests.builders.rulebook import the_rulebook

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
LATER = AT + timedelta(days=30)
RULE, POLICY = "cn.return.window", "silence.complaint_answer"
OLD, NEW = "Tell the seller within 7 days", "Speak to the seller within 9 days"
POLICY_OLD, POLICY_NEW = "waits for the seller&#x27;s answer", "waits for a word of the seller"


@pytest.fixture(autouse=True)
def the_law():
    the_rulebook()


def a_clock(rule_id, version):
    return booking.book(
        kind="orders.return_window",
        reference=new_id(),
        due_at=LATER,
        rule_id=rule_id,
        pack_version=version,
        owner="buyer",
        at=AT,
    )


def load_next():
    """The Chinese law and a policy of ours, each in a next version with another sentence."""
    text = (loading.LAW / "packs" / "cn.toml").read_text(encoding="utf-8").replace(OLD, NEW, 1)
    text = text.replace(f'version = "{current.pack("CN", AT).version}"', 'version = "cn-next"', 1)
    loading.load_pack(text=text, name="cn.toml", actor=Actor.system(), at=AT)
    text = (loading.DATA / "policies.toml").read_text(encoding="utf-8")
    row = text[text.index(f'name = "{POLICY}"') :].split("[[policies]]")[0]
    row = row.replace("version = 1", "version = 2", 1).replace("2025-01-01", "2026-11-25", 1)
    row = row.replace("waits for the seller's answer", POLICY_NEW, 1)
    loading.load_policies(text=f"[[policies]]\n{row}", name="policies.toml", actor=Actor.system(), at=AT)


def cited(found, now):
    """What the order page and the case page say at `now`."""
    with translation.override("en"):
        page = render_to_string(
            "orders/parts_clocks.html", {"clocks": [clock(found, seat="buyer")], "now": now}
        )
        tag = Template("{% load rulebook_tags %}{% cite clock.rule_id clock.booked_at clock.pack_version %}")
        return page, tag.render(Context({"clock": found}))


@pytest.mark.parametrize(
    ("rule_id", "old", "new"), [(RULE, OLD, NEW), (f"policy.{POLICY}", POLICY_OLD, POLICY_NEW)]
)
class TestCite:
    def test_shows_an_old_deadline_the_old_sentence(self, rule_id, old, new):
        law = current.pack("CN", AT).version
        found = a_clock(rule_id, "policy.v1" if rule_id.startswith("policy.") else law)
        load_next()
        for page in cited(found, LATER):
            assert (old in page, new in page) == (True, False)

    def test_shows_a_new_deadline_the_new_sentence(self, rule_id, old, new):
        load_next()
        found = a_clock(rule_id, "policy.v2" if rule_id.startswith("policy.") else "cn-next")
        for page in cited(found, LATER):
            assert (old in page, new in page) == (False, True)

    def test_takes_the_rule_of_the_time_when_the_version_was_never_loaded(self, rule_id, old, new):
        load_next()
        assert new in queries.citation(rule_id, "en", at=LATER, version="never").sentence


@pytest.mark.parametrize(
    "page", ["complaints/case.html", "complaints/shop_case.html", "orders/parts_clocks.html"]
)
def test_no_page_cites_a_clock_by_todays_law(page):
    source = (loading.LAW.parent / "templates" / page).read_text(encoding="utf-8")
    assert "{% cite clock.rule_id clock.booked_at clock.pack_version %}" in source
    assert "{% cite clock.rule_id now" not in source
