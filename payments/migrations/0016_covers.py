"""A cover's premium is a part of a payment, too: sold by no shop, and paid by a provider alone."""

import uuid

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0015_gift_cards"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="paymentpart",
            name="a part is an order's or a card's",
        ),
        AddConstraintNotValid(
            model_name="paymentpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "order"),
                        models.Q(
                            ("merchant_id", uuid.UUID("00000000-0000-0000-0000-000000000000")), _negated=True
                        ),
                    ),
                    models.Q(
                        ("kind__in", ["card", "cover"]),
                        ("merchant_id", uuid.UUID("00000000-0000-0000-0000-000000000000")),
                        ("tendered_minor", 0),
                    ),
                    _connector="OR",
                ),
                name="a part is an order's, a card's or a cover's",
            ),
        ),
    ]
