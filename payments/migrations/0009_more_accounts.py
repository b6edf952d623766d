"""Accounts for cards, points, campaigns, reserves, insurers, taxes and differences of exchange."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from payments.migrations._account_rules import NEVER_NEGATIVE


class Migration(migrations.Migration):
    dependencies = [("payments", "0008_book_checks")]

    operations = [
        migrations.RunSQL(NEVER_NEGATIVE, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="posting", name="a posting names a known kind of account"),
        # Checked for new rows at once, for all others without keeping anybody from writing.
        AddConstraintNotValid(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "account__regex",
                        "^(provider:[a-z][a-z0-9_]*|escrow:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|suspense:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|dispute:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|merchant:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:(available|deposit|reserve|debt)|card:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|points:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|campaign:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|insurer:[a-z][a-z0-9_]*|tax:[a-z][a-z]|fees:platform|fees:provider|fund:protection|fund:claims|fx:difference)$",
                    )
                ),
                name="a posting names a known kind of account",
            ),
        ),
    ]
