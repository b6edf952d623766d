"""Covers of order lines, claims on them, and what is owed to insurers."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import kernel.ids
import orders.models.cover
import orders.models.cover_claims
import privacy.fields


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0032_where_returns_are_handed_in"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="CoverClaim",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        default=orders.models.cover_claims.claim_number,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("cause", models.CharField(max_length=12)),
                ("quantity", models.PositiveSmallIntegerField()),
                ("goods_minor", models.BigIntegerField(default=0)),
                ("beside_minor", models.BigIntegerField(default=0)),
                ("paid_goods_minor", models.BigIntegerField(default=0)),
                ("facts", models.JSONField(default=list)),
                ("story", privacy.fields.EncryptedTextField(subject="subject_id")),
                ("state", models.CharField(default="asked", max_length=12)),
                ("by_silence", models.BooleanField(default=False)),
                ("refusal", models.CharField(blank=True, default="", max_length=20)),
                ("transfer", models.CharField(blank=True, default="", max_length=80)),
                ("asked_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.subject"
                    ),
                ),
            ],
            options={
                "verbose_name": "claim on a cover",
                "permissions": [("chase_insurer", "May ask an insurer again that let its time pass")],
                "verbose_name_plural": "claims on covers",
            },
        ),
        migrations.CreateModel(
            name="CoverPhoto",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="orders.coverclaim",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.storedfile"
                    ),
                ),
            ],
            options={
                "verbose_name": "photo of a claim on a cover",
                "verbose_name_plural": "photos of claims on covers",
            },
        ),
        migrations.CreateModel(
            name="CoverProof",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reference", models.UUIDField(unique=True)),
                ("at", models.DateTimeField()),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.orderline",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.order"
                    ),
                ),
            ],
            options={
                "verbose_name": "proof for a cover",
                "verbose_name_plural": "proofs for covers",
            },
        ),
        migrations.CreateModel(
            name="OrderCover",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        default=orders.models.cover.cover_number, editable=False, max_length=16, unique=True
                    ),
                ),
                ("product", models.CharField(max_length=40)),
                ("version", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("insurer", models.CharField(max_length=40)),
                ("premium_minor", models.BigIntegerField()),
                ("limit_minor", models.BigIntegerField()),
                ("currency", models.CharField(default="CNY", max_length=3)),
                ("terms", models.JSONField()),
                ("state", models.CharField(default="unpaid", max_length=12)),
                ("bought_at", models.DateTimeField()),
                ("began_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="covers",
                        to="orders.orderline",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="covers", to="orders.order"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.subject"
                    ),
                ),
            ],
            options={
                "verbose_name": "cover",
                "verbose_name_plural": "covers",
            },
        ),
        migrations.CreateModel(
            name="InsurerCall",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("answered", "answered"),
                            ("dropped", "not needed any more"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("owed_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("last_answer", models.CharField(blank=True, max_length=120)),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.coverclaim",
                    ),
                ),
                (
                    "cover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.ordercover"
                    ),
                ),
            ],
            options={
                "verbose_name": "call to an insurer",
                "verbose_name_plural": "calls to insurers",
            },
        ),
        migrations.AddField(
            model_name="coverclaim",
            name="cover",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="orders.ordercover"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coverphoto",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="adc97119e54db1d35e837cfc7821e66c78cb2f6a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8b421",
                    table="orders_coverphoto",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coverproof",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="45cfc999357f8b125ffab0057f591c1cb73682cf",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b0776",
                    table="orders_coverproof",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="ordercover",
            index=models.Index(fields=["subject", "-bought_at"], name="covers_of_a_person"),
        ),
        migrations.AddConstraint(
            model_name="ordercover",
            constraint=models.UniqueConstraint(
                fields=("line", "kind"), name="a_line_is_covered_once_of_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="ordercover",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["unpaid", "waiting", "running", "lapsed", "given_back"])),
                name="cover_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ordercover",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["transit", "return_freight", "authenticity"])),
                name="cover_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ordercover",
            constraint=models.CheckConstraint(
                condition=models.Q(("limit_minor__gt", models.F("premium_minor")), ("premium_minor__gt", 0)),
                name="a_cover_pays_more_than_it_costs",
            ),
        ),
        migrations.AddConstraint(
            model_name="ordercover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("began_at__isnull", False), ("state", "running")),
                    models.Q(models.Q(("state", "running"), _negated=True), ("began_at__isnull", True)),
                    _connector="OR",
                ),
                name="a_running_cover_says_since_when",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ordercover",
            trigger=pgtrigger.compiler.Trigger(
                name="a_cover_is_of_its_line",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF NOT EXISTS (\n    SELECT FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id\n     WHERE l.id = NEW.line_id AND l.order_id = NEW.order_id AND o.subject_id = NEW.subject_id\n       AND l.gift_id IS NULL\n) THEN\n    RAISE EXCEPTION 'a cover is of a line of its order'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_cover_is_of_its_line';\nEND IF;\nRETURN NEW;\n",
                    hash="a336a7aebdebc5aac7d17b77a1793b03dd92c5f3",
                    operation="INSERT",
                    pgid="pgtrigger_a_cover_is_of_its_line_e394e",
                    table="orders_ordercover",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ordercover",
            trigger=pgtrigger.compiler.Trigger(
                name="a_cover_keeps_its_terms",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."line_id" IS DISTINCT FROM (NEW."line_id") OR OLD."product" IS DISTINCT FROM (NEW."product") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."insurer" IS DISTINCT FROM (NEW."insurer") OR OLD."premium_minor" IS DISTINCT FROM (NEW."premium_minor") OR OLD."limit_minor" IS DISTINCT FROM (NEW."limit_minor") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."terms" IS DISTINCT FROM (NEW."terms") OR OLD."bought_at" IS DISTINCT FROM (NEW."bought_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="072bf8ece09449f5be639f9ef670d53e239f3406",
                    operation="UPDATE",
                    pgid="pgtrigger_a_cover_keeps_its_terms_0a05c",
                    table="orders_ordercover",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ordercover",
            trigger=pgtrigger.compiler.Trigger(
                name="a_cover_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="28e41f9ea09eda338af3d1499a242bc4fc7daf0e",
                    operation="DELETE",
                    pgid="pgtrigger_a_cover_is_kept_38560",
                    table="orders_ordercover",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="insurercall",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["due_at"], name="insurer_call_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="insurercall",
            constraint=models.UniqueConstraint(
                fields=("cover", "claim"), name="an_insurer_is_told_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="insurercall",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "answered", "dropped"])),
                name="insurer_call_state_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="coverclaim",
            index=models.Index(fields=["state", "asked_at"], name="cover_claims_by_state"),
        ),
        migrations.AddConstraint(
            model_name="coverclaim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["accepted", "asked", "paid"])),
                fields=("cover",),
                name="a_cover_pays_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "accepted", "paid", "refused", "withdrawn"])),
                name="cover_claim_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(("cause__in", ["lost", "damaged", "freight", "counterfeit"])),
                name="cover_claim_cause_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("beside_minor__gte", 0),
                    ("goods_minor__gte", 0),
                    models.Q(("goods_minor__gt", 0), ("beside_minor__gt", 0), _connector="OR"),
                ),
                name="a_cover_claim_asks_for_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("paid_goods_minor__gte", 0),
                    ("paid_goods_minor__lte", models.F("goods_minor")),
                    models.Q(("state__in", ["accepted", "paid"]), ("paid_goods_minor", 0), _connector="OR"),
                ),
                name="a_cover_claim_pays_at_most_what_was_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("refusal__in", ["not_covered", "not_shown", "excluded"]), ("state", "refused")),
                    models.Q(models.Q(("state", "refused"), _negated=True), ("refusal", "")),
                    _connector="OR",
                ),
                name="a_refused_cover_claim_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state__in", ["paid", "refused", "withdrawn"])),
                    models.Q(
                        models.Q(("state__in", ["paid", "refused", "withdrawn"]), _negated=True),
                        ("ended_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a_cover_claim_that_is_over_says_since_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "paid"), _negated=True),
                    ("beside_minor", 0),
                    models.Q(("transfer", ""), _negated=True),
                    _connector="OR",
                ),
                name="what_is_paid_beside_the_price_is_proved",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coverclaim",
            trigger=pgtrigger.compiler.Trigger(
                name="a_cover_pays_within_its_limit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF NOT EXISTS (\n    SELECT FROM orders_ordercover c\n     WHERE c.id = NEW.cover_id AND c.subject_id = NEW.subject_id AND c.state = 'running'\n       AND NEW.goods_minor + NEW.beside_minor <= c.limit_minor\n) THEN\n    RAISE EXCEPTION 'a claim is on a running cover, within its limit'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_cover_pays_within_its_limit';\nEND IF;\nRETURN NEW;\n",
                    hash="89bd06d8b13827c5f9a6ec862333c4f0dc8393ee",
                    operation="INSERT",
                    pgid="pgtrigger_a_cover_pays_within_its_limit_aa720",
                    table="orders_coverclaim",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coverclaim",
            trigger=pgtrigger.compiler.Trigger(
                name="a_cover_claim_keeps_what_was_asked",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."cover_id" IS DISTINCT FROM (NEW."cover_id") OR OLD."cause" IS DISTINCT FROM (NEW."cause") OR OLD."quantity" IS DISTINCT FROM (NEW."quantity") OR OLD."goods_minor" IS DISTINCT FROM (NEW."goods_minor") OR OLD."beside_minor" IS DISTINCT FROM (NEW."beside_minor") OR OLD."facts" IS DISTINCT FROM (NEW."facts") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="fbdd2dfd0826bfd5ef7be19d26fbdb363706b90d",
                    operation="UPDATE",
                    pgid="pgtrigger_a_cover_claim_keeps_what_was_asked_7f596",
                    table="orders_coverclaim",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coverclaim",
            trigger=pgtrigger.compiler.Trigger(
                name="a_cover_claim_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="0c15a0f6b2c7fdc9aae37caacb765a09a398a1e6",
                    operation="DELETE",
                    pgid="pgtrigger_a_cover_claim_is_kept_5cb13",
                    table="orders_coverclaim",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="coverclaim",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_under_a_live_key",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF TG_OP = \'INSERT\' OR NEW."story" IS DISTINCT FROM OLD."story" THEN PERFORM privacy_check_sealed(NEW."subject_id", NEW."story"); END IF;\nRETURN NEW;',
                    hash="771c74ec56ddf343f72b1bdc0e99e7c98eb98c86",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_sealed_under_a_live_key_2107a",
                    table="orders_coverclaim",
                    when="BEFORE",
                ),
            ),
        ),
    ]
