"""Deal and reduction name their variant as a key in the model, too; the table has had it since 0007."""

import django.db.models.deletion
from django.db import migrations, models


def variant():
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="catalog.variant",
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0024_listing_reports")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex("deal", "deal_by_time"),
                migrations.RemoveConstraint("reduction", "reduction_once_at_a_time"),
                *(
                    operation
                    for model in ("deal", "reduction")
                    for operation in (
                        migrations.RemoveField(model, "variant_id"),
                        migrations.AddField(model, "variant", variant()),
                    )
                ),
                migrations.AddIndex("deal", models.Index(fields=["variant", "-at"], name="deal_by_time")),
                migrations.AddConstraint(
                    "reduction",
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=("variant",),
                        name="reduction_once_at_a_time",
                    ),
                ),
            ]
        )
    ]
