"""SKU and barcode of each imported row, to tell a later row which one named them; pictures beside the file."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0021_what_a_test_confirms")]

    operations = [
        migrations.AddField(
            model_name="importrun", name="pictures", field=models.PositiveIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="importrun", name="next_picture", field=models.PositiveIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="importrun", name="picture_problems", field=models.JSONField(default=list)
        ),
        migrations.AddField(
            model_name="importline",
            name="sku",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="importline",
            name="barcode",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        AddIndexConcurrently(
            model_name="importline",
            index=models.Index(
                condition=models.Q(("sku", ""), _negated=True),
                fields=["run", "sku"],
                name="import_line_by_sku",
            ),
        ),
        AddIndexConcurrently(
            model_name="importline",
            index=models.Index(
                condition=models.Q(("barcode", ""), _negated=True),
                fields=["run", "barcode"],
                name="import_line_by_barcode",
            ),
        ),
    ]
