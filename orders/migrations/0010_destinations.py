"""The province that an order's freight was reckoned for."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0009_who_sold"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="destination",
            field=models.CharField(blank=True, db_default="", default="", max_length=6),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(destination__regex="^([A-Z]{2}-[A-Z]{2})?$"),
                name="an_order_goes_to_a_place",
            ),
        ),
        ValidateConstraint(model_name="order", name="an_order_goes_to_a_place"),
    ]
