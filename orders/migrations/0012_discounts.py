"""What takes something off an order line is a row of its own; sums and refunds reckon with it."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0024_listing_reports"),
        ("merchants", "0015_inspections"),
        ("orders", "0011_other_countries"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="LineDiscount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("set", "set"), ("coupon", "coupon"), ("threshold", "threshold offer")],
                        max_length=10,
                    ),
                ),
                ("reference", models.UUIDField()),
                (
                    "funder",
                    models.CharField(
                        choices=[("merchant", "the shop"), ("platform", "the platform")],
                        default="merchant",
                        max_length=10,
                    ),
                ),
                ("currency", models.CharField(default="CNY", max_length=3)),
                ("amount_minor", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "discount of an order line",
                "verbose_name_plural": "discounts of order lines",
            },
        ),
        migrations.RemoveConstraint(
            model_name="order",
            name="an_order_total_is_goods_and_freight",
        ),
        migrations.RemoveConstraint(
            model_name="order",
            name="order_sums_are_not_negative",
        ),
        migrations.RemoveConstraint(
            model_name="orderline",
            name="a_line_refund_stays_within_the_line",
        ),
        migrations.AddField(
            model_name="order",
            name="discount_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="orderline",
            name="discount_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orderline",
            trigger=pgtrigger.compiler.Trigger(
                name="a_line_keeps_its_discount",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."discount_minor" IS DISTINCT FROM (NEW."discount_minor"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="3a8822c074862ba800c5e8f385c3d578ae9b212f",
                    operation="UPDATE",
                    pgid="pgtrigger_a_line_keeps_its_discount_e5f9e",
                    table="orders_orderline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orderline",
            trigger=pgtrigger.compiler.Trigger(
                name="a_discounted_line_has_its_discounts",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."discount_minor" > 0)',
                    constraint="CONSTRAINT",
                    func="\nIF NEW.discount_minor <> (\n    SELECT coalesce(sum(amount_minor), 0) FROM orders_linediscount WHERE line_id = NEW.id\n) THEN\n    RAISE EXCEPTION 'a line is discounted by what its discounts sum to' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NULL;\n",
                    hash="596ea10816560a08ef5169d2b5c064f106fd0fc5",
                    operation="INSERT",
                    pgid="pgtrigger_a_discounted_line_has_its_discounts_edffd",
                    table="orders_orderline",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "total_minor",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("goods_minor"), "+", models.F("freight_minor")
                            ),
                            "-",
                            models.F("discount_minor"),
                        ),
                    ),
                    ("total_minor__gt", 0),
                ),
                name="an_order_total_is_goods_and_freight",
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("discount_minor__gte", 0),
                    ("discount_minor__lte", models.F("goods_minor")),
                    ("freight_minor__gte", 0),
                    ("goods_minor__gt", 0),
                ),
                name="order_sums_are_not_negative",
            ),
        ),
        AddConstraintNotValid(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("refunded_minor__gte", 0),
                    (
                        "refunded_minor__lte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("total_minor"), "+", models.F("freight_minor")
                            ),
                            "-",
                            models.F("discount_minor"),
                        ),
                    ),
                ),
                name="a_line_refund_stays_within_the_line",
            ),
        ),
        AddConstraintNotValid(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("discount_minor__gte", 0), ("discount_minor__lte", models.F("total_minor"))
                ),
                name="a_line_is_discounted_to_nothing_at_most",
            ),
        ),
        migrations.AddField(
            model_name="linediscount",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="discounts", to="orders.orderline"
            ),
        ),
        migrations.AddConstraint(
            model_name="linediscount",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="a_discount_takes_something_off"
            ),
        ),
        migrations.AddConstraint(
            model_name="linediscount",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["set", "coupon", "threshold"])),
                name="line_discount_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="linediscount",
            constraint=models.CheckConstraint(
                condition=models.Q(("funder__in", ["merchant", "platform"])),
                name="line_discount_funder_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="linediscount",
            constraint=models.UniqueConstraint(
                fields=("line", "kind", "reference"), name="a_line_is_discounted_once_by_each_cause"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="linediscount",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="520760b5f9c1344c2b62d0762dc808bd32074df6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ef707",
                    table="orders_linediscount",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="linediscount",
            trigger=pgtrigger.compiler.Trigger(
                name="line_is_discounted_by_the_sum",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\nIF (SELECT discount_minor FROM orders_orderline WHERE id = NEW.line_id) <> (\n    SELECT coalesce(sum(amount_minor), 0) FROM orders_linediscount WHERE line_id = NEW.line_id\n) THEN\n    RAISE EXCEPTION 'a line is discounted by what its discounts sum to' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NULL;\n",
                    hash="1ccfca363570a6e65bd7d46403d951eab2b0aeff",
                    operation="INSERT",
                    pgid="pgtrigger_line_is_discounted_by_the_sum_7e438",
                    table="orders_linediscount",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
    ]
