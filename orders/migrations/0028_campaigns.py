"""Campaigns that the platform pays for, and who bears what comes off a line."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0027_messages"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("names", models.JSONField()),
                ("rules", models.JSONField()),
                ("currency", models.CharField(default="CNY", max_length=3)),
                ("from_minor", models.BigIntegerField()),
                ("off_minor", models.BigIntegerField()),
                ("least_grade", models.CharField(blank=True, default="", max_length=1)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("budget_minor", models.BigIntegerField(default=0)),
                ("promised_minor", models.BigIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=80)),
                ("funded_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "campaign",
                "verbose_name_plural": "campaigns",
                "permissions": [("make_campaign", "May make a campaign and put money aside for it")],
            },
        ),
        migrations.CreateModel(
            name="CampaignClaim",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("claimed_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "coupon of a campaign",
                "verbose_name_plural": "coupons of campaigns",
            },
        ),
        migrations.CreateModel(
            name="Funding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("currency", models.CharField(default="CNY", max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("held_at", models.DateTimeField(blank=True, null=True)),
                ("back_minor", models.BigIntegerField(default=0)),
                ("settled_minor", models.BigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "funding of an order",
                "verbose_name_plural": "fundings of orders",
            },
        ),
        migrations.RemoveConstraint(
            model_name="linediscount",
            name="line_discount_kind_is_known",
        ),
        migrations.AlterField(
            model_name="linediscount",
            name="kind",
            field=models.CharField(
                choices=[
                    ("set", "set"),
                    ("coupon", "coupon"),
                    ("threshold", "threshold offer"),
                    ("campaign", "campaign"),
                ],
                max_length=10,
            ),
        ),
        AddConstraintNotValid(
            model_name="linediscount",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["set", "coupon", "threshold", "campaign"])),
                name="line_discount_kind_is_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="linediscount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("funder", "platform"), ("kind", "campaign")),
                    models.Q(models.Q(("kind", "campaign"), _negated=True), ("funder", "merchant")),
                    _connector="OR",
                ),
                name="the_platform_pays_for_campaigns",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("promised_minor__gte", 0), ("promised_minor__lte", models.F("budget_minor"))
                ),
                name="a_campaign_promises_what_it_has",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_minor__gt", models.F("off_minor")), ("off_minor__gt", 0)),
                name="a_campaign_takes_off_less_than_its_threshold",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="a_campaign_lasts"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("least_grade__in", ["", "A", "B", "C", "D", "E", "N"])),
                name="a_campaign_asks_for_a_known_grade",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("budget_minor", 0), ("funded_at__isnull", True)),
                    models.Q(("budget_minor__gt", 0), ("funded_at__isnull", False)),
                    _connector="OR",
                ),
                name="a_funded_campaign_says_since_when",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="campaign",
            trigger=pgtrigger.compiler.Trigger(
                name="a_campaign_keeps_its_terms",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."names" IS DISTINCT FROM (NEW."names") OR OLD."rules" IS DISTINCT FROM (NEW."rules") OR OLD."from_minor" IS DISTINCT FROM (NEW."from_minor") OR OLD."off_minor" IS DISTINCT FROM (NEW."off_minor") OR OLD."starts_at" IS DISTINCT FROM (NEW."starts_at") OR OLD."ends_at" IS DISTINCT FROM (NEW."ends_at") OR OLD."least_grade" IS DISTINCT FROM (NEW."least_grade") OR OLD."currency" IS DISTINCT FROM (NEW."currency"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="c478ae30cb5c0669f662e2c3f9d6c12f5ff536a3",
                    operation="UPDATE",
                    pgid="pgtrigger_a_campaign_keeps_its_terms_e9154",
                    table="orders_campaign",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="campaign",
            trigger=pgtrigger.compiler.Trigger(
                name="a_campaign_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="aafa9b053046468c6633617ff55897ec3230cae9",
                    operation="DELETE",
                    pgid="pgtrigger_a_campaign_is_kept_a2aef",
                    table="orders_campaign",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="campaign",
            trigger=pgtrigger.compiler.Trigger(
                name="what_was_put_aside_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."budget_minor" IS DISTINCT FROM (NEW."budget_minor") AND OLD."budget_minor" > 0)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="7d42759f2df23afaca60c4f8f975438b02539115",
                    operation="UPDATE",
                    pgid="pgtrigger_what_was_put_aside_stays_0175c",
                    table="orders_campaign",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="campaignclaim",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="orders.campaign"
            ),
        ),
        migrations.AddField(
            model_name="campaignclaim",
            name="purchase",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.purchase",
            ),
        ),
        migrations.AddField(
            model_name="campaignclaim",
            name="subject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.subject"
            ),
        ),
        migrations.AddField(
            model_name="funding",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="fundings", to="orders.campaign"
            ),
        ),
        migrations.AddField(
            model_name="funding",
            name="claim",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.campaignclaim"
            ),
        ),
        migrations.AddField(
            model_name="funding",
            name="order",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="funding", to="orders.order"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignclaim",
            constraint=models.UniqueConstraint(
                fields=("campaign", "subject"), name="a_campaign_gives_one_to_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("purchase__isnull", True), ("used_at__isnull", True)),
                    models.Q(("purchase__isnull", False), ("used_at__isnull", False)),
                    _connector="OR",
                ),
                name="a_used_claim_names_its_purchase",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="campaignclaim",
            trigger=pgtrigger.compiler.Trigger(
                name="a_claim_stays_whose_it_is",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."campaign_id" IS DISTINCT FROM (NEW."campaign_id") OR OLD."claimed_at" IS DISTINCT FROM (NEW."claimed_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="0246a4a566bf54c2a62eb60c684d5d82aa709868",
                    operation="UPDATE",
                    pgid="pgtrigger_a_claim_stays_whose_it_is_eaac3",
                    table="orders_campaignclaim",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="funding",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="a_funding_pays_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="funding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("back_minor__gte", 0),
                    ("settled_minor__gte", 0),
                    (
                        "back_minor__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("amount_minor"), "-", models.F("settled_minor")
                        ),
                    ),
                ),
                name="a_funding_is_given_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="funding",
            constraint=models.CheckConstraint(
                condition=models.Q(("settled_minor", 0), ("held_at__isnull", False), _connector="OR"),
                name="only_held_funding_is_settled",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="funding",
            trigger=pgtrigger.compiler.Trigger(
                name="a_funding_keeps_its_sum",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."campaign_id" IS DISTINCT FROM (NEW."campaign_id") OR OLD."claim_id" IS DISTINCT FROM (NEW."claim_id") OR OLD."amount_minor" IS DISTINCT FROM (NEW."amount_minor") OR OLD."currency" IS DISTINCT FROM (NEW."currency"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="90b9dc60dc03b329dbbdd95634f72f9acc5c83f9",
                    operation="UPDATE",
                    pgid="pgtrigger_a_funding_keeps_its_sum_b18cd",
                    table="orders_funding",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="funding",
            trigger=pgtrigger.compiler.Trigger(
                name="a_funding_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="da49066472386ea97b472db662bc1570d540e72d",
                    operation="DELETE",
                    pgid="pgtrigger_a_funding_is_kept_73434",
                    table="orders_funding",
                    when="BEFORE",
                ),
            ),
        ),
    ]
