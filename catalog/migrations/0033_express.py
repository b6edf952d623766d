"""A faster way in a shop's table of freight."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0032_availability_beside_the_listing"),
        ("merchants", "0017_digests_of_document_numbers"),
    ]

    operations = [
        migrations.AddField(
            model_name="freighttemplate",
            name="express",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="freighttemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("express__isnull", True),
                    models.Q(
                        ("express__days__gte", 1),
                        ("express__days__lte", 30),
                        ("express__has_keys", ["days", "zones"]),
                        models.Q(("express__zones", []), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="freight_template_express_says_days_and_places",
            ),
        ),
    ]
