"""Offers of both sides, of a sum or a deed; the case says which one stands and what the shop has undertaken."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

DEEDS = ["apology", "correction", "exchange", "repair"]
STATES = [
    "open",
    "answered",
    "countered",
    "performing",
    "performed",
    "deciding",
    "agreed",
    "decided",
    "withdrawn",
]
ENDED = ["agreed", "decided", "withdrawn"]
# Until now the newest one stood as long as it was the buyer's turn.
THE_NEWEST_STANDS = """
    UPDATE complaints_complaint SET offer_id = (
        SELECT id FROM complaints_offer
        WHERE complaint_id = complaints_complaint.id ORDER BY at DESC, id DESC LIMIT 1
    ) WHERE state = 'answered'
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0006_a_remedy_that_waits_validated")]

    operations = [
        migrations.AddField(
            model_name="offer",
            name="seat",
            field=models.CharField(db_default="merchant", default="merchant", max_length=10),
        ),
        migrations.AddField(
            model_name="offer",
            name="remedy",
            field=models.CharField(db_default="refund", default="refund", max_length=12),
        ),
        migrations.AddField(
            model_name="offer", name="perform_days", field=models.PositiveSmallIntegerField(null=True)
        ),
        migrations.RemoveConstraint(model_name="offer", name="complaint_offer_is_above_zero"),
        AddConstraintNotValid(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(remedy="refund", amount_minor__gt=0, perform_days__isnull=True)
                | models.Q(
                    remedy__in=DEEDS,
                    amount_minor=0,
                    perform_days__isnull=False,
                    perform_days__gte=1,
                    perform_days__lte=60,
                ),
                name="complaint_offer_is_a_sum_or_a_deed",
            ),
        ),
        AddConstraintNotValid(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(seat__in=["buyer", "merchant"]), name="complaint_offer_has_a_seat"
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="offer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.offer",
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="remedy",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        migrations.RemoveConstraint(model_name="complaint", name="complaints_state_is_known"),
        AddConstraintNotValid(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(state__in=STATES), name="complaints_state_is_known"
            ),
        ),
        migrations.RemoveConstraint(model_name="complaint", name="complaints_closed_ones_say_when"),
        AddConstraintNotValid(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(state__in=ENDED, closed_at__isnull=False)
                | (~models.Q(state__in=ENDED) & models.Q(closed_at__isnull=True)),
                name="complaints_ended_ones_say_when",
            ),
        ),
        AddConstraintNotValid(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(remedy__in=["", *DEEDS])
                & (~models.Q(state__in=["performing", "performed"]) | ~models.Q(remedy="")),
                name="complaints_what_is_performed_is_named",
            ),
        ),
        migrations.RunSQL(THE_NEWEST_STANDS, migrations.RunSQL.noop),
    ]
