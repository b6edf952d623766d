"""Copies of orders are rows that the database's own rules let in, in every state a book of orders has."""

from collections import Counter

import pytest
from django.db import connection

from bench import heaps
from orders.models import Order, OrderLine
from privacy.subjects import create_subject
from tests.builders.orders import an_order

pytestmark = pytest.mark.django_db
A_HUNDRED = {"settled": 92, "delivered": 3, "shipped": 2, "cancelled": 2, "paid": 1}


def test_copies_are_older_than_their_original_and_mostly_settled() -> None:
    order = an_order()
    others = [create_subject(locale="en", at=order.placed_at).pk for _ in range(2)]
    heaps._copy(1, 200, [order], others)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    copies = Order.objects.exclude(pk=order.pk)
    assert Counter(copies.values_list("state", flat=True)) == {
        state: 2 * share for state, share in A_HUNDRED.items()
    }
    assert copies.filter(placed_at__gte=order.placed_at).count() == 0
    assert copies.filter(subject_id=order.subject_id).count() == 1
    assert copies.filter(subject_id__in=others).count() == 199
    assert OrderLine.objects.filter(order__in=copies).count() == 200 * order.lines.count()
    assert len(set(copies.values_list("number", flat=True))) == 200
