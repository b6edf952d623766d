"""A shop's list of all its orders, newest first, needs an index that a state doesn't stand in front of."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0006_promises")]
    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(fields=["merchant", "-placed_at", "-id"], name="latest_orders_of_a_merchant"),
        ),
    ]
