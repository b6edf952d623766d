from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_messages_receipts_and_clock")]

    operations = [
        migrations.AddField(
            model_name="platformclock",
            name="played",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="platformclock",
            constraint=models.CheckConstraint(
                condition=models.Q(played=False) | models.Q(shiftable=True),
                name="outbox_a_fixed_clock_is_never_played",
            ),
        ),
    ]
