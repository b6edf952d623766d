"""When each rule of the money was last worked out again."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0007_known_accounts"),
    ]

    operations = [
        migrations.CreateModel(
            name="BookCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("run_id", models.UUIDField(db_index=True)),
                ("position", models.PositiveSmallIntegerField()),
                ("rule", models.CharField(max_length=160)),
                ("offences", models.PositiveIntegerField()),
                ("checked_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name": "check of the books",
                "verbose_name_plural": "checks of the books",
                "constraints": [
                    models.UniqueConstraint(fields=("run_id", "position"), name="a check counts a rule once")
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bookcheck",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2f805b4df5298e678b0acbeab07b993425379ef0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_2ad1f",
                    table="payments_bookcheck",
                    when="BEFORE",
                ),
            ),
        ),
    ]
