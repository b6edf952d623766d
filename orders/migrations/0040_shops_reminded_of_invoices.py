"""When staff last reminded a shop of a paper that it is late with."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0039_message_reports"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="invoicepaper",
            options={
                "permissions": [("nudge_shop", "May remind a shop of a paper that it is late with")],
                "verbose_name": "invoice paper",
                "verbose_name_plural": "invoice papers",
            },
        ),
        migrations.AddField(
            model_name="invoicepaper",
            name="nudged_at",
            field=models.DateTimeField(null=True),
        ),
        AddConstraintNotValid(
            model_name="invoicepaper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("nudged_at__isnull", True),
                    models.Q(("late_at__isnull", False), ("nudged_at__gte", models.F("late_at"))),
                    _connector="OR",
                ),
                name="a_shop_is_reminded_once_it_is_late",
            ),
        ),
    ]
