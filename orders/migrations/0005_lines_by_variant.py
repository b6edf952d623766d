"""Lines of carts and orders name the variant; until now that is the listing's only one, with its id."""

import django.db.models.deletion
from django.db import migrations, models

BATCH = 5_000
TABLES = ("cartline", "orderline")
FILL = """
    UPDATE orders_{table} SET variant_id = listing_id
     WHERE id IN (SELECT id FROM orders_{table} WHERE variant_id IS NULL LIMIT %s)
"""


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(FILL.format(table=table), [BATCH])
            while cursor.rowcount:
                cursor.execute(FILL.format(table=table), [BATCH])


def demanded(table):
    """NOT NULL, and a foreign key to the variant of this very listing, without a scan under a lock."""
    name = f"orders_{table}"
    return [
        f"ALTER TABLE {name} ADD CONSTRAINT {table}_variant_known CHECK (variant_id IS NOT NULL) NOT VALID",
        f"ALTER TABLE {name} VALIDATE CONSTRAINT {table}_variant_known",
        f"ALTER TABLE {name} ALTER COLUMN variant_id SET NOT NULL",
        f"ALTER TABLE {name} DROP CONSTRAINT {table}_variant_known",
        f"ALTER TABLE {name} ADD CONSTRAINT {table}_is_of_its_listings_variant"
        " FOREIGN KEY (variant_id, listing_id) REFERENCES catalog_variant (id, listing_id)"
        " DEFERRABLE INITIALLY DEFERRED NOT VALID",
        f"ALTER TABLE {name} VALIDATE CONSTRAINT {table}_is_of_its_listings_variant",
        f"CREATE INDEX CONCURRENTLY {table}_of_a_variant ON {name} (variant_id)",
    ]


def variant():
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.variant"
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0004_sealed_under_a_live_key"), ("catalog", "0006_stock_by_variant")]
    operations = [
        migrations.RunSQL([f"ALTER TABLE orders_{table} ADD COLUMN variant_id uuid" for table in TABLES]),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        *(statement for table in TABLES for statement in demanded(table)),
                        "CREATE UNIQUE INDEX CONCURRENTLY a_variant_is_in_a_cart_once"
                        " ON orders_cartline (subject_id, variant_id)",
                        "ALTER TABLE orders_cartline ADD CONSTRAINT a_variant_is_in_a_cart_once"
                        " UNIQUE USING INDEX a_variant_is_in_a_cart_once,"
                        " DROP CONSTRAINT a_listing_is_in_a_cart_once",
                    ]
                )
            ],
            state_operations=[
                migrations.RemoveConstraint("cartline", "a_listing_is_in_a_cart_once"),
                migrations.AddField("cartline", "variant", variant()),
                migrations.AddField("orderline", "variant", variant()),
                migrations.AddConstraint(
                    "cartline",
                    models.UniqueConstraint(
                        fields=("subject", "variant"), name="a_variant_is_in_a_cart_once"
                    ),
                ),
            ],
        ),
    ]
