"""Since when a shop has left: the column, filled from its history, then the rule about it."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

FILL = """
    UPDATE merchants_merchant s
       SET closed_at = COALESCE(
           (SELECT max(m.at) FROM merchants_merchantmove m WHERE m.merchant_id = s.id AND m.to_state = s.state),
           s.applied_at)
     WHERE s.state = 'closed' AND s.closed_at IS NULL
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("merchants", "0001_merchants")]
    operations = [
        migrations.AddField("merchant", "closed_at", models.DateTimeField(blank=True, null=True)),
        # Few rows: there are thousands of times fewer shops than orders.
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        AddConstraintNotValid(
            "merchant",
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False)
                | (~models.Q(state="closed") & models.Q(closed_at__isnull=True)),
                name="merchant_that_left_says_since_when",
            ),
        ),
        ValidateConstraint("merchant", "merchant_that_left_says_since_when"),
    ]
