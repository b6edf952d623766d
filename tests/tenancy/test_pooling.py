"""With real commits: what a request of the portal sets is gone before the connection serves the next."""

import pytest
from django.db import connection
from django.urls import reverse

from tests.builders.people import a_member
from tests.builders.shops import a_merchant


def whose():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, current_setting('anxin.merchant_id', true),"
            " current_setting('anxin.subject_id', true)"
        )
        return cursor.fetchone()


@pytest.mark.django_db(transaction=True)
def test_the_next_request_on_the_same_connection_is_nobody_s():
    """With real commits: nothing that was set outlives the transaction, as a pooler needs it."""
    merchant = a_merchant()
    owner = a_member(merchant)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_user")
        pid, user = cursor.fetchone()
    assert owner.client.get(reverse("orders:merchant-orders", args=[merchant.slug])).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_user")
        assert cursor.fetchone() == (pid, user)
    assert (whose()[1] or "", whose()[2] or "") == ("", "")
    assert not connection.in_atomic_block
