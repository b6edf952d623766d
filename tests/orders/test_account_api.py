"""A shop's account over HTTP: opening, every line and closing add up; only for who may see money."""

from datetime import UTC, datetime, timedelta

import pytest

from kernel.actor import Actor
from kernel.money import Money
from merchants.capabilities import Capability
from payments import accounts, ledger
from tests.builders.people import a_member
from tests.builders.programs import Program
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
START = datetime(2026, 11, 10, 4, 0, tzinfo=UTC)
SPAN = "/account/?from=2026-11-11T00:00:00Z&to=2026-11-14T00:00:00Z"


def earned(merchant, minor, at, purpose="release"):
    """As a settlement posts it: in from outside, and on to the shop."""
    amount, account = Money(abs(minor)), accounts.available(merchant.pk)
    ends = (accounts.provider("sandbox"), account)
    lines = ledger.move_money(*(ends if minor > 0 else reversed(ends)), amount)
    from kernel.ids import new_id

    ledger.post(reference=new_id(), purpose=purpose, lines=lines, actor=Actor.system(), at=at)


@pytest.fixture
def shop(db):
    merchant = a_merchant()
    for days, minor in enumerate((10_001, 333, -4_000, 77, -1), start=0):
        earned(merchant, minor, START + days * DAY, "release:x" if minor > 0 else "payout")
    earned(a_merchant(), 999_999, START + DAY)
    return merchant


def test_lines_explain_the_two_sums(shop):
    program = Program(a_member(shop), merchant=shop, at=START + 10 * DAY)
    told = program.get(SPAN).json()
    sums = [told[name]["minor"] for name in ("opening", "came", "left", "closing")]
    assert sums == [10_001, 410, -4_000, 6_411]
    assert [each["amount"]["minor"] for each in told["results"]] == [333, -4_000, 77]
    assert [each["purpose"] for each in told["results"]] == ["release", "payout", "release"]
    assert {each["order"] for each in told["results"]} == {None}
    pages = [program.get(f"{SPAN}&page_size=2&page={number}").json() for number in (1, 2, 3)]
    assert [len(each["results"]) for each in pages] == [2, 1, 0]
    assert [each["next"] for each in pages] == [2, None, None]


def test_a_span_has_a_beginning_an_end_and_a_length(shop):
    program = Program(a_member(shop), merchant=shop, at=START + 10 * DAY)
    for query in ("", "?from=2026-11-11T00:00:00Z", "?from=x&to=y"):
        assert program.get(f"/account/{query}").status_code == 400
    for query in (
        "from=2026-11-14T00:00:00Z&to=2026-11-11T00:00:00Z",
        "from=2026-11-14T00:00:00Z&to=2026-11-14T00:00:00Z",
        "from=2024-11-14T00:00:00Z&to=2026-11-14T00:00:00Z",
    ):
        answer = program.get(f"/account/?{query}")
        assert (answer.status_code, answer.json()["code"]) == (422, "span_unusable")


def test_only_who_may_see_money(shop):
    for capabilities, status in (
        ([Capability.FINANCE], 200),
        ([Capability.ORDERS], 404),
        ([Capability.READ], 404),
    ):
        program = Program(a_member(shop, capabilities), merchant=shop, at=START + 10 * DAY)
        assert program.get(SPAN).status_code == status
