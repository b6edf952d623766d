"""Every rule of the money, worked out again: by night, on command, and for everybody to read."""

import json

import pytest
from django.core.management import call_command
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client
from django.urls import reverse

from kernel import clock
from orders import invariants as of_orders
from payments import book_checks, invariants
from payments.models import BookCheck
from payments.tasks import check_books
from tests.builders.money import a_captured_payment, a_difference

pytestmark = pytest.mark.django_db


def checked(capsys):
    with pytest.raises(SystemExit) as left:
        call_command("ledger", "check", "--json")
    return left.value.code, json.loads(capsys.readouterr().out)


def test_the_command_works_out_every_rule(capsys):
    a_captured_payment(10_000)
    code, said = checked(capsys)
    assert (code, said["offences"]) == (0, 0)
    assert [one["rule"] for one in said["rules"]] == [*invariants.RULES, *of_orders.RULES]


def test_a_broken_rule_is_found_and_leaves_with_one(capsys):
    payment = a_captured_payment(10_000)
    invariants.settle_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_payment DISABLE TRIGGER USER")
        cursor.execute("UPDATE payments_payment SET amount_minor = 9999 WHERE id = %s", [payment.pk])
    code, said = checked(capsys)
    broken = {one["rule"] for one in said["rules"] if one["offences"]}
    assert code == 1 and "the parts of a payment sum to its amount" in broken
    assert (
        "No: 1 row"
        in Client().get(reverse("payments:books"), headers={"Accept-Language": "en"}).content.decode()
    )


def test_anybody_reads_when_it_was_last_done_and_what_is_open():
    page = Client().get(reverse("payments:books"), headers={"Accept-Language": "en"})
    assert "done yet" in page.content.decode()
    a_difference()
    check_books()
    standing = book_checks.standing()
    assert (standing.broken, standing.differences, standing.disputes) == (0, 1, 0)
    for language in ("en", "zh-hans", "zh-hant"):
        page = Client().get(reverse("payments:books"), headers={"Accept-Language": language})
        assert page.status_code == 200 and "done yet" not in page.content.decode()


def test_the_page_shows_the_newest_check():
    first = book_checks.run(at=clock.now())
    second = book_checks.run(at=clock.now())
    assert [one.pk for one in book_checks.standing().checks] == [one.pk for one in second]
    assert BookCheck.objects.count() == len(first) + len(second)


@pytest.mark.parametrize(
    "attack", ["UPDATE payments_bookcheck SET offences = 0", "DELETE FROM payments_bookcheck"]
)
def test_what_was_found_stays(attack):
    book_checks.run(at=clock.now())
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        connection.cursor().execute(attack)
