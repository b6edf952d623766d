"""Variants: the table, one for each listing there is (with the listing's id and code), and the rule about it.

Between the filling and the trigger the deployment before this one may still make a listing; `fill` runs again.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models
from django.db.models.constraints import Deferrable

import kernel.ids

BATCH = 5_000
FILL = """
    INSERT INTO catalog_variant (id, listing_id, merchant_id, sku, position, state, choice_key)
    SELECT l.id, l.id, l.merchant_id, l.code, 0,
           CASE WHEN l.live_revision_id IS NULL THEN 'draft' ELSE 'active' END, ''
      FROM catalog_listing l
     WHERE NOT EXISTS (SELECT 1 FROM catalog_variant v WHERE v.listing_id = l.id)
     LIMIT %s
"""


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(FILL, [BATCH])
        while cursor.rowcount:
            cursor.execute(FILL, [BATCH])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalog", "0004_real_deals_and_reductions"), ("merchants", "0004_no_party_decides")]
    operations = [
        migrations.CreateModel(
            name="Variant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sku", models.CharField(max_length=64)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("state", models.CharField(default="draft", max_length=10)),
                ("choice_key", models.CharField(blank=True, default="", max_length=200)),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="variants",
                        to="catalog.listing",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="merchants.merchant"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "sku"),
                        name="variant_sku_once_per_merchant",
                        deferrable=Deferrable.DEFERRED,
                    ),
                    models.UniqueConstraint(
                        fields=("listing", "choice_key"),
                        name="variant_choice_once_per_listing",
                        deferrable=Deferrable.DEFERRED,
                    ),
                    models.UniqueConstraint(fields=("id", "listing"), name="variant_with_its_listing"),
                    models.CheckConstraint(condition=~models.Q(sku=""), name="variant_has_a_sku"),
                    models.CheckConstraint(
                        condition=models.Q(state__in=["draft", "active", "retired"]),
                        name="variant_state_is_known",
                    ),
                ]
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddConstraint(
                    "listing",
                    models.UniqueConstraint(fields=("id", "merchant"), name="listing_with_its_merchant"),
                )
            ],
            database_operations=[
                migrations.RunSQL(
                    [
                        "CREATE UNIQUE INDEX CONCURRENTLY listing_with_its_merchant"
                        " ON catalog_listing (id, merchant_id)",
                        "ALTER TABLE catalog_listing ADD CONSTRAINT listing_with_its_merchant"
                        " UNIQUE USING INDEX listing_with_its_merchant",
                        "ALTER TABLE catalog_variant ADD CONSTRAINT variant_is_of_its_listings_merchant"
                        " FOREIGN KEY (listing_id, merchant_id) REFERENCES catalog_listing (id, merchant_id)"
                        " DEFERRABLE INITIALLY DEFERRED",
                    ]
                )
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="listing",
            trigger=pgtrigger.compiler.Trigger(
                name="listing_has_a_variant",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF NOT EXISTS (SELECT 1 FROM catalog_variant WHERE listing_id = NEW.id) THEN"
                    " RAISE EXCEPTION 'listing % has no variant', NEW.id"
                    " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL;",
                    hash="0cb658ae759777f3bbca19d7080c02a58cf367c9",
                    operation="INSERT",
                    pgid="pgtrigger_listing_has_a_variant_a37c5",
                    table="catalog_listing",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
