"""Invoices that buyers ask for, their papers and rows, kept titles, and the sums that the database keeps."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import kernel.ids
import privacy.fields


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0017_digests_of_document_numbers"),
        ("orders", "0024_how_a_return_was_reckoned"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invoice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("title", privacy.fields.EncryptedTextField(subject="subject_id")),
                ("tax_number", privacy.fields.EncryptedTextField(subject="subject_id")),
                ("state", models.CharField(default="wanted", max_length=10)),
                ("apart_minor", models.BigIntegerField(default=0)),
                ("refusal", models.CharField(blank=True, default="", max_length=20)),
                ("wanted_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "invoice",
                "verbose_name_plural": "invoices",
            },
        ),
        migrations.CreateModel(
            name="InvoicePaper",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("state", models.CharField(default="due", max_length=10)),
                ("cause", models.CharField(blank=True, default="", max_length=60)),
                ("currency", models.CharField(default="CNY", max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("number", models.CharField(blank=True, default="", max_length=40)),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("late_at", models.DateTimeField(null=True)),
                ("issued_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "invoice paper",
                "verbose_name_plural": "invoice papers",
            },
        ),
        migrations.CreateModel(
            name="InvoiceRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("currency", models.CharField(default="CNY", max_length=3)),
                ("gross_minor", models.BigIntegerField()),
                ("rate", models.PositiveSmallIntegerField()),
                ("net_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "row of an invoice",
                "verbose_name_plural": "rows of invoices",
            },
        ),
        migrations.CreateModel(
            name="InvoiceTitle",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("seat", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("title", privacy.fields.EncryptedTextField(subject="subject_id")),
                ("tax_number", privacy.fields.EncryptedTextField(subject="subject_id")),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "invoice title",
                "verbose_name_plural": "invoice titles",
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="a_refund_of_an_invoiced_order_has_its_note",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."refunded_minor" IS DISTINCT FROM (NEW."refunded_minor") OR OLD."total_minor" IS DISTINCT FROM (NEW."total_minor"))',
                    constraint="CONSTRAINT",
                    func="\nIF EXISTS (\n    SELECT FROM orders_invoice i JOIN orders_order o ON o.id = i.order_id\n     WHERE i.order_id = NEW.id AND i.state IN ('asked', 'issued')\n       AND o.total_minor - o.refunded_minor - i.apart_minor <> (\n        SELECT coalesce(sum(CASE p.kind WHEN 'invoice' THEN p.amount_minor ELSE -p.amount_minor END), 0)\n          FROM orders_invoicepaper p WHERE p.invoice_id = i.id)\n) THEN\n    RAISE EXCEPTION 'invoices less credit notes are what was paid less what went back'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'papers_say_what_was_paid';\nEND IF;\nRETURN NULL;\n",
                    hash="8b5e6d11956f64df271d9de390b33dca2a0dfdf7",
                    operation="UPDATE",
                    pgid="pgtrigger_a_refund_of_an_invoiced_order_has_its_note_86a2c",
                    table="orders_order",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="merchant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="merchants.merchant"
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="invoices", to="orders.order"
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="subject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.subject"
            ),
        ),
        migrations.AddField(
            model_name="invoicepaper",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="privacy.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="invoicepaper",
            name="invoice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="orders.invoice"
            ),
        ),
        migrations.AddField(
            model_name="invoicepaper",
            name="merchant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="merchants.merchant"
            ),
        ),
        migrations.AddField(
            model_name="invoicerow",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.orderline"
            ),
        ),
        migrations.AddField(
            model_name="invoicerow",
            name="paper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="orders.invoicepaper"
            ),
        ),
        migrations.AddField(
            model_name="invoicetitle",
            name="subject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.subject"
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["subject", "-wanted_at"], name="invoices_of_a_buyer"),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["wanted", "asked", "issued", "refused", "ended"])),
                name="invoice_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["person", "company"])), name="invoice_title_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("refusal__in", ["title_unknown", "number_of_another"]), ("state", "refused")),
                    models.Q(models.Q(("state", "refused"), _negated=True), ("refusal", "")),
                    _connector="OR",
                ),
                name="an_invoice_is_refused_for_a_lawful_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["wanted", "ended"]), ("asked_at__isnull", False), _connector="OR"
                ),
                name="an_asked_invoice_knows_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("apart_minor__gte", 0)), name="what_no_invoice_says_is_a_sum"
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["asked", "issued", "wanted"])),
                fields=("order",),
                name="an_order_has_one_running_invoice",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoice",
            trigger=pgtrigger.compiler.Trigger(
                name="an_invoice_stays_whose_it_is",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."merchant_id" IS DISTINCT FROM (NEW."merchant_id") OR OLD."subject_id" IS DISTINCT FROM (NEW."subject_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."wanted_at" IS DISTINCT FROM (NEW."wanted_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="5c9e6abd4e2ea98cce3b5b21de1bea271c39e427",
                    operation="UPDATE",
                    pgid="pgtrigger_an_invoice_stays_whose_it_is_94b72",
                    table="orders_invoice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoice",
            trigger=pgtrigger.compiler.Trigger(
                name="an_invoice_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="6d732a85f8ad386872692a365396d96dc05f40ed",
                    operation="DELETE",
                    pgid="pgtrigger_an_invoice_is_kept_d2b54",
                    table="orders_invoice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoice",
            trigger=pgtrigger.compiler.Trigger(
                name="an_invoice_has_papers_for_the_sum",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\nIF EXISTS (\n    SELECT FROM orders_invoice i JOIN orders_order o ON o.id = i.order_id\n     WHERE i.id = NEW.id AND i.state IN ('asked', 'issued')\n       AND o.total_minor - o.refunded_minor - i.apart_minor <> (\n        SELECT coalesce(sum(CASE p.kind WHEN 'invoice' THEN p.amount_minor ELSE -p.amount_minor END), 0)\n          FROM orders_invoicepaper p WHERE p.invoice_id = i.id)\n) THEN\n    RAISE EXCEPTION 'invoices less credit notes are what was paid less what went back'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'papers_say_what_was_paid';\nEND IF;\nRETURN NULL;\n",
                    hash="efc9ad61fa50e98cd52ce4dcda80763ad5ef2742",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_an_invoice_has_papers_for_the_sum_106f6",
                    table="orders_invoice",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoice",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_under_a_live_key",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF TG_OP = \'INSERT\' OR NEW."title" IS DISTINCT FROM OLD."title" THEN PERFORM privacy_check_sealed(NEW."subject_id", NEW."title"); END IF;\nIF TG_OP = \'INSERT\' OR NEW."tax_number" IS DISTINCT FROM OLD."tax_number" THEN PERFORM privacy_check_sealed(NEW."subject_id", NEW."tax_number"); END IF;\nRETURN NEW;',
                    hash="ff8f56b5f83200ebab1528ce9e6946cec3a803bb",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_sealed_under_a_live_key_1c43d",
                    table="orders_invoice",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="invoicepaper",
            index=models.Index(fields=["merchant", "state", "due_at"], name="papers_of_a_shop"),
        ),
        migrations.AddConstraint(
            model_name="invoicepaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["invoice", "credit_note"])),
                name="invoice_paper_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoicepaper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount_minor__gt", 0), ("issued_at__isnull", True), ("number", ""), ("state", "due")
                    ),
                    models.Q(
                        ("amount_minor__gt", 0),
                        ("issued_at__isnull", False),
                        ("state", "issued"),
                        models.Q(("number", ""), _negated=True),
                    ),
                    models.Q(
                        ("amount_minor", 0), ("issued_at__isnull", True), ("number", ""), ("state", "dropped")
                    ),
                    _connector="OR",
                ),
                name="an_issued_paper_has_number_and_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoicepaper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cause", ""), ("kind", "invoice")),
                    models.Q(("kind", "credit_note"), models.Q(("cause", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_credit_note_names_its_refund",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoicepaper",
            constraint=models.UniqueConstraint(
                fields=("invoice", "cause"), name="an_invoice_has_one_paper_of_each_cause"
            ),
        ),
        migrations.AddConstraint(
            model_name="invoicepaper",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("merchant", "number"),
                name="a_number_is_one_invoice_of_a_shop",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoicepaper",
            trigger=pgtrigger.compiler.Trigger(
                name="a_paper_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="8eabbe1b65abc15707aebe404d4a13b709a9d8a8",
                    operation="DELETE",
                    pgid="pgtrigger_a_paper_is_kept_f7f4d",
                    table="orders_invoicepaper",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoicepaper",
            trigger=pgtrigger.compiler.Trigger(
                name="an_issued_paper_stays_as_it_is",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."state" = \'issued\' AND (NEW."state" IS DISTINCT FROM (OLD."state") OR NEW."number" IS DISTINCT FROM (OLD."number") OR NEW."amount_minor" IS DISTINCT FROM (OLD."amount_minor") OR NEW."issued_at" IS DISTINCT FROM (OLD."issued_at")))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="0460115dc8fbf80edb104fb4e3d555e5b1b399ba",
                    operation="UPDATE",
                    pgid="pgtrigger_an_issued_paper_stays_as_it_is_058ca",
                    table="orders_invoicepaper",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoicepaper",
            trigger=pgtrigger.compiler.Trigger(
                name="a_paper_stays_whose_it_is",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."invoice_id" IS DISTINCT FROM (NEW."invoice_id") OR OLD."merchant_id" IS DISTINCT FROM (NEW."merchant_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."cause" IS DISTINCT FROM (NEW."cause") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="19bac56f35a3a0caf846be8aac941d43df0cb419",
                    operation="UPDATE",
                    pgid="pgtrigger_a_paper_stays_whose_it_is_fe953",
                    table="orders_invoicepaper",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoicepaper",
            trigger=pgtrigger.compiler.Trigger(
                name="a_paper_is_its_invoices_shops",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF NOT EXISTS (\n    SELECT FROM orders_invoice i WHERE i.id = NEW.invoice_id AND i.merchant_id = NEW.merchant_id\n) THEN\n    RAISE EXCEPTION 'a paper is of its invoice''s shop'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_paper_is_its_invoices_shops';\nEND IF;\nRETURN NEW;\n",
                    hash="54c2ca6e0bb38a4a978c31a80860eeacca0215e9",
                    operation="INSERT",
                    pgid="pgtrigger_a_paper_is_its_invoices_shops_6d553",
                    table="orders_invoicepaper",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoicepaper",
            trigger=pgtrigger.compiler.Trigger(
                name="papers_say_what_was_paid",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\nIF EXISTS (\n    SELECT FROM orders_invoice i JOIN orders_order o ON o.id = i.order_id\n     WHERE i.id = NEW.invoice_id AND i.state IN ('asked', 'issued')\n       AND o.total_minor - o.refunded_minor - i.apart_minor <> (\n        SELECT coalesce(sum(CASE p.kind WHEN 'invoice' THEN p.amount_minor ELSE -p.amount_minor END), 0)\n          FROM orders_invoicepaper p WHERE p.invoice_id = i.id)\n) THEN\n    RAISE EXCEPTION 'invoices less credit notes are what was paid less what went back'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'papers_say_what_was_paid';\nEND IF;\nRETURN NULL;\n",
                    hash="61e91e99cc8574b4a03b4b09fe43a96d360a2949",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_papers_say_what_was_paid_9bd8d",
                    table="orders_invoicepaper",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoicepaper",
            trigger=pgtrigger.compiler.Trigger(
                name="an_issued_paper_is_the_sum_of_its_rows",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\nIF EXISTS (\n    SELECT FROM orders_invoicepaper p WHERE p.id = NEW.id AND p.state = 'issued' AND p.amount_minor <> (\n        SELECT coalesce(sum(r.gross_minor), 0) FROM orders_invoicerow r WHERE r.paper_id = p.id)\n) THEN\n    RAISE EXCEPTION 'an issued paper is the sum of its rows'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'an_issued_paper_is_the_sum_of_its_rows';\nEND IF;\nRETURN NULL;\n",
                    hash="fe5922b2f2a752b9dea142e5a34e4e0b982733b0",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_an_issued_paper_is_the_sum_of_its_rows_242a7",
                    table="orders_invoicepaper",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="invoicerow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "gross_minor",
                        django.db.models.expressions.CombinedExpression(
                            models.F("net_minor"), "+", models.F("tax_minor")
                        ),
                    )
                ),
                name="a_row_is_net_and_tax",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoicerow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("gross_minor__gt", 0), ("net_minor__gt", 0), ("rate__lt", 10000), ("tax_minor__gte", 0)
                ),
                name="a_row_of_an_invoice_is_a_sum",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoicerow",
            constraint=models.UniqueConstraint(fields=("paper", "line"), name="an_invoice_names_a_line_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoicerow",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="161ebb5d7fb791eabb49384c1da7608c18c73411",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_161f7",
                    table="orders_invoicerow",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoicerow",
            trigger=pgtrigger.compiler.Trigger(
                name="rows_sum_to_their_paper",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\nIF EXISTS (\n    SELECT FROM orders_invoicepaper p WHERE p.id = NEW.paper_id AND p.state = 'issued' AND p.amount_minor <> (\n        SELECT coalesce(sum(r.gross_minor), 0) FROM orders_invoicerow r WHERE r.paper_id = p.id)\n) THEN\n    RAISE EXCEPTION 'an issued paper is the sum of its rows'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'an_issued_paper_is_the_sum_of_its_rows';\nEND IF;\nRETURN NULL;\n",
                    hash="4c25ae2176e36a99d3a0ab758cb93e0c4e84dcbf",
                    operation="INSERT",
                    pgid="pgtrigger_rows_sum_to_their_paper_fda48",
                    table="orders_invoicerow",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="invoicetitle",
            constraint=models.UniqueConstraint(
                fields=("subject", "seat"), name="an_invoice_title_has_a_seat"
            ),
        ),
        migrations.AddConstraint(
            model_name="invoicetitle",
            constraint=models.CheckConstraint(
                condition=models.Q(("seat__gte", 1), ("seat__lte", 10)),
                name="so_many_invoice_titles_are_kept",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoicetitle",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["person", "company"])), name="kept_title_kind_is_known"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoicetitle",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_under_a_live_key",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF TG_OP = \'INSERT\' OR NEW."title" IS DISTINCT FROM OLD."title" THEN PERFORM privacy_check_sealed(NEW."subject_id", NEW."title"); END IF;\nIF TG_OP = \'INSERT\' OR NEW."tax_number" IS DISTINCT FROM OLD."tax_number" THEN PERFORM privacy_check_sealed(NEW."subject_id", NEW."tax_number"); END IF;\nRETURN NEW;',
                    hash="8c6e95ff4d56c66db15a7a4d4b20a7e6628ee3b4",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_sealed_under_a_live_key_690c4",
                    table="orders_invoicetitle",
                    when="BEFORE",
                ),
            ),
        ),
    ]
