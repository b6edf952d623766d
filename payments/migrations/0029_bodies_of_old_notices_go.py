"""What a provider told goes after a while: its digest stays, and only a notice that is done with loses its body."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0028_known_accounts_once_more")]

    operations = [
        migrations.AddField(
            model_name="providernotice",
            name="digest",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AlterField(
            model_name="providernotice",
            name="body",
            field=models.JSONField(null=True),
        ),
        AddConstraintNotValid(
            model_name="providernotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("body__isnull", False),
                    models.Q(
                        ("outcome", "parked"),
                        ("kind", "dispute.changed"),
                        ("digest", ""),
                        _connector="OR",
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="only a notice that is done with loses its body",
            ),
        ),
    ]
