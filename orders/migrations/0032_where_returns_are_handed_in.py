"""The service point where a return was handed in."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0031_service_points"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.AddField(
            model_name="return",
            name="point",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.servicepoint",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="return",
            trigger=pgtrigger.compiler.Trigger(
                name="a_return_is_handed_in_at_its_shop_s_point",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."point_id" IS NOT NULL)',
                    func="\nIF NOT EXISTS (\n    SELECT FROM orders_servicepoint p JOIN orders_order o ON o.merchant_id = p.merchant_id\n     WHERE p.id = NEW.point_id AND o.id = NEW.order_id\n) THEN\n    RAISE EXCEPTION 'a return is handed in at a point of its shop' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="a56c6bda3abb77698b939f71ed450cbee4c1934b",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_a_return_is_handed_in_at_its_shop_s_point_a20bd",
                    table="orders_return",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="return",
            trigger=pgtrigger.compiler.Trigger(
                name="a_return_stays_where_it_was_handed_in",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."point_id" IS NOT NULL AND OLD."point_id" IS DISTINCT FROM (NEW."point_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a6ed02da3a42d89768bca87562c890ef13fa12f0",
                    operation="UPDATE",
                    pgid="pgtrigger_a_return_stays_where_it_was_handed_in_02db1",
                    table="orders_return",
                    when="BEFORE",
                ),
            ),
        ),
        AddConstraintNotValid(
            model_name="return",
            constraint=models.CheckConstraint(
                condition=models.Q(("point__isnull", True), ("received_at__isnull", False), _connector="OR"),
                name="what_was_handed_in_was_received",
            ),
        ),
        ValidateConstraint(model_name="return", name="what_was_handed_in_was_received"),
    ]
