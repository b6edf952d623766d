"""The change history: what came into force when, and what each loaded version changed."""

from datetime import UTC, date, datetime

import pytest

from kernel.actor import Actor
from rulebook import changes, current, loading
from tests.builders.rulebook import the_rulebook

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def the_law():
    the_rulebook()


def load_next():
    """The Chinese pack with an eighth day to return."""
    text = (loading.LAW / "packs" / "cn.toml").read_text(encoding="utf-8")
    start = text.index('id = "cn.return.window"')
    text = text[:start] + text[start:].replace("n = 7\n", "n = 8\n", 1)
    held = current.pack("CN", AT).version
    text = text.replace(f'version = "{held}"', 'version = "cn-next"', 1)
    loading.load_pack(text=text, name="cn.toml", actor=Actor.system(), at=AT)


def test_the_latest_wording_comes_first_with_the_one_it_replaced():
    found = changes.of_law("CN", "en")
    days = [each.day for each in found]
    assert days == sorted(days, reverse=True)
    mediation = next(each for each in found if each.rule.rule_id == "cn.complaint.mediation")
    assert (mediation.day, mediation.replaced.until) == (date(2026, 4, 15), date(2026, 4, 14))


def test_a_new_version_says_what_it_changed_of_the_one_before():
    load_next()
    newest, *_older, first = changes.of_packs("CN")
    assert newest.version == "cn-next"
    assert [(each.rule_id, each.before, each.after) for each in newest.changes] == [
        ("cn.return.window", "7 d", "8 d")
    ]
    assert first.changes == ()


@pytest.mark.parametrize("place", ["CN", "EU", "UK", "XX"])
def test_anybody_can_read_it(client, place):
    load_next()
    answer = client.get("/rules/changes/", {"place": place}, headers={"accept-language": "en"})
    assert answer.status_code == 200
    assert ("cn-next" in answer.content.decode()) == (place in ("CN", "XX"))
