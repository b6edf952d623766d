"""What carriers get of shops for the way back of goods has accounts of its own."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0026_compensations_validated"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="posting",
            name="a posting names a known kind of account",
        ),
        # Checked for new rows at once, for all others without keeping anybody from writing.
        AddConstraintNotValid(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "account__regex",
                        "^(provider:[a-z][a-z0-9_]*|escrow:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|suspense:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|dispute:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|merchant:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:(available|deposit|reserve|debt|relief)|card:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|points:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|award:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|campaign:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|insurer:[a-z][a-z0-9_]*|carrier:[a-z][a-z0-9_]*|tax:[a-z][a-z]|fees:platform|fees:provider|fund:protection|fund:claims|fx:difference)$",
                    )
                ),
                name="a posting names a known kind of account",
            ),
        ),
    ]
