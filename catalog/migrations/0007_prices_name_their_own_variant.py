"""A deal and a reduction name a variant of their own listing, and the database knows it."""

from django.db import migrations

ADD = """
    ALTER TABLE catalog_{table} ADD CONSTRAINT {table}_of_its_own_variant
        FOREIGN KEY (variant_id, listing_id) REFERENCES catalog_variant (id, listing_id)
        DEFERRABLE INITIALLY DEFERRED NOT VALID
"""
CHECK = "ALTER TABLE catalog_{table} VALIDATE CONSTRAINT {table}_of_its_own_variant"
DROP = "ALTER TABLE catalog_{table} DROP CONSTRAINT {table}_of_its_own_variant"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalog", "0006_stock_by_variant")]
    operations = [
        migrations.RunSQL(
            text.format(table=table), DROP.format(table=table) if text is ADD else migrations.RunSQL.noop
        )
        for table in ("deal", "reduction")
        for text in (ADD, CHECK)
    ]
