"""What each parcel holds. Until now an order had one, with all its lines; the counts come with them."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

import kernel.ids

BATCH = 2_000
COUNTED = (
    "no_more_is_sent_than_was_bought",
    "only_what_was_sent_fails_to_arrive",
    "no_piece_goes_back_twice",
)
# The trigger of the new table counts the pieces on their lines.
FILL = """
    INSERT INTO orders_parcelline (id, shipment_id, line_id, quantity)
    SELECT gen_random_uuid(), parcel.id, line.id, line.quantity
      FROM (SELECT id, order_id FROM orders_shipment one
             WHERE returning_id IS NULL
               AND NOT EXISTS (SELECT 1 FROM orders_parcelline held WHERE held.shipment_id = one.id)
             LIMIT %s) parcel
      JOIN orders_orderline line ON line.order_id = parcel.order_id
"""


def fill(apps, schema_editor):
    """Batch by batch, each its own transaction; begun again, it goes on."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(FILL, [BATCH])
        while cursor.rowcount:
            cursor.execute(FILL, [BATCH])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("catalog", "0025_deals_point_at_their_variant"),
        ("orders", "0013_discounts_validated"),
    ]

    operations = [
        migrations.CreateModel(
            name="ParcelLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("quantity", models.PositiveSmallIntegerField()),
            ],
            options={
                "verbose_name": "line of a parcel",
                "verbose_name_plural": "lines of parcels",
            },
        ),
        migrations.AddField(
            model_name="orderline",
            name="cancelled_quantity",
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="orderline",
            name="sent_quantity",
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="orderline",
            name="undelivered_quantity",
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orderline",
            trigger=pgtrigger.compiler.Trigger(
                name="only_parcels_count_as_sent",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."sent_quantity" IS DISTINCT FROM (NEW."sent_quantity"))',
                    func="\nIF pg_trigger_depth() < 2 THEN\n    RAISE EXCEPTION 'only a parcel sends pieces'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'only_parcels_count_as_sent';\nEND IF;\nRETURN NEW;\n",
                    hash="332e1f5ba008883deba693361833ef1166e21467",
                    operation="UPDATE",
                    pgid="pgtrigger_only_parcels_count_as_sent_f1283",
                    table="orders_orderline",
                    when="BEFORE",
                ),
            ),
        ),
        AddConstraintNotValid(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cancelled_quantity__gte", 0),
                    ("sent_quantity__gte", 0),
                    (
                        "sent_quantity__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("quantity"), "-", models.F("cancelled_quantity")
                        ),
                    ),
                ),
                name="no_more_is_sent_than_was_bought",
            ),
        ),
        AddConstraintNotValid(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("undelivered_quantity__gte", 0), ("undelivered_quantity__lte", models.F("sent_quantity"))
                ),
                name="only_what_was_sent_fails_to_arrive",
            ),
        ),
        AddConstraintNotValid(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "returned_quantity__lte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("quantity"), "-", models.F("cancelled_quantity")
                            ),
                            "-",
                            models.F("undelivered_quantity"),
                        ),
                    )
                ),
                name="no_piece_goes_back_twice",
            ),
        ),
        migrations.AddField(
            model_name="parcelline",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.orderline"
            ),
        ),
        migrations.AddField(
            model_name="parcelline",
            name="shipment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="orders.shipment"
            ),
        ),
        migrations.AddConstraint(
            model_name="parcelline",
            constraint=models.UniqueConstraint(
                fields=("shipment", "line"), name="a_line_stands_once_in_a_parcel"
            ),
        ),
        migrations.AddConstraint(
            model_name="parcelline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1), ("quantity__lte", 999)),
                name="parcel_quantity_is_in_range",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parcelline",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6af9ee06e1bf42ac46a2635cfeab9527ceebfa02",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e9713",
                    table="orders_parcelline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parcelline",
            trigger=pgtrigger.compiler.Trigger(
                name="a_parcel_holds_pieces_of_its_order",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\nUPDATE orders_orderline SET sent_quantity = sent_quantity + NEW.quantity\n WHERE id = NEW.line_id\n   AND order_id = (SELECT order_id FROM orders_shipment\n                    WHERE id = NEW.shipment_id AND returning_id IS NULL);\nIF NOT FOUND THEN\n    RAISE EXCEPTION 'a parcel holds pieces of its own order'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_parcel_holds_pieces_of_its_order';\nEND IF;\nRETURN NEW;\n",
                    hash="9cf5d1300197b0f0ddc51c990671d5c502d3ce70",
                    operation="INSERT",
                    pgid="pgtrigger_a_parcel_holds_pieces_of_its_order_5fe37",
                    table="orders_parcelline",
                    timing="DEFERRABLE INITIALLY IMMEDIATE",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        *(ValidateConstraint(model_name="orderline", name=name) for name in COUNTED),
    ]
