"""An index over the few rows of stock that somebody may have to be told of, made beside running sales."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalog", "0013_wish_list_and_stock_alerts")]

    operations = [
        AddIndexConcurrently(
            "stock",
            models.Index(fields=["variant"], name="stock_that_came_back", condition=models.Q(came_back=True)),
        ),
    ]
