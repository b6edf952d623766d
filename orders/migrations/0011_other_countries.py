"""Orders also go to other countries."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0010_destinations"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="order", name="an_order_goes_to_a_place"),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(destination__regex="^([A-Z]{2}(-[A-Z]{2})?)?$"),
                name="an_order_goes_to_a_place",
            ),
        ),
        ValidateConstraint(model_name="order", name="an_order_goes_to_a_place"),
    ]
