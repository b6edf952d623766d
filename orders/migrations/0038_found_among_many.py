"""What a shop is shown is counted from an index alone; a parcel is found by its number. Both on a live table."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0037_entries_validated")]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("paid_at__isnull", False)),
                fields=["merchant", "state", "-placed_at", "-id"],
                name="paid_orders_of_a_merchant",
            ),
        ),
        RemoveIndexConcurrently(model_name="order", name="orders_of_a_merchant"),
        AddIndexConcurrently(
            model_name="shipment",
            index=models.Index(fields=["tracking_number"], name="parcels_by_number"),
        ),
    ]
