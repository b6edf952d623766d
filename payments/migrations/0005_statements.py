"""What providers say of each day, and where it differs from our books."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import kernel.ids

# An entry that corrects our books stands on a joint act of two people, for this difference.
GUARD = """
CREATE FUNCTION payments_correction_takes_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM accounts_jointact j
        WHERE j.id::text = substr(NEW.purpose, 12) AND j.kind = 'payments.correct_books'
            AND j.state = 'confirmed' AND j.proposed_by <> j.decided_by
            AND j.parameters ->> 'difference_id' = NEW.reference::text
    ) THEN
        RAISE EXCEPTION 'one person alone corrects nothing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a correction takes two';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER correction_takes_two BEFORE INSERT ON payments_ledgerentry
    FOR EACH ROW WHEN (NEW.purpose LIKE 'correction:%') EXECUTE FUNCTION payments_correction_takes_two();
"""
BACK = """
DROP TRIGGER correction_takes_two ON payments_ledgerentry;
DROP FUNCTION payments_correction_takes_two();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0004_attempts"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProviderStatement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("provider", models.CharField(max_length=20)),
                ("day", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "asked for"), ("read", "read")], default="asked", max_length=10
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("compared_at", models.DateTimeField(null=True)),
                ("sha256", models.CharField(blank=True, default="", max_length=64)),
                ("line_count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "provider's statement",
                "verbose_name_plural": "providers' statements",
            },
        ),
        migrations.CreateModel(
            name="StatementRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("provider", models.CharField(max_length=20)),
                ("position", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("key", models.CharField(max_length=80)),
                ("amount_minor", models.BigIntegerField()),
                ("fee_minor", models.BigIntegerField(default=0)),
                ("currency", models.CharField(max_length=3)),
                ("settled", models.BooleanField()),
            ],
            options={
                "verbose_name": "line of a statement",
                "verbose_name_plural": "lines of statements",
            },
        ),
        migrations.CreateModel(
            name="Difference",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("provider", models.CharField(max_length=20)),
                ("day", models.DateField()),
                ("what", models.CharField(max_length=14)),
                ("kind", models.CharField(max_length=10)),
                ("key", models.CharField(max_length=80)),
                ("theirs_minor", models.BigIntegerField(null=True)),
                ("ours_minor", models.BigIntegerField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("detail", models.CharField(blank=True, default="", max_length=60)),
                (
                    "state",
                    models.CharField(default="open", max_length=10),
                ),
                ("found_at", models.DateTimeField()),
                ("assigned_to", models.CharField(blank=True, default="", max_length=80)),
                ("assigned_at", models.DateTimeField(null=True)),
                ("overdue_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, default="", max_length=2000)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, default="", max_length=80)),
                ("act_id", models.UUIDField(null=True)),
                ("corrected_minor", models.BigIntegerField(null=True)),
            ],
            options={
                "verbose_name": "difference",
                "verbose_name_plural": "differences",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["found_at"], name="difference_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "day", "what", "kind", "key"), name="a difference is found once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "what__in",
                                [
                                    "missing_here",
                                    "missing_there",
                                    "other_sum",
                                    "other_state",
                                    "twice",
                                    "parked",
                                    "without_order",
                                ],
                            )
                        ),
                        name="a difference is of a known sort",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                ("ended_by", ""),
                                ("state", "open"),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state__in", ["cleared", "explained", "corrected"]),
                                models.Q(("ended_by", ""), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a difference that ended says who and why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("act_id__isnull", False),
                                ("corrected_minor__isnull", False),
                                ("state", "corrected"),
                            ),
                            models.Q(
                                models.Q(("state", "corrected"), _negated=True),
                                ("act_id__isnull", True),
                                ("corrected_minor__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="a difference is corrected by a joint act",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assigned_at__isnull", True), ("assigned_to", "")),
                            models.Q(
                                models.Q(("assigned_to", ""), _negated=True), ("assigned_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="a difference that is taken has its instant",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="difference",
            trigger=pgtrigger.compiler.Trigger(
                name="difference_ends_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF OLD.state <> 'open' OR (OLD.id, OLD.provider, OLD.day, OLD.what, OLD.kind, OLD.key)\n        IS DISTINCT FROM (NEW.id, NEW.provider, NEW.day, NEW.what, NEW.kind, NEW.key) THEN\n    RAISE EXCEPTION 'a difference ends once' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="7fe6a506454d6af9872b444504a756341afd2b55",
                    operation="UPDATE",
                    pgid="pgtrigger_difference_ends_once_5ca38",
                    table="payments_difference",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="difference",
            trigger=pgtrigger.compiler.Trigger(
                name="difference_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="4abccdd675201674cd3eefce1513d66c4b78ba5f",
                    operation="DELETE",
                    pgid="pgtrigger_difference_is_kept_26cff",
                    table="payments_difference",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="providerstatement",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="privacy.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="providerstatement",
            name="subject",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.subject"
            ),
        ),
        migrations.AddField(
            model_name="statementrow",
            name="statement",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rows",
                to="payments.providerstatement",
            ),
        ),
        migrations.AddConstraint(
            model_name="providerstatement",
            constraint=models.UniqueConstraint(
                fields=("provider", "day"), name="a provider's day is asked for once"
            ),
        ),
        migrations.AddConstraint(
            model_name="providerstatement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("read_at__isnull", True), ("sha256", ""), ("state", "asked")),
                    models.Q(
                        ("read_at__isnull", False), ("state", "read"), models.Q(("sha256", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="a statement that was read has its digest",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="providerstatement",
            trigger=pgtrigger.compiler.Trigger(
                name="statement_is_read_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF OLD.state = 'read' THEN\n    RAISE EXCEPTION 'a statement is read once' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="47e40cc7619427eff217318f6c3fbe4dbb887758",
                    operation='UPDATE OF "provider", "day", "state", "read_at", "sha256", "line_count", "file_id"',
                    pgid="pgtrigger_statement_is_read_once_81b25",
                    table="payments_providerstatement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="providerstatement",
            trigger=pgtrigger.compiler.Trigger(
                name="statement_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="b7ccf078d808dcd99e7c3c37b8ef24b3b83abf02",
                    operation="DELETE",
                    pgid="pgtrigger_statement_is_kept_64989",
                    table="payments_providerstatement",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="statementrow",
            index=models.Index(fields=["provider", "kind", "key"], name="statement_row_key"),
        ),
        migrations.AddConstraint(
            model_name="statementrow",
            constraint=models.UniqueConstraint(
                fields=("statement", "position"), name="a statement's lines are counted"
            ),
        ),
        migrations.AddConstraint(
            model_name="statementrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("charge", "refund", "payout", "dispute"))),
                name="a statement's line is of a known kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("currency__in", ["CNY", "EUR", "GBP", "HKD", "JPY", "KRW", "TWD", "USD"])
                ),
                name="a statement's line is in a known currency",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statementrow",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="77bfb42f15cf6ec700b2b5358900813d65bc6d7b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d4fb3",
                    table="payments_statementrow",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statementrow",
            trigger=pgtrigger.compiler.Trigger(
                name="line_of_an_unread_statement",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF EXISTS (SELECT 1 FROM payments_providerstatement WHERE id = NEW.statement_id AND state = 'read') THEN\n    RAISE EXCEPTION 'a statement that was read gets no more lines' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="2c2ba8c094253177f590f615c9075010f48d5290",
                    operation="INSERT",
                    pgid="pgtrigger_line_of_an_unread_statement_179de",
                    table="payments_statementrow",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(GUARD, BACK),
    ]
