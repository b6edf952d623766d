"""Whether new goods of a shop wait because its deposit wasn't filled in time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0020_appeals_about_campaigns"),
    ]

    operations = [
        migrations.AddField(
            model_name="merchant",
            name="deposit_short",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
