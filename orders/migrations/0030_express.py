"""How an order comes: the standard way, or express with its days and what it cost on top."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

import orders.states


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("catalog", "0033_express"),
        ("merchants", "0017_digests_of_document_numbers"),
        ("orders", "0029_campaigns_validated"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="delivery",
            field=models.CharField(
                db_default="standard", default=orders.states.WayKind["STANDARD"], max_length=10
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="express_days",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="orderline",
            name="express_back_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="orderline",
            name="express_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="order_comes_the_way_it_was_bought",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."delivery" IS DISTINCT FROM (NEW."delivery") OR OLD."express_days" IS DISTINCT FROM (NEW."express_days"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="d1d44f09fc8bf7438cd9ddf649ca2c6c8d3b4741",
                    operation="UPDATE",
                    pgid="pgtrigger_order_comes_the_way_it_was_bought_6067e",
                    table="orders_order",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orderline",
            trigger=pgtrigger.compiler.Trigger(
                name="a_line_keeps_its_express",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."express_minor" IS DISTINCT FROM (NEW."express_minor"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="c9253b79dd90d0c2ab204ad0b0ec548aa86e4c34",
                    operation="UPDATE",
                    pgid="pgtrigger_a_line_keeps_its_express_5746c",
                    table="orders_orderline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orderline",
            trigger=pgtrigger.compiler.Trigger(
                name="only_an_express_order_costs_express",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."express_minor" > 0)',
                    func="\nIF NOT EXISTS (SELECT FROM orders_order WHERE id = NEW.order_id AND delivery = 'express') THEN\n    RAISE EXCEPTION 'only an express order costs express' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="b0bc8e9af8dba1cab375e5cffdc67d4bd3fd65ac",
                    operation="INSERT",
                    pgid="pgtrigger_only_an_express_order_costs_express_e8bfc",
                    table="orders_orderline",
                    when="BEFORE",
                ),
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("delivery__in", ["standard", "express"])), name="order_delivery_is_known"
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("delivery", "express"), ("express_days__gte", 1), ("express_days__isnull", False)
                    ),
                    models.Q(
                        models.Q(("delivery", "express"), _negated=True), ("express_days__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="an_express_order_says_its_days",
            ),
        ),
        AddConstraintNotValid(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("express_minor__gte", 0), ("express_minor__lte", models.F("freight_minor"))
                ),
                name="express_is_a_part_of_the_freight",
            ),
        ),
        AddConstraintNotValid(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("express_back_minor__gte", 0),
                    ("express_back_minor__lte", models.F("express_minor")),
                    ("express_back_minor__lte", models.F("refunded_minor")),
                ),
                name="express_goes_back_once_at_most",
            ),
        ),
        ValidateConstraint(model_name="order", name="order_delivery_is_known"),
        ValidateConstraint(model_name="order", name="an_express_order_says_its_days"),
        ValidateConstraint(model_name="orderline", name="express_is_a_part_of_the_freight"),
        ValidateConstraint(model_name="orderline", name="express_goes_back_once_at_most"),
    ]
