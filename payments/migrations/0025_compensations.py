"""What shops owe buyers on top of the price, and the account on which it waits to leave."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0024_deposits_validated"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="Award",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("order_id", models.UUIDField(db_index=True)),
                ("merchant_id", models.UUIDField()),
                ("cause", models.CharField(max_length=16)),
                ("cause_id", models.UUIDField()),
                ("rule_id", models.CharField(max_length=100)),
                ("base_minor", models.BigIntegerField()),
                ("permille", models.BigIntegerField()),
                ("floor_minor", models.BigIntegerField()),
                ("most_minor", models.BigIntegerField(null=True)),
                ("loss_minor", models.BigIntegerField(default=0)),
                ("loss_multiple", models.BigIntegerField(default=0)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("state", models.CharField(default="owed", max_length=12)),
                ("balance_minor", models.BigIntegerField(default=0)),
                ("reserve_minor", models.BigIntegerField(default=0)),
                ("deposit_minor", models.BigIntegerField(default=0)),
                ("fund_minor", models.BigIntegerField(default=0)),
                ("provider", models.CharField(blank=True, default="", max_length=20)),
                ("transfer_id", models.UUIDField(null=True, unique=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("reason", models.CharField(blank=True, default="", max_length=60)),
                ("owed_at", models.DateTimeField()),
                ("funded_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "compensation",
                "verbose_name_plural": "compensations",
            },
        ),
        migrations.RemoveConstraint(
            model_name="posting",
            name="a posting names a known kind of account",
        ),
        # Checked for new rows at once, for all others without keeping anybody from writing.
        AddConstraintNotValid(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "account__regex",
                        "^(provider:[a-z][a-z0-9_]*|escrow:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|suspense:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|dispute:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|merchant:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:(available|deposit|reserve|debt|relief)|card:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|points:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|award:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|campaign:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|insurer:[a-z][a-z0-9_]*|tax:[a-z][a-z]|fees:platform|fees:provider|fund:protection|fund:claims|fx:difference)$",
                    )
                ),
                name="a posting names a known kind of account",
            ),
        ),
        migrations.AddField(
            model_name="award",
            name="subject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.subject"
            ),
        ),
        migrations.AddIndex(
            model_name="award",
            index=models.Index(
                condition=models.Q(("reason", ""), ("state", "held")),
                fields=["funded_at"],
                name="award_to_send",
            ),
        ),
        migrations.AddIndex(
            model_name="award",
            index=models.Index(fields=["merchant_id", "-owed_at"], name="award_of_shop"),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.UniqueConstraint(
                fields=("cause", "cause_id"), name="an award is owed once per fact"
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(("cause__in", ["late_dispatch", "shop_cancelled", "ruling"])),
                name="an award has a known cause",
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["owed", "held", "requested", "sent", "paid"])),
                name="an award is in a known state",
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "amount_minor",
                        django.db.models.functions.comparison.Least(
                            models.F("most_minor"),
                            django.db.models.functions.comparison.Greatest(
                                models.F("floor_minor"),
                                models.Func(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("base_minor"), "*", models.F("permille")
                                    ),
                                    models.Value(1000),
                                    function="div",
                                    output_field=models.BigIntegerField(),
                                ),
                                django.db.models.expressions.CombinedExpression(
                                    models.F("loss_minor"), "*", models.F("loss_multiple")
                                ),
                            ),
                        ),
                    )
                ),
                name="an award is what its rule gives",
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_minor__gt", 0),
                    ("base_minor__gte", 0),
                    ("floor_minor__gte", 0),
                    ("loss_minor__gte", 0),
                    ("loss_multiple__gte", 0),
                    ("permille__gte", 0),
                ),
                name="an award is above zero",
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("balance_minor__gte", 0),
                    ("deposit_minor__gte", 0),
                    ("fund_minor__gte", 0),
                    ("reserve_minor__gte", 0),
                ),
                name="nobody gives less than nothing to an award",
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("balance_minor", 0),
                        ("deposit_minor", 0),
                        ("fund_minor", 0),
                        ("funded_at__isnull", True),
                        ("reserve_minor", 0),
                        ("state", "owed"),
                    ),
                    models.Q(
                        models.Q(("state", "owed"), _negated=True),
                        (
                            "amount_minor",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("balance_minor"), "+", models.F("reserve_minor")
                                    ),
                                    "+",
                                    models.F("deposit_minor"),
                                ),
                                "+",
                                models.F("fund_minor"),
                            ),
                        ),
                        ("funded_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="an award was given whole, or not yet",
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "state__in",
                            (
                                "requested",
                                "sent",
                                "paid",
                            ),
                        ),
                        _negated=True,
                    ),
                    models.Q(
                        models.Q(("provider", ""), _negated=True),
                        ("sent_at__isnull", False),
                        ("transfer_id__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="an award that left names its way",
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", False), ("state", "paid")),
                    models.Q(
                        models.Q(("state", "paid"), _negated=True),
                        ("settled_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="an award has its instant exactly when paid",
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("currency__in", ["CNY", "EUR", "GBP", "HKD", "JPY", "KRW", "TWD", "USD"])
                ),
                name="an award is in a known currency",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="award",
            trigger=pgtrigger.compiler.Trigger(
                name="award_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF (OLD.id, OLD.order_id, OLD.merchant_id, OLD.subject_id, OLD.cause, OLD.cause_id, OLD.rule_id,\n    OLD.base_minor, OLD.permille, OLD.floor_minor, OLD.most_minor, OLD.loss_minor, OLD.loss_multiple,\n    OLD.amount_minor, OLD.currency, OLD.owed_at)\n   IS DISTINCT FROM (NEW.id, NEW.order_id, NEW.merchant_id, NEW.subject_id, NEW.cause, NEW.cause_id,\n    NEW.rule_id,\n    NEW.base_minor, NEW.permille, NEW.floor_minor, NEW.most_minor, NEW.loss_minor, NEW.loss_multiple,\n    NEW.amount_minor, NEW.currency, NEW.owed_at)\n   OR (OLD.state <> 'owed' AND (NEW.state = 'owed' OR\n    (OLD.balance_minor, OLD.reserve_minor, OLD.deposit_minor, OLD.fund_minor, OLD.funded_at)\n    IS DISTINCT FROM\n    (NEW.balance_minor, NEW.reserve_minor, NEW.deposit_minor, NEW.fund_minor, NEW.funded_at))) THEN\n    RAISE EXCEPTION 'award % stays what it was', OLD.id\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'an award stays what was reckoned';\nEND IF;\nRETURN NEW;\n",
                    hash="c8dbde1d7f482c7c768d8358181f82677e198c9c",
                    operation="UPDATE",
                    pgid="pgtrigger_award_fixed_72ffd",
                    table="payments_award",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="award",
            trigger=pgtrigger.compiler.Trigger(
                name="award_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="ce04e786800bad8a3d8b27abbd98b7cc1c89d190",
                    operation="DELETE",
                    pgid="pgtrigger_award_kept_b2046",
                    table="payments_award",
                    when="BEFORE",
                ),
            ),
        ),
    ]
