"""Attacks by SQL with the portal's role, generated over every table of the database."""

import uuid

import pytest
from django.db import connection

from tests.tenancy.rows import (
    BY_TABLE,
    NARROW,
    READABLE,
    TENANTS,
    key,
    keys,
    refused,
    seen_by,
    set_to,
    shop_path,
)

# Tables whose rows both shops may see because a person is a customer of both.
OF_PEOPLE = {"privacy_subjectkey", "privacy_storedfile"}
# What the world has none of: there the other tests still try.
NONE_THERE = {"catalog_reservation", "deadlines_deadlinechange", "privacy_export"}
NOBODYS = ["", " ", "null", "garbage", "' OR true --", "%", str(uuid.UUID(int=0)), str(uuid.uuid4())]


@pytest.mark.parametrize("table", sorted(TENANTS))
def test_a_shop_sees_its_rows_and_all_of_them(shops, table):
    for shop in shops[:2]:
        model = TENANTS[table]
        own = set(
            model._default_manager.filter(**{shop_path(model): shop.merchant.pk}).values_list("pk", flat=True)
        )
        if table in READABLE:
            assert seen_by(shop, table) == own
            assert own or table in NONE_THERE, "the world has none of these: it proves nothing"
        else:
            with set_to(shop.merchant.pk, shop.owner.subject_id):
                assert refused(f'SELECT 1 FROM "{table}"')


@pytest.mark.parametrize("table", sorted(set(NARROW) & READABLE - OF_PEOPLE))
def test_two_shops_share_no_row(shops, table):
    assert not seen_by(shops[0], table) & seen_by(shops[1], table)


@pytest.mark.parametrize("table", sorted(OF_PEOPLE))
def test_people_s_rows_are_those_of_the_shop_s_customers(shops, table):
    ours, theirs, both = shops
    owners = dict(BY_TABLE[table]._default_manager.values_list("pk", "subject_id"))
    seen = {owners[pk] for pk in seen_by(ours, table)}
    assert theirs.buyer.subject_id not in seen and theirs.owner.subject_id not in seen
    if table == "privacy_subjectkey":
        assert {ours.buyer.subject_id, both.subject_id, ours.owner.subject_id} <= seen


@pytest.mark.parametrize("table", sorted(set(NARROW) & READABLE))
def test_nothing_without_a_shop(shops, table):
    for setting in NOBODYS:
        with set_to(setting, setting):
            assert keys(table) == set(), setting


@pytest.mark.parametrize("table", sorted(set(NARROW) & set(BY_TABLE)))
def test_foreign_rows_can_t_be_changed_removed_or_added(shops, table):
    ours, _theirs, _both = shops
    mine = seen_by(ours, table) if table in READABLE else set()
    foreign = next(iter(keys(table) - mine), None)
    assert foreign is not None or table in NONE_THERE
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE TEMP TABLE stolen AS SELECT * FROM "{table}" WHERE "{key(table)}" = %s', [foreign]
        )
        cursor.execute("GRANT SELECT ON stolen TO anxin_portal")
    with set_to(ours.merchant.pk, ours.owner.subject_id):
        column = key(table)
        assert refused(f'UPDATE "{table}" SET "{column}" = "{column}" WHERE "{column}" = %s', [foreign])
        assert refused(f'DELETE FROM "{table}" WHERE "{column}" = %s', [foreign])
        assert refused(f'INSERT INTO "{table}" SELECT * FROM stolen')


@pytest.mark.parametrize("table", sorted(set(BY_TABLE) - READABLE))
def test_every_other_table_is_closed(shops, table):
    ours = shops[0]
    with set_to(ours.merchant.pk, ours.owner.subject_id):
        assert refused(f'SELECT "{key(table)}" FROM "{table}"'), table
        assert refused(f'DELETE FROM "{table}"')


def test_an_own_row_can_t_be_given_away(shops):
    ours, theirs, _both = shops
    with set_to(ours.merchant.pk, ours.owner.subject_id):
        for table, pk in (("orders_order", ours.order.pk), ("catalog_listing", ours.listing.pk)):
            assert refused(f'UPDATE "{table}" SET merchant_id = %s WHERE id = %s', [theirs.merchant.pk, pk])


def test_a_child_can_t_be_hung_on_a_foreign_parent(shops):
    ours, theirs, _both = shops
    with set_to(ours.merchant.pk, ours.owner.subject_id):
        assert refused("UPDATE orders_shipment SET order_id = %s", [theirs.order.pk]), (
            "a parcel moved into another shop's order"
        )
        assert refused(
            "INSERT INTO catalog_stockchange (id, listing_id, quantity, on_hand_after, reason, actor, at)"
            " VALUES (gen_random_uuid(), %s, 1, 1, 'count', 'member:x', now())",
            [theirs.listing.pk],
        )


def test_the_money_is_only_read(shops):
    ours = shops[0]
    with set_to(ours.merchant.pk, ours.owner.subject_id):
        for table in ("payments_ledgerentry", "payments_posting", "payments_refund", "payments_paymentpart"):
            assert refused(f'INSERT INTO "{table}" SELECT * FROM "{table}" LIMIT 1')
            assert refused(f'UPDATE "{table}" SET id = id')


def test_nothing_in_the_schema_walks_round_the_policies(shops):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_views WHERE schemaname = 'public'")
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT proname, proconfig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = 'public' AND prosecdef AND prorettype <> 'trigger'::regtype"
        )
        # They say only whether a key lives, so that nothing is sealed under a dead one; their path is fixed.
        path = ["search_path=pg_catalog, public"]
        assert dict(cursor.fetchall()) == {"privacy_check_key": path, "privacy_check_master": path}
        # Triggers can't be called; these add the name of a shelf or sum up a listing's stock beside it,
        # or see that a short deposit is called for, and say nothing else to whoever fired them.
        cursor.execute(
            "SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND prorettype = 'trigger'::regtype"
        )
        names = [f"mark_{name}" for name in ("all", "by_listing", "listing", "shop")]
        names += ["stock_came", "stock_went", "stock_changed", "variant_changed"]
        deposits = [f"payments_deposit_{name}" for name in ("checked", "call_checked", "drawn")]
        assert dict(cursor.fetchall()) == dict.fromkeys(
            [*(f"catalog_{name}" for name in names), *deposits], path
        )
        cursor.execute("SELECT tablename FROM pg_tables WHERE tableowner IN ('anxin_app', 'anxin_portal')")
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname IN ('anxin_app', 'anxin_portal', 'anxin_owner')"
            " AND (rolsuper OR rolbypassrls OR rolcreaterole)"
        )
        assert cursor.fetchall() == []


def test_the_site_s_role_sees_every_row_and_inherits_nothing(shops):
    everything = keys("orders_order")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolinherit FROM pg_roles WHERE rolname = 'anxin_app'")
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT pg_has_role('anxin_app', 'anxin_portal', 'MEMBER')")
        assert cursor.fetchone() == (True,)
        cursor.execute(
            "SELECT count(*) FROM pg_policies WHERE tablename = 'orders_order'"
            " AND 'anxin_app' = ANY(roles) AND qual = 'true'"
        )
        assert cursor.fetchone() == (1,)
    assert everything > seen_by(shops[0], "orders_order")
