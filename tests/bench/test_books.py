"""The ledger that the bench fills keeps every rule, and a rule that it broke would be found."""

import pytest
from django.db import connection

from bench import books
from payments import invariants
from payments.models import Payment, Posting

pytestmark = pytest.mark.django_db


def test_fills_whole_payments_that_keep_every_rule() -> None:
    books.fill(100)
    books.fill(100)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert (Payment.objects.count(), Posting.objects.count()) == (20, 100)
    assert invariants.all_offences() == []
    by_rule: dict[str, float] = {}
    assert len(list(books._rules(by_rule)())) == 1 and set(by_rule) == set(invariants.RULES)
    assert len(list(books._pass())) == 1


def test_goes_on_where_it_stopped() -> None:
    books.fill(50)
    books.fill(90)
    assert Payment.objects.count() == 18 and invariants.all_offences() == []
