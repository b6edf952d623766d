"""Templates of freight, and what listings cost by place."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import kernel.ids


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("catalog", "0019_a_person_sells_used_things"),
        ("merchants", "0010_identity_and_petty_trade"),
    ]

    operations = [
        migrations.CreateModel(
            name="FreightTemplate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("by", models.CharField(max_length=8)),
                ("zones", models.JSONField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="listing",
            name="shelf_price_to",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="freighttemplate",
            name="merchant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="merchants.merchant"
            ),
        ),
        migrations.AddField(
            model_name="listing",
            name="freight_template",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="listings",
                to="catalog.freighttemplate",
            ),
        ),
        migrations.AddConstraint(
            model_name="freighttemplate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at__isnull", True)),
                fields=("merchant", "name"),
                name="freight_template_name_once_per_merchant",
            ),
        ),
        migrations.AddConstraint(
            model_name="freighttemplate",
            constraint=models.UniqueConstraint(
                fields=("id", "merchant"), name="freight_template_with_its_merchant"
            ),
        ),
        migrations.AddConstraint(
            model_name="freighttemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="freight_template_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="freighttemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(("by__in", ["piece", "weight"])), name="freight_template_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="freighttemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(("zones", []), _negated=True), name="freight_template_says_something"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="freighttemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="freight_template_stays_while_used",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NEW.removed_at IS NOT NULL AND EXISTS (\n        SELECT FROM catalog_listing WHERE freight_template_id = NEW.id\n    ) THEN\n        RAISE EXCEPTION 'catalog: listings still use this freight template' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="535eae8379d2546772c3b6837146deb04fa42148",
                    operation="UPDATE",
                    pgid="pgtrigger_freight_template_stays_while_used_b5f35",
                    table="catalog_freighttemplate",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="freighttemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="freight_template_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="be769908c6df83766491595e0c264d6075dd0c8f",
                    operation="DELETE",
                    pgid="pgtrigger_freight_template_is_kept_8059b",
                    table="catalog_freighttemplate",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listing",
            trigger=pgtrigger.compiler.Trigger(
                name="listing_freight_template_is_there",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NEW.freight_template_id IS NOT NULL THEN\n        PERFORM FROM catalog_freighttemplate\n          WHERE id = NEW.freight_template_id AND removed_at IS NULL FOR SHARE;\n        IF NOT FOUND THEN\n            RAISE EXCEPTION 'catalog: that freight template was removed' USING ERRCODE = 'check_violation';\n        END IF;\n    END IF;\n    RETURN NEW;\n",
                    hash="695435d95bf210ebc3d2be3b37d28d390f845a99",
                    operation='INSERT OR UPDATE OF "freight_template_id"',
                    pgid="pgtrigger_listing_freight_template_is_there_15c54",
                    table="catalog_listing",
                    when="BEFORE",
                ),
            ),
        ),
        AddIndexConcurrently(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("freight_template__isnull", False)),
                fields=["freight_template"],
                name="listing_by_freight_template",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE catalog_listing ADD CONSTRAINT listing_uses_its_own_shops_freight_template"
            " FOREIGN KEY (freight_template_id, merchant_id)"
            " REFERENCES catalog_freighttemplate (id, merchant_id) NOT VALID",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "ALTER TABLE catalog_listing VALIDATE CONSTRAINT listing_uses_its_own_shops_freight_template",
            migrations.RunSQL.noop,
        ),
    ]
