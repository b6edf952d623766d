"""Stock, reservations, their changes and prices stand for a variant; until now that is the listing's only one.

Each table gets its column empty, filled in batches, checked without a long lock, and only then demanded.
"""

import django.db.models.deletion
from django.db import migrations, models

BATCH = 5_000
TABLES = ("stock", "reservation", "stockchange", "pricehistory")
# History refuses to be changed; this one column is what it always meant.
HISTORY = "{pgtrigger_stock_change_is_append_only_77762,pgtrigger_price_history_is_append_only_04c58}"
KEYS = {"stock": "listing_id"}
FILL = """
    UPDATE catalog_{table} SET variant_id = listing_id
     WHERE {key} IN (SELECT {key} FROM catalog_{table} WHERE variant_id IS NULL LIMIT %s)
"""


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, false)", [HISTORY])
        try:
            for table in TABLES:
                statement = FILL.format(table=table, key=KEYS.get(table, "id"))
                cursor.execute(statement, [BATCH])
                while cursor.rowcount:
                    cursor.execute(statement, [BATCH])
        finally:
            cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', false)")


def demanded(table):
    """NOT NULL, and a foreign key to the variant of this very listing, without a scan under a lock."""
    name = f"catalog_{table}"
    return [
        f"ALTER TABLE {name} ADD CONSTRAINT {table}_variant_known CHECK (variant_id IS NOT NULL) NOT VALID",
        f"ALTER TABLE {name} VALIDATE CONSTRAINT {table}_variant_known",
        f"ALTER TABLE {name} ALTER COLUMN variant_id SET NOT NULL",
        f"ALTER TABLE {name} DROP CONSTRAINT {table}_variant_known",
        f"ALTER TABLE {name} ADD CONSTRAINT {table}_is_of_its_listings_variant"
        " FOREIGN KEY (variant_id, listing_id) REFERENCES catalog_variant (id, listing_id)"
        " DEFERRABLE INITIALLY DEFERRED NOT VALID",
        f"ALTER TABLE {name} VALIDATE CONSTRAINT {table}_is_of_its_listings_variant",
    ]


def variant(**options):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.variant", **options
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalog", "0005_variants")]
    operations = [
        migrations.RunSQL([f"ALTER TABLE catalog_{table} ADD COLUMN variant_id uuid" for table in TABLES]),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        *(statement for table in TABLES for statement in demanded(table)),
                        "CREATE UNIQUE INDEX CONCURRENTLY stock_of_a_variant ON catalog_stock (variant_id)",
                        "ALTER TABLE catalog_stock DROP CONSTRAINT catalog_stock_pkey,"
                        " ADD CONSTRAINT catalog_stock_pkey PRIMARY KEY USING INDEX stock_of_a_variant",
                        "CREATE INDEX CONCURRENTLY stock_of_a_listing ON catalog_stock (listing_id)",
                        "CREATE INDEX CONCURRENTLY reservation_of_a_variant"
                        " ON catalog_reservation (variant_id)",
                        "CREATE UNIQUE INDEX CONCURRENTLY reservation_once_per_reference_and_variant"
                        " ON catalog_reservation (reference, variant_id)",
                        "ALTER TABLE catalog_reservation"
                        " ADD CONSTRAINT reservation_once_per_reference_and_variant"
                        " UNIQUE USING INDEX reservation_once_per_reference_and_variant,"
                        " DROP CONSTRAINT reservation_once_per_reference_and_listing",
                        "DROP INDEX CONCURRENTLY price_history_by_time",
                        "DROP INDEX CONCURRENTLY stock_change_by_time",
                        "CREATE INDEX CONCURRENTLY price_history_by_time"
                        " ON catalog_pricehistory (variant_id, valid_from DESC)",
                        "CREATE INDEX CONCURRENTLY stock_change_by_time"
                        " ON catalog_stockchange (variant_id, at)",
                    ]
                )
            ],
            state_operations=[
                migrations.RemoveConstraint("reservation", "reservation_once_per_reference_and_listing"),
                migrations.RemoveIndex("pricehistory", "price_history_by_time"),
                migrations.RemoveIndex("stockchange", "stock_change_by_time"),
                migrations.AlterField(
                    "stock",
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stocks",
                        to="catalog.listing",
                    ),
                ),
                migrations.AddField(
                    "stock",
                    "variant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="stock",
                        serialize=False,
                        to="catalog.variant",
                    ),
                ),
                *(
                    migrations.AddField(model, "variant", variant())
                    for model in ("reservation", "stockchange", "pricehistory")
                ),
                migrations.AddIndex(
                    "pricehistory",
                    models.Index(fields=["variant", "-valid_from"], name="price_history_by_time"),
                ),
                migrations.AddIndex(
                    "stockchange", models.Index(fields=["variant", "at"], name="stock_change_by_time")
                ),
                migrations.AddConstraint(
                    "reservation",
                    models.UniqueConstraint(
                        fields=("reference", "variant"), name="reservation_once_per_reference_and_variant"
                    ),
                ),
            ],
        ),
    ]
