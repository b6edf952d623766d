"""The tax of each line as it stood when it was ordered."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0014_parcel_lines"),
    ]

    operations = [
        migrations.AddField(
            model_name="orderline",
            name="tax",
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orderline",
            trigger=pgtrigger.compiler.Trigger(
                name="a_line_keeps_its_tax",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."tax" IS DISTINCT FROM (NEW."tax"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="96ebe85b78e7ae40e71fe7531a52a26745566add",
                    operation="UPDATE",
                    pgid="pgtrigger_a_line_keeps_its_tax_759a1",
                    table="orders_orderline",
                    when="BEFORE",
                ),
            ),
        ),
    ]
