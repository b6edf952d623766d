"""Since when an order is over: the column, filled from its history, then the rule about it."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

ENDED = ["cancelled", "expired", "refunded", "settled"]
BATCH = 5_000
FILL = """
    UPDATE orders_order o
       SET closed_at = COALESCE(
           (SELECT max(m.at) FROM orders_ordermove m WHERE m.order_id = o.id AND m.to_state = o.state),
           o.settled_at, o.placed_at)
     WHERE o.id IN (SELECT id FROM orders_order WHERE closed_at IS NULL AND state = ANY(%s) LIMIT %s)
"""


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(FILL, [ENDED, BATCH])
        while cursor.rowcount:
            cursor.execute(FILL, [ENDED, BATCH])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("orders", "0002_names_of_rows")]
    operations = [
        migrations.AddField("order", "closed_at", models.DateTimeField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddConstraintNotValid(
            "order",
            models.CheckConstraint(
                condition=models.Q(state__in=ENDED, closed_at__isnull=False)
                | (~models.Q(state__in=ENDED) & models.Q(closed_at__isnull=True)),
                name="an_order_that_is_over_says_since_when",
            ),
        ),
        ValidateConstraint("order", "an_order_that_is_over_says_since_when"),
    ]
