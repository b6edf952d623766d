"""Bonus points: whose they are and when they end; how many there are the ledger says."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
from django.db import migrations, models

import kernel.ids
from payments.migrations._points_rules import ALL


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0020_refund_stuck"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="PointsAccount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                (
                    "subject",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.subject"
                    ),
                ),
            ],
            options={
                "verbose_name": "points account",
                "verbose_name_plural": "points accounts",
            },
        ),
        migrations.CreateModel(
            name="PointsLot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("earned", "Earned"), ("back", "Back from an order")], max_length=8
                    ),
                ),
                ("reference", models.UUIDField(null=True)),
                ("basis_minor", models.BigIntegerField(null=True)),
                ("permille", models.PositiveSmallIntegerField(null=True)),
                ("amount_minor", models.BigIntegerField()),
                ("taken_minor", models.BigIntegerField(default=0)),
                ("expired_minor", models.BigIntegerField(default=0)),
                ("granted_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="payments.pointsaccount",
                    ),
                ),
            ],
            options={
                "verbose_name": "lot of points",
                "verbose_name_plural": "lots of points",
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["account", "expires_at"],
                        name="points_that_last",
                    ),
                    models.Index(fields=["account"], name="lots_of_an_account"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("reference",), name="an order earns points once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="a lot of points is above zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_minor__gte", 0),
                            ("expired_minor__gte", 0),
                            (
                                "amount_minor__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("taken_minor"), "+", models.F("expired_minor")
                                ),
                            ),
                        ),
                        name="a lot of points gives no more than it is",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", False), ("expired_minor", 0), _connector="OR"
                        ),
                        name="only an ended lot has expired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("granted_at"))),
                        name="points last for a while",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("basis_minor__isnull", False),
                                ("kind", "earned"),
                                ("permille__isnull", False),
                                ("reference__isnull", False),
                            ),
                            models.Q(
                                ("basis_minor__isnull", True),
                                ("kind", "back"),
                                ("permille__isnull", True),
                                ("reference__isnull", True),
                                ("taken_minor", 0),
                            ),
                            _connector="OR",
                        ),
                        name="earned points say for what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("basis_minor__isnull", True),
                            models.Q(
                                django.db.models.lookups.LessThanOrEqual(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("amount_minor"), "*", models.Value(1000)
                                    ),
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("basis_minor"), "*", models.F("permille")
                                    ),
                                ),
                                django.db.models.lookups.GreaterThan(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("amount_minor"), "+", models.Value(1)
                                        ),
                                        "*",
                                        models.Value(1000),
                                    ),
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("basis_minor"), "*", models.F("permille")
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="earned points are the policy's share",
                    ),
                ],
            },
        ),
        *[migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in ALL],
    ]
