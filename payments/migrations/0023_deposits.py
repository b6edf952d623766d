"""What each shop must leave as a deposit, the calls for what is missing, and payments that fill it."""

import uuid

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import kernel.ids
from payments.migrations._deposit_rules import ALL


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0022_shop_points"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deposit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("merchant_id", models.UUIDField()),
                ("currency", models.CharField(max_length=3)),
                ("required_minor", models.BigIntegerField()),
                ("leaving_at", models.DateTimeField(null=True)),
                ("given_back_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "deposit",
                "verbose_name_plural": "deposits",
            },
        ),
        migrations.CreateModel(
            name="DepositCall",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("missing_minor", models.BigIntegerField()),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("overdue_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[("filled", "Filled"), ("left", "The shop has left")],
                        default="",
                        max_length=8,
                    ),
                ),
            ],
            options={
                "verbose_name": "call for a deposit",
                "verbose_name_plural": "calls for deposits",
            },
        ),
        migrations.RemoveConstraint(
            model_name="paymentpart",
            name="a part is an order's, a card's or a cover's",
        ),
        AddConstraintNotValid(
            model_name="paymentpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "order"),
                        models.Q(
                            ("merchant_id", uuid.UUID("00000000-0000-0000-0000-000000000000")), _negated=True
                        ),
                    ),
                    models.Q(
                        ("kind", "deposit"),
                        ("tendered_minor", 0),
                        models.Q(
                            ("merchant_id", uuid.UUID("00000000-0000-0000-0000-000000000000")), _negated=True
                        ),
                    ),
                    models.Q(
                        ("kind__in", ["card", "cover"]),
                        ("merchant_id", uuid.UUID("00000000-0000-0000-0000-000000000000")),
                        ("tendered_minor", 0),
                    ),
                    _connector="OR",
                ),
                name="a part is an order's, a card's, a cover's or a deposit's",
            ),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.UniqueConstraint(
                fields=("merchant_id", "currency"), name="a shop has one deposit in a currency"
            ),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.CheckConstraint(
                condition=models.Q(("required_minor__gte", 0)), name="a deposit isn't required below zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("given_back_at__isnull", True),
                    models.Q(("leaving_at__isnull", False), ("required_minor", 0)),
                    _connector="OR",
                ),
                name="a deposit goes back to who has left",
            ),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("currency__in", ["CNY", "EUR", "GBP", "HKD", "JPY", "KRW", "TWD", "USD"])
                ),
                name="a deposit is in a known currency",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deposit",
            trigger=pgtrigger.compiler.Trigger(
                name="deposit_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="5276c5ec6db28022ced8ea36b0e905d7870aabfe",
                    operation="DELETE",
                    pgid="pgtrigger_deposit_is_kept_628ba",
                    table="payments_deposit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="depositcall",
            name="deposit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calls",
                to="payments.deposit",
            ),
        ),
        migrations.AddIndex(
            model_name="depositcall",
            index=models.Index(fields=["deposit", "-opened_at"], name="deposit_calls"),
        ),
        migrations.AddConstraint(
            model_name="depositcall",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("deposit",),
                name="a deposit is called for once",
            ),
        ),
        migrations.AddConstraint(
            model_name="depositcall",
            constraint=models.CheckConstraint(
                condition=models.Q(("missing_minor__gt", 0)), name="a call names what is missing"
            ),
        ),
        migrations.AddConstraint(
            model_name="depositcall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_at__gt", models.F("opened_at")),
                    models.Q(
                        ("overdue_at__isnull", True), ("overdue_at__gte", models.F("due_at")), _connector="OR"
                    ),
                ),
                name="a call leaves time to pay",
            ),
        ),
        migrations.AddConstraint(
            model_name="depositcall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ending", "")),
                    models.Q(("ended_at__isnull", False), ("ending__in", ["filled", "left"])),
                    _connector="OR",
                ),
                name="a call that ended says how",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="depositcall",
            trigger=pgtrigger.compiler.Trigger(
                name="deposit_call_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="97d561797923d312c42b2e916543369cc420781b",
                    operation="DELETE",
                    pgid="pgtrigger_deposit_call_is_kept_3fd27",
                    table="payments_depositcall",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="depositcall",
            trigger=pgtrigger.compiler.Trigger(
                name="deposit_call_only_ends",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF OLD.ended_at IS NOT NULL OR (OLD.overdue_at IS NOT NULL AND NEW.overdue_at IS DISTINCT FROM OLD.overdue_at)\n    OR (OLD.id, OLD.deposit_id, OLD.missing_minor, OLD.opened_at, OLD.due_at)\n    IS DISTINCT FROM (NEW.id, NEW.deposit_id, NEW.missing_minor, NEW.opened_at, NEW.due_at) THEN\n    RAISE EXCEPTION 'call % for a deposit only ends', OLD.id\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'a call for a deposit only ends';\nEND IF;\nRETURN NEW;\n",
                    hash="ec791999c721f7a9c48c91a395924cde220ba5d6",
                    operation="UPDATE",
                    pgid="pgtrigger_deposit_call_only_ends_4bbe4",
                    table="payments_depositcall",
                    when="BEFORE",
                ),
            ),
        ),
        *[migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in ALL],
    ]
