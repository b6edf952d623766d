"""ANALYZE keeps samples of a column's values: a wrapped key would outlive its shredding there."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0012_assessments"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE privacy_subjectkey ALTER COLUMN wrapped SET STATISTICS 0",
            "ALTER TABLE privacy_subjectkey ALTER COLUMN wrapped SET STATISTICS -1",
        ),
    ]
