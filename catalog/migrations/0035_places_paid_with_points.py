"""Paid places that merchant points pay."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0034_campaign_prices"),
        ("merchants", "0019_webhooks"),
    ]

    operations = [
        migrations.AddField(
            model_name="placement",
            name="paid_with",
            field=models.CharField(
                choices=[("money", "Money from the balance"), ("points", "Merchant points")],
                db_default="money",
                default="money",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.CheckConstraint(
                condition=models.Q(("paid_with__in", ["money", "points"])),
                name="placement_is_paid_in_a_known_way",
            ),
        ),
    ]
