"""One unended case for each line and order, said by how cases end, so that a new stage needs no new index."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

ENDED = ["agreed", "decided", "withdrawn"]
UNENDED = "NOT (state IN ('agreed', 'decided', 'withdrawn'))"


def _index(name: str, column: str, condition: str) -> list[str]:
    return [f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON complaints_complaint ({column}) WHERE {condition}"]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("complaints", "0007_offers_of_both_sides")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    _index("complaints_one_unended_per_order", "order_id", f"line_id IS NULL AND {UNENDED}"),
                    "DROP INDEX complaints_one_unended_per_order",
                ),
                migrations.RunSQL(
                    _index("complaints_one_unended_per_line", "line_id", UNENDED),
                    "DROP INDEX complaints_one_unended_per_line",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="complaint",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(line__isnull=True) & ~models.Q(state__in=ENDED),
                        fields=("order",),
                        name="complaints_one_unended_per_order",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="complaint",
                    constraint=models.UniqueConstraint(
                        condition=~models.Q(state__in=ENDED),
                        fields=("line",),
                        name="complaints_one_unended_per_line",
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(model_name="complaint", name="complaints_one_runs_per_order"),
        migrations.RemoveConstraint(model_name="complaint", name="complaints_one_runs_per_line"),
        ValidateConstraint(model_name="complaint", name="complaints_state_is_known"),
        ValidateConstraint(model_name="complaint", name="complaints_ended_ones_say_when"),
        ValidateConstraint(model_name="complaint", name="complaints_what_is_performed_is_named"),
        ValidateConstraint(model_name="offer", name="complaint_offer_is_a_sum_or_a_deed"),
        ValidateConstraint(model_name="offer", name="complaint_offer_has_a_seat"),
    ]
