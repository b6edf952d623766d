"""Services: redeemed by a code for each line, never sent."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("merchants", "0019_webhooks"),
        ("orders", "0033_covers"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="pointcode",
            name="a_point_code_is_of_its_order",
        ),
        migrations.RemoveConstraint(
            model_name="order",
            name="order_delivery_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="order",
            name="what_is_picked_up_has_a_point_and_no_freight",
        ),
        migrations.RemoveConstraint(
            model_name="pointcode",
            name="a_point_code_is_for_one_thing",
        ),
        migrations.AddField(
            model_name="pointcode",
            name="line",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="codes",
                to="orders.orderline",
            ),
        ),
        migrations.AlterField(
            model_name="pointcode",
            name="kind",
            field=models.CharField(
                choices=[("pickup", "pick-up"), ("return", "return"), ("voucher", "voucher")], max_length=10
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pointcode",
            trigger=pgtrigger.compiler.Trigger(
                name="a_point_code_is_of_its_order",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF NOT EXISTS (SELECT FROM orders_order WHERE id = NEW.order_id AND subject_id = NEW.subject_id\n                  AND (NEW.kind = 'return' OR (NEW.kind = 'voucher') = (delivery = 'voucher')))\n   OR NEW.returning_id IS NOT NULL\n      AND NOT EXISTS (SELECT FROM orders_return WHERE id = NEW.returning_id AND order_id = NEW.order_id)\n   OR NEW.line_id IS NOT NULL\n      AND NOT EXISTS (SELECT FROM orders_orderline WHERE id = NEW.line_id AND order_id = NEW.order_id)\nTHEN\n    RAISE EXCEPTION 'a code is its order''s and its buyer''s' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="9819fd4fbb487b4668c47f42e20e9822adfde4cc",
                    operation="INSERT",
                    pgid="pgtrigger_a_point_code_is_of_its_order_68f1e",
                    table="orders_pointcode",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shipment",
            trigger=pgtrigger.compiler.Trigger(
                name="services_are_redeemed_and_never_sent",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."claim_id" IS NULL AND NEW."returning_id" IS NULL)',
                    func="\nIF (NEW.carrier = 'voucher') IS DISTINCT FROM\n   (SELECT delivery = 'voucher' FROM orders_order WHERE id = NEW.order_id) THEN\n    RAISE EXCEPTION 'services are redeemed and never sent' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="c685bee37421657f7794af36c22966f895cdba1c",
                    operation="INSERT",
                    pgid="pgtrigger_services_are_redeemed_and_never_sent_3ba66",
                    table="orders_shipment",
                    when="BEFORE",
                ),
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("delivery__in", ["standard", "express", "pickup", "voucher"])),
                name="order_delivery_is_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("delivery", "pickup"),
                        ("destination", ""),
                        ("freight_minor", 0),
                        ("point__isnull", False),
                    ),
                    models.Q(
                        ("delivery", "voucher"),
                        ("destination", ""),
                        ("freight_minor", 0),
                        ("point__isnull", True),
                    ),
                    models.Q(
                        models.Q(("delivery__in", ["pickup", "voucher"]), _negated=True),
                        ("point__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="what_is_picked_up_has_a_point_and_no_freight",
            ),
        ),
        AddConstraintNotValid(
            model_name="pointcode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "pickup"), ("line__isnull", True), ("returning__isnull", True)),
                    models.Q(("kind", "return"), ("line__isnull", True), ("returning__isnull", False)),
                    models.Q(("kind", "voucher"), ("line__isnull", False), ("returning__isnull", True)),
                    _connector="OR",
                ),
                name="a_point_code_is_for_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="pointcode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("kind", "voucher")),
                fields=("line",),
                name="a_voucher_has_one_code_that_redeems_it",
            ),
        ),
        ValidateConstraint(model_name="order", name="order_delivery_is_known"),
        ValidateConstraint(model_name="order", name="what_is_picked_up_has_a_point_and_no_freight"),
        ValidateConstraint(model_name="pointcode", name="a_point_code_is_for_one_thing"),
    ]
