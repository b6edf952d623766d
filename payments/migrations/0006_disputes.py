"""Disputes of payers' banks, and what merchants owe the fund."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import kernel.ids
import privacy.fields
from payments.migrations._dispute_rules import ALL


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0005_statements"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="Dispute",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("provider", models.CharField(max_length=20)),
                ("provider_dispute_id", models.CharField(max_length=80)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("cause", models.CharField(blank=True, default="", max_length=40)),
                ("state", models.CharField(default="opened", max_length=14)),
                ("opened_at", models.DateTimeField()),
                ("evidence_due_at", models.DateTimeField()),
                ("overdue_at", models.DateTimeField(null=True)),
                ("evidence", privacy.fields.EncryptedTextField(null=True, subject="subject_id")),
                ("answered_by", models.CharField(blank=True, default="", max_length=80)),
                ("answered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "dispute",
                "verbose_name_plural": "disputes",
            },
        ),
        migrations.CreateModel(
            name="DisputeShare",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reference", models.UUIDField(db_index=True)),
                ("merchant_id", models.UUIDField()),
                ("amount_minor", models.BigIntegerField()),
                ("from_escrow_minor", models.BigIntegerField()),
                ("from_merchant_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
            ],
            options={
                "verbose_name": "share of a dispute",
                "verbose_name_plural": "shares of disputes",
            },
        ),
        migrations.CreateModel(
            name="SandboxDispute",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("state", models.CharField(max_length=10)),
                ("answer_by", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "sandbox dispute",
                "verbose_name_plural": "sandbox disputes",
                "db_table": "sandbox_dispute",
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
                        "^(provider:[a-z][a-z0-9_]*|escrow:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|suspense:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|dispute:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|merchant:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:(available|deposit|debt)|fees:platform|fund:protection|fund:claims)$",
                    )
                ),
                name="a posting names a known kind of account",
            ),
        ),
        migrations.AddField(
            model_name="dispute",
            name="charge",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="payments.charge"
            ),
        ),
        migrations.AddField(
            model_name="dispute",
            name="subject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.subject"
            ),
        ),
        migrations.AddField(
            model_name="disputeshare",
            name="dispute",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shares",
                to="payments.dispute",
            ),
        ),
        migrations.AddField(
            model_name="disputeshare",
            name="part",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disputed",
                to="payments.paymentpart",
            ),
        ),
        migrations.AddField(
            model_name="sandboxdispute",
            name="charge",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disputes",
                to="payments.sandboxcharge",
            ),
        ),
        migrations.AddIndex(
            model_name="dispute",
            index=models.Index(
                condition=models.Q(("state", "opened")), fields=["evidence_due_at"], name="dispute_to_answer"
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.UniqueConstraint(
                fields=("provider", "provider_dispute_id"), name="a dispute is taken in once"
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["opened", "answered", "accepted", "won", "lost"])),
                name="a dispute is in a known state",
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="a dispute is above zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state__in", ["won", "lost"])),
                    models.Q(
                        models.Q(("state__in", ["won", "lost"]), _negated=True), ("ended_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="a dispute has its instant exactly when ended",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dispute",
            trigger=pgtrigger.compiler.Trigger(
                name="dispute_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="9327825c90158716592a9c385a1a0072f0238194",
                    operation="DELETE",
                    pgid="pgtrigger_dispute_is_kept_ff8bb",
                    table="payments_dispute",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dispute",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_under_a_live_key",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF TG_OP = \'INSERT\' OR NEW."evidence" IS DISTINCT FROM OLD."evidence" THEN PERFORM privacy_check_sealed(NEW."subject_id", NEW."evidence"); END IF;\nRETURN NEW;',
                    hash="7b6c83a0a5a93cf2c3b8b3b2f88514ae5f17a5e1",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_sealed_under_a_live_key_869e4",
                    table="payments_dispute",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="disputeshare",
            constraint=models.UniqueConstraint(
                fields=("dispute", "part"), name="a dispute has one share per order"
            ),
        ),
        migrations.AddConstraint(
            model_name="disputeshare",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_minor__gt", 0),
                    (
                        "amount_minor__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("from_escrow_minor"), "+", models.F("from_merchant_minor")
                        ),
                    ),
                    ("from_escrow_minor__gte", 0),
                    ("from_merchant_minor__gte", 0),
                ),
                name="a share holds no more than it is",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="disputeshare",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="0b4208979ddcb36dce63675aae4ee2bb283be4b0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_691f2",
                    table="payments_disputeshare",
                    when="BEFORE",
                ),
            ),
        ),
        *[migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in ALL],
    ]
