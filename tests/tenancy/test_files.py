"""Files for spreadsheets: whatever is asked for, they hold the asker's own rows and nothing to run."""

import csv
import io
from itertools import product

import pytest
from django.urls import reverse

from kernel import clock
from tests.builders.two_shops import NOW
from web.export import FORMULA_STARTS

# Every page that answers `?format=csv`, and what it is filtered by.
OF_A_SHOP = {
    "orders:merchant-orders": ("tab", "q"),
    "orders:merchant-invoices": ("tab", "q"),
    "orders:merchant-campaigns": ("tab", "state", "sort"),
    "orders:merchant-rewards": ("kind", "sort"),
    "payments:merchant-money": ("state",),
    "payments:merchant-statement": ("month", "currency"),
}
OF_A_PERSON = {"orders:invoices": ("tab", "title"), "payments:points": ("kind",)}
ODD = [
    "", "zzz", "' OR true --", "%", "9999-99", "0000-01", "-1", "2026-13", "２０２６-１１", "=1+1",
    "安" * 900, "00000000-0000-0000-0000-000000000000", "[]", "CNY\n", "JPY",
]  # fmt: skip


@pytest.fixture(autouse=True)
def now():
    with clock.frozen(NOW):
        yield


def file(person, url, **asked):
    """Its rows, header first."""
    answer = person.client.get(url, {"format": "csv", **asked})
    assert answer.status_code == 200, (url, asked, answer.status_code)
    assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))


def harmless(rows):
    for cell in (cell for row in rows for cell in row):
        number = cell.removeprefix("-").replace(".", "", 1).isdigit()
        assert number or not cell.startswith(FORMULA_STARTS), cell


@pytest.mark.parametrize("name", OF_A_SHOP)
def test_a_foreign_or_odd_filter_opens_nobody_else_s_rows(shops, name):
    ours, theirs, both = shops
    url = reverse(name, args=[ours.slug])
    foreign = [
        *theirs.words,
        theirs.slug,
        theirs.payment_number,
        str(theirs.merchant.pk),
        str(both.subject_id),
    ]
    for key, value in product(OF_A_SHOP[name], [*ODD, *foreign]):
        rows = file(ours.owner, url, **{key: value})
        told = "\n".join(",".join(row) for row in rows)
        assert not [word for word in foreign if word in told], (key, value)
        harmless(rows)


@pytest.mark.parametrize("name", OF_A_PERSON)
def test_a_person_s_file_is_their_own(shops, name):
    ours, theirs, _both = shops
    foreign = [
        theirs.order.number,
        theirs.returning.number,
        theirs.payment_number,
        str(theirs.buyer.subject_id),
    ]
    for key, value in product(OF_A_PERSON[name], [*ODD, *foreign]):
        rows = file(ours.buyer, reverse(name), **{key: value})
        assert not [word for word in foreign if word in "\n".join(",".join(row) for row in rows)]
        harmless(rows)


def test_what_stands_in_a_file_is_what_was_asked_for(shops):
    """The table above would prove nothing if the files were empty."""
    ours, theirs, _both = shops
    url = reverse("orders:merchant-orders", args=[ours.slug])
    assert ours.order.number in [row[0] for row in file(ours.owner, url, tab="all", q=ours.order.number)]
    # The header and the line that says under which number it was taken.
    assert len(file(ours.owner, url, tab="all", q=theirs.order.number)) == 2
    assert len(file(ours.owner, reverse("payments:merchant-statement", args=[ours.slug]))) > 4


def test_the_register_s_file_holds_what_it_says(shops):
    rows = file(shops[0].owner, reverse("merchants:register"), q="=1+1", state="zzz", sort="password")
    harmless(rows)
