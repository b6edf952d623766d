"""What a payer's bank reserves first: taken later, or let go without ever being in the books."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import kernel.ids
from payments.migrations._authorisation_rules import ALL


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0017_covers_validated"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="Authorisation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("provider", models.CharField(max_length=20)),
                ("trade_number", models.CharField(max_length=32)),
                ("reference", models.CharField(max_length=80)),
                ("state", models.CharField(default="held", max_length=12)),
                ("amount_minor", models.BigIntegerField()),
                ("capture_minor", models.BigIntegerField(default=0)),
                ("currency", models.CharField(max_length=3)),
                ("held_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "authorisation",
                "verbose_name_plural": "authorisations",
            },
        ),
        migrations.CreateModel(
            name="SandboxHold",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("payment_number", models.CharField(max_length=32, unique=True)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("state", models.CharField(max_length=10)),
                ("held_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "sandbox reservation",
                "verbose_name_plural": "sandbox reservations",
                "db_table": "sandbox_hold",
            },
        ),
        migrations.RemoveConstraint(
            model_name="payment",
            name="a payment is in a known state",
        ),
        migrations.AddField(
            model_name="payment",
            name="authorise_first",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="payment",
            name="released_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="paymentpart",
            name="released_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="move",
            name="aggregate",
            field=models.CharField(max_length=16),
        ),
        AddConstraintNotValid(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["open", "authorised", "captured", "failed", "expired", "released"])
                ),
                name="a payment is in a known state",
            ),
        ),
        AddConstraintNotValid(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("released_minor", 0),
                    models.Q(
                        ("authorise_first", True),
                        ("released_minor__gt", 0),
                        ("released_minor__lte", models.F("amount_minor")),
                    ),
                    _connector="OR",
                ),
                name="only what was reserved first is let go",
            ),
        ),
        AddConstraintNotValid(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("authorise_first", False), ("tendered_minor", 0), _connector="OR"),
                name="gift cards and points aren't reserved first",
            ),
        ),
        AddConstraintNotValid(
            model_name="paymentpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("released_minor", 0),
                    models.Q(("released_minor", models.F("amount_minor")), ("tendered_minor", 0)),
                    _connector="OR",
                ),
                name="a part is let go whole",
            ),
        ),
        migrations.AddField(
            model_name="authorisation",
            name="payment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="authorisations",
                to="payments.payment",
            ),
        ),
        migrations.AddConstraint(
            model_name="authorisation",
            constraint=models.UniqueConstraint(
                fields=("provider", "reference"), name="an authorisation is noted once"
            ),
        ),
        migrations.AddConstraint(
            model_name="authorisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("held", "capturing", "captured"))),
                fields=("payment",),
                name="a payment is reserved once at a time",
            ),
        ),
        migrations.AddConstraint(
            model_name="authorisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["held", "capturing", "captured", "releasing", "released"])),
                name="an authorisation is in a known state",
            ),
        ),
        migrations.AddConstraint(
            model_name="authorisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_minor__gt", 0),
                    ("capture_minor__gte", 0),
                    ("capture_minor__lte", models.F("amount_minor")),
                ),
                name="no more is taken than was reserved",
            ),
        ),
        migrations.AddConstraint(
            model_name="authorisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["capturing", "captured"]), _negated=True),
                    ("capture_minor__gt", 0),
                    _connector="OR",
                ),
                name="what is taken has its sum",
            ),
        ),
        migrations.AddConstraint(
            model_name="authorisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state__in", ("captured", "released"))),
                    models.Q(
                        models.Q(("state__in", ("captured", "released")), _negated=True),
                        ("ended_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="an authorisation has its instant exactly when ended",
            ),
        ),
        *[migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in ALL],
    ]
