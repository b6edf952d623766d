"""Whether a buyer was told that a part of the order is reckoned again; nobody was until now."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0020_parcels_that_buyers_confirmed"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="recounts",
            field=models.BooleanField(db_default=False, default=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="an_order_recounts_as_it_was_told",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."recounts" IS DISTINCT FROM (NEW."recounts"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="7639489e9b0806735e332f9ebda8f1ec127e08c8",
                    operation="UPDATE",
                    pgid="pgtrigger_an_order_recounts_as_it_was_told_1072f",
                    table="orders_order",
                    when="BEFORE",
                ),
            ),
        ),
    ]
