"""A payer's attempts at providers; payments made before have none and keep their own number there."""

import django.db.models.deletion
from django.db import migrations, models

import kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0003_by_hand_takes_two"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("provider", models.CharField(max_length=20)),
                ("trade_number", models.CharField(max_length=32, unique=True)),
                ("on_phone", models.BooleanField()),
                ("state", models.CharField(max_length=12)),
                ("url", models.TextField(blank=True)),
                ("code", models.TextField(blank=True)),
                ("reference", models.CharField(blank=True, max_length=200)),
                ("refusal", models.CharField(blank=True, max_length=80)),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "payment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="payments.payment",
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
                "constraints": [
                    models.UniqueConstraint(fields=("payment", "position"), name="attempts are counted"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("begun", "handed_over"))),
                        fields=("payment",),
                        name="a payment is tried at one provider at a time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["begun", "handed_over", "turned_down", "closed"])),
                        name="an attempt is in a known state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "handed_over"), _negated=True),
                            models.Q(("url", ""), _negated=True),
                            models.Q(("code", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a payer handed over knows where to",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state__in", ("begun", "handed_over"))),
                            models.Q(
                                models.Q(("state__in", ("begun", "handed_over")), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="an attempt has its instant exactly when ended",
                    ),
                ],
            },
        ),
    ]
