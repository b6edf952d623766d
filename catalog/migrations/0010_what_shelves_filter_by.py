"""What shelves filter by: columns, filled in batches from what is live, then the rule about them."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

BATCH = 5000
FILL = """
    UPDATE catalog_listing l
       SET ships_from = CASE r.content->'attributes'->>'supply_route'
                        WHEN 'bonded' THEN 'bonded' WHEN 'direct' THEN 'direct' ELSE 'home' END,
           origin = left(coalesce(r.content->'attributes'->>'origin', ''), 60),
           certified = coalesce(r.content->'attributes'->>'ccc_certificate',
                                r.content->'attributes'->>'registration_number', '') <> ''
      FROM catalog_listingrevision r
     WHERE r.id = l.live_revision_id
       AND l.id IN (SELECT id FROM catalog_listing
                     WHERE live_revision_id IS NOT NULL AND ships_from = '' ORDER BY id LIMIT %s)
"""


def fill(_apps, schema_editor):
    """What is told in full is known at the next publication only."""
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(FILL, [BATCH])
            if cursor.rowcount < 1:
                return


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalog", "0009_schema_changes")]
    operations = [
        migrations.AddField("listing", "certified", models.BooleanField(default=False)),
        migrations.AddField("listing", "origin", models.CharField(blank=True, default="", max_length=60)),
        migrations.AddField("listing", "ships_from", models.CharField(blank=True, default="", max_length=8)),
        migrations.AddField("listing", "told_in_full", models.BooleanField(default=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddConstraintNotValid(
            "listing",
            models.CheckConstraint(
                condition=models.Q(ships_from__in=["", "home", "bonded", "direct"]),
                name="listing_ships_from_a_known_side",
            ),
        ),
        ValidateConstraint("listing", "listing_ships_from_a_known_side"),
    ]
