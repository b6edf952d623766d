"""What carriers report beyond the plain way, what becomes of a parcel then, and questions to carriers."""

import django.db.models.deletion
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models

import kernel.ids


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("orders", "0015_tax_as_ordered"),
    ]

    operations = [
        migrations.CreateModel(
            name="CarrierCall",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("answered", "answered"), ("given_up", "given up")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("owed_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("last_answer", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "verbose_name": "question to a carrier",
                "verbose_name_plural": "questions to carriers",
            },
        ),
        migrations.RemoveConstraint(
            model_name="scan",
            name="scan_kind_is_known",
        ),
        migrations.AddField(
            model_name="shipment",
            name="asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="shipment",
            name="denied_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="shipment",
            name="fate",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.AddField(
            model_name="shipment",
            name="refused_at",
            field=models.DateTimeField(null=True),
        ),
        AddIndexConcurrently(
            model_name="shipment",
            index=models.Index(
                condition=models.Q(("delivered_at__isnull", True), ("lost_at__isnull", True)),
                fields=["handed_over_at"],
                name="parcels_under_way",
            ),
        ),
        AddConstraintNotValid(
            model_name="scan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "collected",
                            "in_transit",
                            "out_for_delivery",
                            "delivered",
                            "signed_by_other",
                            "refused",
                            "returned_to_sender",
                            "lost",
                            "damaged",
                        ],
                    )
                ),
                name="scan_kind_is_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fate", ""),
                    models.Q(
                        ("fate__in", ["silent", "lost", "damaged", "came_back"]), ("lost_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="what_became_of_a_parcel_is_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(("denied_at__isnull", True), ("asked_at__isnull", False), _connector="OR"),
                name="only_who_was_asked_denies",
            ),
        ),
        migrations.AddField(
            model_name="carriercall",
            name="shipment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.shipment"
            ),
        ),
        migrations.AddIndex(
            model_name="carriercall",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["due_at"], name="carrier_call_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="carriercall",
            index=models.Index(fields=["shipment", "-owed_at"], name="carrier_calls_of_a_parcel"),
        ),
        migrations.AddConstraint(
            model_name="carriercall",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("shipment",),
                name="a_carrier_is_asked_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="carriercall",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "answered", "given_up"])),
                name="carrier_call_state_is_known",
            ),
        ),
        ValidateConstraint(model_name="scan", name="scan_kind_is_known"),
        ValidateConstraint(model_name="shipment", name="what_became_of_a_parcel_is_known"),
        ValidateConstraint(model_name="shipment", name="only_who_was_asked_denies"),
    ]
