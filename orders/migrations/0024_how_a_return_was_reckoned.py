"""How the sum of a return that was reckoned again came about; none was until now."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0023_gifts_validated"),
    ]

    operations = [
        migrations.AddField(
            model_name="return",
            name="reckoning",
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
        ),
    ]
