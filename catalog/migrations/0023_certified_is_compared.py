"""The facet stood for a number that a shop typed; now for a certificate that staff compared. In batches."""

from django.db import migrations

BATCH = 5_000
COUNTS = """EXISTS (SELECT 1 FROM catalog_certificate c WHERE c.merchant_id = l.merchant_id
    AND c.state = 'verified' AND (c.listing_id = l.id OR c.listing_id IS NULL))"""
FILL = f"""
    UPDATE catalog_listing SET certified = NOT certified
     WHERE id IN (SELECT l.id FROM catalog_listing l WHERE l.certified <> {COUNTS} LIMIT %s)
"""


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(FILL, [BATCH])
        while cursor.rowcount:
            cursor.execute(FILL, [BATCH])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalog", "0022_what_import_rows_name")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
