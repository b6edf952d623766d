"""Parcels whose buyers said themselves that they had come: until now only a carrier's scan marked a parcel."""

from django.db import migrations

BATCH = 2_000
# An order had one parcel then, so it came when the order did.
FILL = """
    UPDATE orders_shipment parcel
       SET delivered_at = greatest(parcel.handed_over_at, whole.delivered_at)
      FROM orders_order whole
     WHERE whole.id = parcel.order_id AND parcel.id IN (
        SELECT one.id FROM orders_shipment one JOIN orders_order o ON o.id = one.order_id
         WHERE one.returning_id IS NULL AND one.delivered_at IS NULL AND one.lost_at IS NULL
           AND o.state IN ('delivered', 'settled') AND o.delivered_at IS NOT NULL
         LIMIT %s)
"""


def fill(apps, schema_editor):
    """Batch by batch, each its own transaction; begun again, it goes on."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(FILL, [BATCH])
        while cursor.rowcount:
            cursor.execute(FILL, [BATCH])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0019_promotions")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
