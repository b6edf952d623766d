"""`manage refund_quote`: the page's sum with its steps, every refusal with a code and an exit status."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override

from kernel import clock
from kernel.money import Money
from orders.models import Return
from tests.builders.orders import ORDERED, a_return, an_order
from tests.builders.people import a_buyer
from tests.builders.promotions import a_promotion
from tests.builders.set_orders import an_order_of_sets
from tests.builders.sets import a_set, teaware
from tests.builders.shops import a_listing, a_merchant
from web.formats import money_text

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def asked(order, lines, *more, at=DELIVERED + DAY):
    """What the command prints and how it leaves."""
    out = StringIO()
    number = order if isinstance(order, str) else order.number
    with clock.frozen(at), pytest.raises(SystemExit) as left:
        call_command("refund_quote", "--order", number, "--lines", lines, "--json", *more, stdout=out)
    return left.value.code, json.loads(out.getvalue())


@pytest.fixture
def buyer():
    return a_buyer()


@pytest.fixture
def order(buyer):
    """Three at 39.00 and 10.00 of freight: 3.33, 3.33 and 3.34 a piece."""
    listing = a_listing(price="39.00", freight="10.00")
    return an_order(listing=listing, quantity=3, delivered_at=DELIVERED, subject_id=buyer.subject_id)


def test_prints_the_sum_with_its_steps(order):
    code, told = asked(order, "1:2", "--language", "en")
    assert code == 0 and not Return.objects.exists()
    assert (told["goods_minor"], told["freight_minor"], told["amount_minor"]) == (7800, 666, 8466)
    assert (told["order"], told["currency"], told["accepted_at_once"]) == (order.number, "CNY", True)
    (step,) = told["steps"]
    assert step["line"] == str(order.lines.get().pk) and step["position"] == 1
    assert (step["units"], step["quantity"], step["paid_goods_minor"]) == (2, 3, 11700)
    assert (step["goods_minor"], step["freight_minor"], step["amount_minor"]) == (7800, 666, 8466)
    with override("en"):
        paid = money_text(Money(11700))
    assert step["words"] == [f"2 of 3, {paid} paid for all", "Freight you paid: share of 2 of 3"]


def test_says_what_the_page_says(buyer, order):
    """The same sum, the same words."""
    line = order.lines.get()
    with clock.frozen(DELIVERED + DAY):
        form = {f"line_{line.pk.hex}": "2", "kind": "no_reason", "note": ""}
        page = buyer.client.post(reverse("orders:return-check", args=[order.number]), form)
    _code, told = asked(order, "1:2")
    html = page.content.decode()
    assert page.status_code == 200 and told["steps"][0]["words"][0] in html and told["postage"] in html
    with override("zh-hans"):
        assert money_text(Money(told["amount_minor"])) in html


def test_steps_and_what_comes_off_are_the_sum(buyer):
    """A threshold that the rest no longer reaches: what is told adds up to what is paid."""
    shop = a_merchant()
    a_promotion(shop, from_minor=10_000, off_minor=2_000, at=ORDERED)
    listing = a_listing(merchant=shop, price="60.00")
    order = an_order(listing=listing, quantity=2, delivered_at=DELIVERED, subject_id=buyer.subject_id)
    _code, told = asked(order, "1:1", "--language", "en")
    parts = [*told["steps"], *told["taken_off"]]
    assert sum(each["amount_minor"] for each in parts) == told["amount_minor"] >= 0
    whole = asked(order, "1:2")[1]
    assert whole["amount_minor"] == order.total_minor == 10_000


def test_partial_sums_in_any_order_are_the_whole(order):
    first = asked(order, "1:1")[1]["amount_minor"]
    a_return(order, at=DELIVERED + DAY, quantity=1)
    assert first == 3900 + 333
    assert asked(order, "1:3")[1]["refused"]["code"] == "already_returning"


def test_a_line_by_its_id_counts_together_with_its_place(order):
    line = order.lines.get()
    assert asked(order, f"1:1,{line.pk}:2")[1]["amount_minor"] == order.total_minor


def test_explains_a_part_of_a_set():
    order = an_order_of_sets(a_set(*teaware(), price="90.00"), delivered_at=DELIVERED)
    _code, told = asked(order, "2:1")
    assert told["amount_minor"] == 1000
    (one,) = told["sets"]
    assert one["reckoned_anew"] and one["kept_alone_minor"] == 8000 and one["goods_minor"] == 1000
    assert one["kept_counts_minor"] == 8000 and one["law"]


@pytest.mark.parametrize(
    ("lines", "code", "status"),
    [
        ("1:0", "return_quantity_out_of_range", 1),
        ("1:4", "return_quantity_out_of_range", 1),
        ("1:999999", "return_quantity_out_of_range", 1),
        ("1:-1", "lines_unreadable", 2),
        ("1:0.5", "lines_unreadable", 2),
        ("1:1e3", "lines_unreadable", 2),
        ("1:１", "lines_unreadable", 2),
        ("1", "lines_unreadable", 2),
        ("", "lines_unreadable", 2),
        ("1:1,", "lines_unreadable", 2),
        ("2:1", "no_such_line", 2),
        ("00000000-0000-0000-0000-000000000000:1", "no_such_line", 2),
    ],
)
def test_refuses_what_can_not_be_read_or_returned(order, lines, code, status):
    left, told = asked(order, lines)
    assert (left, told["refused"]["code"]) == (status, code)
    assert told["refused"]["detail"] and told["refused"]["field"] in ("lines", None)


def test_refuses_after_the_window_and_before_delivery(order):
    left, told = asked(order, "1:1", at=order.window_ends_at)
    assert (left, told["refused"]["code"]) == (1, "return_window_closed")
    assert told["refused"]["details"]["ended"].startswith(order.window_ends_at.isoformat()[:10])
    left, told = asked(an_order(), "1:1")
    assert (left, told["refused"]["code"]) == (1, "not_delivered")


def test_says_that_there_is_no_such_order():
    left, told = asked("Z000000000", "1:1")
    assert (left, told["refused"]["code"], told["refused"]["status"]) == (3, "not_found", 404)


def test_speaks_the_language_that_is_asked_for(order):
    said = {
        language: asked(order, "1:9", "--language", language)[1] for language in ("zh-hans", "zh-hant", "en")
    }
    assert len({one["refused"]["detail"] for one in said.values()}) == 3
