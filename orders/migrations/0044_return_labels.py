"""Labels with which goods go back at their shop's cost, and the visits of carriers."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import kernel.ids
import privacy.fields


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0043_confirmed_first_validated"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="Collection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("contact", privacy.fields.EncryptedTextField(null=True, subject="subject_id")),
                ("phone", privacy.fields.EncryptedTextField(null=True, subject="subject_id")),
                ("address", privacy.fields.EncryptedTextField(null=True, subject="subject_id")),
                ("booked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("cause", models.CharField(blank=True, db_default="", default="", max_length=10)),
            ],
            options={
                "verbose_name": "collection at the door",
                "verbose_name_plural": "collections at the door",
            },
        ),
        migrations.CreateModel(
            name="ReturnLabel",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("carrier", models.CharField(max_length=40)),
                ("tracking_number", models.CharField(max_length=40)),
                ("price_minor", models.BigIntegerField()),
                ("collected_minor", models.BigIntegerField()),
                ("charged_minor", models.BigIntegerField(db_default=0, default=0)),
                ("made_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("cause", models.CharField(blank=True, db_default="", default="", max_length=10)),
            ],
            options={
                "verbose_name": "return label",
                "verbose_name_plural": "return labels",
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shipment",
            trigger=pgtrigger.compiler.Trigger(
                name="a_label_s_number_is_its_own_parcel_s",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF EXISTS (\n    SELECT FROM orders_returnlabel b\n     WHERE b.carrier = NEW.carrier AND b.tracking_number = NEW.tracking_number\n       AND (b.returning_id IS DISTINCT FROM NEW.returning_id OR b.claim_id IS DISTINCT FROM NEW.claim_id)\n) THEN\n    RAISE EXCEPTION 'a label''s number belongs to what it was made for' USING ERRCODE = 'unique_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="10e100c8290571f39d57e33c5df5925ae913dd36",
                    operation="INSERT",
                    pgid="pgtrigger_a_label_s_number_is_its_own_parcel_s_eb219",
                    table="orders_shipment",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="collection",
            name="subject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.subject"
            ),
        ),
        migrations.AddField(
            model_name="returnlabel",
            name="claim",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="labels",
                to="orders.faultclaim",
            ),
        ),
        migrations.AddField(
            model_name="returnlabel",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="labels", to="orders.order"
            ),
        ),
        migrations.AddField(
            model_name="returnlabel",
            name="returning",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="labels",
                to="orders.return",
            ),
        ),
        migrations.AddField(
            model_name="collection",
            name="label",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="collections",
                to="orders.returnlabel",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnlabel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claim__isnull", False), ("returning__isnull", True)),
                    models.Q(("claim__isnull", True), ("returning__isnull", False)),
                    _connector="OR",
                ),
                name="a_label_is_for_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnlabel",
            constraint=models.UniqueConstraint(
                fields=("carrier", "tracking_number"), name="a_label_has_its_own_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="returnlabel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("returning__isnull", False)),
                fields=("returning",),
                name="a_return_has_one_label",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnlabel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("claim__isnull", False), ("ended_at__isnull", True)),
                fields=("claim",),
                name="a_claim_has_one_label",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnlabel",
            constraint=models.CheckConstraint(
                condition=models.Q(("collected_minor__gte", models.F("price_minor")), ("price_minor__gt", 0)),
                name="a_label_has_a_price",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnlabel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("charged_minor", 0), ("used_at__isnull", True)),
                    models.Q(("charged_minor", models.F("price_minor")), ("used_at__isnull", False)),
                    models.Q(("charged_minor", models.F("collected_minor")), ("used_at__isnull", False)),
                    _connector="OR",
                ),
                name="only_a_used_label_is_charged",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnlabel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cause", ""), ("ended_at__isnull", True)),
                    models.Q(("cause__in", ["other_way", "over"]), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="an_ended_label_says_why",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnlabel",
            trigger=pgtrigger.compiler.Trigger(
                name="a_label_is_at_its_shop_s_cost",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF NOT EXISTS (\n    SELECT FROM orders_return r\n     WHERE r.id = NEW.returning_id AND r.order_id = NEW.order_id AND r.postage_payer = 'trader'\n) AND NOT EXISTS (\n    SELECT FROM orders_faultclaim c\n     WHERE c.id = NEW.claim_id AND c.order_id = NEW.order_id AND c.postage_payer = 'trader'\n) THEN\n    RAISE EXCEPTION 'a free label is for what goes back at its shop''s cost'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_label_is_at_its_shop_s_cost';\nEND IF;\nRETURN NEW;\n",
                    hash="304c5ab15512c542f943c0684e15e876b0898f9c",
                    operation="INSERT",
                    pgid="pgtrigger_a_label_is_at_its_shop_s_cost_95c40",
                    table="orders_returnlabel",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnlabel",
            trigger=pgtrigger.compiler.Trigger(
                name="a_label_stays_as_it_was_made",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."returning_id" IS DISTINCT FROM (NEW."returning_id") OR OLD."claim_id" IS DISTINCT FROM (NEW."claim_id") OR OLD."carrier" IS DISTINCT FROM (NEW."carrier") OR OLD."tracking_number" IS DISTINCT FROM (NEW."tracking_number") OR OLD."price_minor" IS DISTINCT FROM (NEW."price_minor") OR OLD."collected_minor" IS DISTINCT FROM (NEW."collected_minor") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="c39f9ff80c8b2ed71cdfaa88cea40963cc0cdad5",
                    operation="UPDATE",
                    pgid="pgtrigger_a_label_stays_as_it_was_made_03fba",
                    table="orders_returnlabel",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnlabel",
            trigger=pgtrigger.compiler.Trigger(
                name="a_label_is_used_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."used_at" IS NOT NULL AND (OLD."used_at" IS DISTINCT FROM (NEW."used_at") OR OLD."charged_minor" IS DISTINCT FROM (NEW."charged_minor")))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="96d12f7b21d13138c0bea71917f43e38d2f7d90d",
                    operation="UPDATE",
                    pgid="pgtrigger_a_label_is_used_once_f142a",
                    table="orders_returnlabel",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnlabel",
            trigger=pgtrigger.compiler.Trigger(
                name="a_label_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="2df85317fdbed319ec7e8e89fcbc958b78125d90",
                    operation="DELETE",
                    pgid="pgtrigger_a_label_is_kept_97127",
                    table="orders_returnlabel",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("label",),
                name="a_label_is_fetched_in_one_visit",
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__gt", models.F("starts_at")), ("starts_at__gt", models.F("booked_at"))
                ),
                name="a_visit_begins_before_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cause", ""), ("ended_at__isnull", True)),
                    models.Q(
                        ("address__isnull", True),
                        ("cause__in", ["collected", "missed", "moved", "cancelled", "over"]),
                        ("ended_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="an_ended_visit_says_why_and_forgets_where",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="collection",
            trigger=pgtrigger.compiler.Trigger(
                name="a_visit_stays_as_it_was_booked",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."label_id" IS DISTINCT FROM (NEW."label_id") OR OLD."subject_id" IS DISTINCT FROM (NEW."subject_id") OR OLD."starts_at" IS DISTINCT FROM (NEW."starts_at") OR OLD."ends_at" IS DISTINCT FROM (NEW."ends_at") OR OLD."booked_at" IS DISTINCT FROM (NEW."booked_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="3fa5734cadd713576c351beaecaa992b4188394e",
                    operation="UPDATE",
                    pgid="pgtrigger_a_visit_stays_as_it_was_booked_d71ad",
                    table="orders_collection",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="collection",
            trigger=pgtrigger.compiler.Trigger(
                name="a_visit_ends_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."ended_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a016b4184d336e81dee5f3447a60c0595fe1c154",
                    operation="UPDATE",
                    pgid="pgtrigger_a_visit_ends_once_90965",
                    table="orders_collection",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="collection",
            trigger=pgtrigger.compiler.Trigger(
                name="a_visit_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="c383f67efca93dbb060846ac7fb9e75e5631ad8f",
                    operation="DELETE",
                    pgid="pgtrigger_a_visit_is_kept_021d3",
                    table="orders_collection",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="collection",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_under_a_live_key",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF TG_OP = \'INSERT\' OR NEW."contact" IS DISTINCT FROM OLD."contact" THEN PERFORM privacy_check_sealed(NEW."subject_id", NEW."contact"); END IF;\nIF TG_OP = \'INSERT\' OR NEW."phone" IS DISTINCT FROM OLD."phone" THEN PERFORM privacy_check_sealed(NEW."subject_id", NEW."phone"); END IF;\nIF TG_OP = \'INSERT\' OR NEW."address" IS DISTINCT FROM OLD."address" THEN PERFORM privacy_check_sealed(NEW."subject_id", NEW."address"); END IF;\nRETURN NEW;',
                    hash="d175c1f8c48ec82d837f511b2103744e7ce288e2",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_sealed_under_a_live_key_f0d6a",
                    table="orders_collection",
                    when="BEFORE",
                ),
            ),
        ),
    ]
