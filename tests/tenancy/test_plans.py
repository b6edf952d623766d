"""The policies lean on the indexes: a hundred thousand orders of other shops cost a shop's page nothing."""

import json

import pytest
from django.db import connection

from orders.models import Order, OrderLine
from tests.tenancy.rows import set_to

OTHERS = 100_000
PAGE = "SELECT * FROM orders_order {where} ORDER BY placed_at DESC, id DESC LIMIT 25"
LINES = "SELECT * FROM orders_orderline WHERE order_id = %s"


def copy(model, source, times, **changed):
    columns = [field.column for field in model._meta.concrete_fields]
    values = [changed.get(name, f'o."{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {", ".join(values)}'
            f' FROM "{model._meta.db_table}" o, generate_series(1, {times}) g WHERE o.id = %s',
            [source],
        )


def plan(sql, params=()):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        (found,) = cursor.fetchone()
    return found if isinstance(found, list) else json.loads(found)


def scans(node):
    yield node.get("Node Type"), node.get("Relation Name")
    for below in node.get("Plans", []):
        yield from scans(below)


def fastest(sql, params=()):
    return min(plan(sql, params)[0]["Execution Time"] for _ in range(7))


@pytest.fixture(scope="module")
def many(world, django_db_blocker):
    ours, theirs, _both = world
    with django_db_blocker.unblock():
        spread = {"placed_at": "o.placed_at - g * interval '1 minute'"}
        copy(Order, theirs.order.pk, OTHERS, id="gen_random_uuid()", number="'Z' || g", **spread)
        line = OrderLine.objects.filter(order=theirs.order).first()
        copy(OrderLine, line.pk, 20_000, id="gen_random_uuid()", position="100 + g")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE orders_order, orders_orderline")
    return ours


@pytest.fixture
def crowd(many, db):
    return many


def test_a_forgotten_filter_still_reads_only_the_shop_s_index(crowd, capsys):
    where, params = "WHERE merchant_id = %s", [crowd.merchant.pk]
    plain = fastest(PAGE.format(where=where), params)
    line_plain = fastest(LINES, [crowd.order.pk])
    with set_to(crowd.merchant.pk, crowd.owner.subject_id):
        forgotten = plan(PAGE.format(where=""))[0]
        narrow = fastest(PAGE.format(where=where), params)
        line_narrow = fastest(LINES, [crowd.order.pk])
        paths = [forgotten, plan(PAGE.format(where=where), params)[0], plan(LINES, [crowd.order.pk])[0]]
    read_whole = [step for path in paths for step in scans(path["Plan"]) if step[0] == "Seq Scan"]
    assert not {"orders_order", "orders_orderline"} & {table for _step, table in read_whole}
    with capsys.disabled():
        print(
            f"\n  portal page among {OTHERS:,} foreign orders: {narrow:.3f} ms under the role, {plain:.3f} ms"
            f" plain; a child table by its parent: {line_narrow:.3f} ms, {line_plain:.3f} ms plain;"
            f" forgotten filter {forgotten['Execution Time']:.3f} ms"
        )


def test_the_site_s_plans_are_as_before(crowd):
    """For the site the policy says "true", which the planner removes: the same plan as for the owner."""
    sql = "SELECT id FROM orders_order WHERE merchant_id = %s ORDER BY placed_at DESC, id DESC LIMIT 25"
    shapes = []
    for role in ("none", "anxin_app"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('role', %s, true)", [role])
        shapes.append(list(scans(plan(sql, [crowd.merchant.pk])[0]["Plan"])))
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'none', true)")
    assert shapes[0] == shapes[1]
