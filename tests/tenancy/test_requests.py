"""A portal request from beginning to end: its transaction, its role, and what is left of both."""

import re
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from config import portal_rights
from kernel.errors import NotFound
from merchants import access, membership
from merchants.capabilities import Capability
from merchants.web import bound
from orders.models import Order
from tests.builders.people import a_member
from web import tenancy


def whose():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, current_setting('anxin.merchant_id', true),"
            " current_setting('anxin.subject_id', true)"
        )
        return cursor.fetchone()


def orders_url(shop):
    return reverse("orders:merchant-orders", args=[shop.slug])


def patterns(found=None, before=""):
    for each in get_resolver().url_patterns if found is None else found:
        route = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from patterns(each.url_patterns, route)
        else:
            yield route, each


def test_every_address_below_a_shop_is_bound_to_it():
    below = [(route, each) for route, each in patterns() if bound.SHOP in route]
    assert len(below) >= 25
    assert [route for route, each in below if not bound.is_bound(each)] == []


class TestTheRole:
    def test_a_page_reads_under_it_and_gives_it_back(self, shops):
        ours, before = shops[0], whose()
        with CaptureQueriesContext(connection) as queries:
            assert ours.owner.client.get(orders_url(ours)).status_code == 200
        roles = [one["sql"] for one in queries if "set_config('role'" in one["sql"]]
        assert len(roles) == 2 and tenancy.ROLE in roles[0] and "'none'" in roles[1]
        assert whose()[0] == before[0] and not whose()[1] and not whose()[2]

    def test_a_refusal_and_a_failure_give_it_back(self, shops, monkeypatch):
        ours, theirs, _both = shops
        user = whose()[0]
        url = reverse("orders:merchant-order", args=[ours.slug, theirs.order.number])
        assert ours.owner.client.get(url).status_code == 404
        assert whose()[0] == user and not whose()[1]
        monkeypatch.setattr("orders.web.portal_page.frame", lambda membership: 1 / 0)
        ours.owner.client.raise_request_exception = False
        assert ours.owner.client.get(orders_url(ours)).status_code == 500
        ours.owner.client.raise_request_exception = True
        assert whose()[0] == user and not whose()[1]

    def test_a_failure_leaves_nothing_behind(self, shops):
        ours = shops[0]
        with pytest.raises(ZeroDivisionError), access.portal(ours.owner.actor, ours.slug):
            Order.objects.filter(pk=ours.order.pk).update(refunded_minor=1)
            raise ZeroDivisionError
        assert not Order.objects.filter(pk=ours.order.pk, refunded_minor=1).exists()

    def test_strangers_never_get_it(self, shops):
        ours, theirs, both = shops
        for person in (theirs.owner, both):
            with CaptureQueriesContext(connection) as queries:
                assert person.client.get(orders_url(ours)).status_code == 404
            assert not [one for one in queries if "set_config" in one["sql"]]
        with pytest.raises(NotFound), access.portal(theirs.owner.actor, ours.slug):
            raise AssertionError("inside")

    def test_who_acts_for_two_shops_is_in_one_at_a_time(self, shops):
        ours, theirs, _both = shops
        person = a_member(ours.merchant)
        membership.add_member(
            merchant_id=theirs.merchant.pk,
            subject_id=person.subject_id,
            capabilities=[Capability.OWNER],
            actor=person.actor,
            at=ours.order.placed_at,
        )
        for here, there in ((ours, theirs), (theirs, ours)):
            body = person.client.get(orders_url(here) + "?tab=all").content.decode()
            assert here.order.number in body and there.order.number not in body
            with access.portal(person.actor, here.slug):
                assert set(Order.objects.values_list("merchant_id", flat=True)) == {here.merchant.pk}
                with pytest.raises(NotFound):
                    access.membership_for(person.actor, there.slug)

    def test_what_waits_for_the_commit_runs_as_the_site(self, shops, django_capture_on_commit_callbacks):
        seen = []
        inside = access.portal(shops[0].owner.actor, shops[0].slug)
        with django_capture_on_commit_callbacks(execute=True), inside:
            transaction.on_commit(lambda: seen.append((tenancy.is_narrowed(), whose()[1])))
        assert seen in ([(False, "")], [(False, None)])


class TestWidened:
    def test_the_platform_s_part_sees_all_and_gives_the_role_back(self, shops):
        everything = Order.objects.count()
        with access.portal(shops[0].owner.actor, shops[0].slug):
            few = Order.objects.count()
            with tenancy.widened():
                assert Order.objects.count() == everything
            assert Order.objects.count() == few < everything
            with pytest.raises(ZeroDivisionError), tenancy.widened():
                raise ZeroDivisionError
            assert Order.objects.count() == few

    def test_elsewhere_it_costs_nothing(self, db):
        with CaptureQueriesContext(connection) as queries, tenancy.widened():
            pass
        assert len(queries) == 0


class TestCost:
    def test_a_portal_page_pays_two_statements(self, shops, monkeypatch):
        ours = shops[0]
        ours.owner.client.get(orders_url(ours))
        with CaptureQueriesContext(connection) as bound_to:
            ours.owner.client.get(orders_url(ours))

        @contextmanager
        def wide(**_who):
            yield

        monkeypatch.setattr(tenancy, "narrowed", wide)
        with CaptureQueriesContext(connection) as plain:
            ours.owner.client.get(orders_url(ours))
        # In a test the transaction is a savepoint, whose two statements a site's request doesn't send.
        extra = [one for one in bound_to if "SAVEPOINT" not in one["sql"]]
        assert len(extra) - len([one for one in plain if "SAVEPOINT" not in one["sql"]]) == 2

    def test_shoppers_pages_pay_nothing(self, shops):
        ours, _theirs, both = shops
        urls = ("/", f"/p/{ours.listing.pk}/", "/c/home/", reverse("orders:list"))
        with CaptureQueriesContext(connection) as queries:
            assert [both.client.get(url).status_code for url in urls] == [200] * 4
        assert not [one for one in queries if "set_config" in one["sql"]]


def test_only_transaction_local_settings_are_used():
    assert tenancy._SET.count("true)") == 3 and "false" not in tenancy._SET


def test_nobody_may_delete_and_the_grants_are_the_list(db):
    assert not [table for table, rights in portal_rights.RIGHTS.items() if "DELETE" in rights]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
            " WHERE grantee = 'anxin_portal' AND table_schema = 'public'"
        )
        granted = set(cursor.fetchall())
    wanted = {
        (table, right.strip())
        for table, rights in portal_rights.RIGHTS.items()
        for right in re.sub(r"\w+ \([^)]*\)", "", rights).split(",")
        if right.strip()
    }
    assert granted == wanted
