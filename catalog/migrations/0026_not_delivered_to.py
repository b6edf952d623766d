"""Places that a freight template says it doesn't deliver to."""

from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0025_deals_point_at_their_variant"),
    ]

    operations = [
        migrations.AddField(
            model_name="freighttemplate",
            name="never",
            field=models.JSONField(blank=True, db_default=Value([], models.JSONField()), default=list),
        ),
    ]
