"""What was granted while a dispute held the money is carried out later."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0004_no_party_rules")]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="remedy_waits",
            field=models.BooleanField(db_default=False, default=False),
        ),
        AddConstraintNotValid(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("remedy_waits", False),
                    models.Q(("granted_minor__gt", 0), ("state__in", ["agreed", "decided"])),
                    _connector="OR",
                ),
                name="complaints_only_what_was_granted_waits",
            ),
        ),
    ]
