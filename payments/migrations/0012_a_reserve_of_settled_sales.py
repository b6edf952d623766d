"""A share of each settled sale stays back for a while."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0011_payouts_run_and_wait"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReserveShare",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("merchant_id", models.UUIDField()),
                ("reference", models.UUIDField(unique=True)),
                ("amount_minor", models.BigIntegerField()),
                ("left_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("kept_at", models.DateTimeField()),
                ("kept_until", models.DateTimeField()),
                ("freed_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "share of a reserve",
                "verbose_name_plural": "shares of reserves",
                "indexes": [
                    models.Index(
                        condition=models.Q(("left_minor__gt", 0)),
                        fields=["merchant_id", "kept_until"],
                        name="reserve_left",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="a share of a reserve is above zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_minor__gte", 0), ("left_minor__lte", models.F("amount_minor"))
                        ),
                        name="a reserve gives no more than was kept",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("freed_at__isnull", True), ("left_minor", 0), _connector="OR"),
                        name="a freed share keeps nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept_until__gt", models.F("kept_at"))),
                        name="a share of a reserve is kept for a while",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("currency__in", ["CNY", "EUR", "GBP", "HKD", "JPY", "KRW", "TWD", "USD"])
                        ),
                        name="a reserve is in a known currency",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reserveshare",
            trigger=pgtrigger.compiler.Trigger(
                name="reserve_share_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="6d32054b9f41e5d09c09ac8ae7f91c591cef420d",
                    operation="DELETE",
                    pgid="pgtrigger_reserve_share_is_kept_c49fd",
                    table="payments_reserveshare",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reserveshare",
            trigger=pgtrigger.compiler.Trigger(
                name="reserve_only_falls",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF NEW.left_minor > OLD.left_minor OR OLD.freed_at IS NOT NULL\n    OR (OLD.id, OLD.merchant_id, OLD.reference, OLD.amount_minor, OLD.currency)\n    IS DISTINCT FROM (NEW.id, NEW.merchant_id, NEW.reference, NEW.amount_minor, NEW.currency) THEN\n    RAISE EXCEPTION 'share % of a reserve only falls', OLD.id\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'a share of a reserve only falls';\nEND IF;\nRETURN NEW;\n",
                    hash="c99a2017b2458f4d9fde009ca0682e0390b4ac0e",
                    operation="UPDATE",
                    pgid="pgtrigger_reserve_only_falls_70664",
                    table="payments_reserveshare",
                    when="BEFORE",
                ),
            ),
        ),
    ]
