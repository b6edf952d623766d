from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

import kernel.ids


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("scope", models.CharField(max_length=120)),
                ("key", models.CharField(max_length=80)),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("done", "Done"), ("refused", "Refused")],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("location", models.CharField(blank=True, max_length=500)),
                ("error_code", models.CharField(blank=True, max_length=80)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["created_at"], name="web_key_created")],
                "constraints": [
                    models.UniqueConstraint(fields=("scope", "key"), name="a_key_is_used_once_per_person"),
                    models.CheckConstraint(
                        condition=Q(state__in=["running", "done", "refused"]), name="a_key_has_a_known_state"
                    ),
                    models.CheckConstraint(
                        condition=Q(state="running") | Q(status__isnull=False),
                        name="a_finished_key_has_a_status",
                    ),
                ],
            },
        ),
    ]
