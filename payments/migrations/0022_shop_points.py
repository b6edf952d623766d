"""Points of shops: the same lots and account, earned by orders that ended well, redeemed for fees."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from payments.migrations._shop_points_rules import ALL


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0019_webhooks"),
        ("payments", "0021_points"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="pointslot",
            name="an order earns points once",
        ),
        migrations.RemoveConstraint(
            model_name="pointslot",
            name="earned points say for what",
        ),
        migrations.RemoveConstraint(
            model_name="posting",
            name="a posting names a known kind of account",
        ),
        migrations.AddField(
            model_name="pointsaccount",
            name="merchant",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="merchants.merchant",
            ),
        ),
        migrations.AddField(
            model_name="pointslot",
            name="grounds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("sent_in_time", "sent in time"),
                        ("no_case", "settled without a return, claim or case"),
                    ],
                    max_length=20,
                ),
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="pointslot",
            name="revoked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="pointsaccount",
            name="subject",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.subject"
            ),
        ),
        migrations.AlterField(
            model_name="pointslot",
            name="kind",
            field=models.CharField(
                choices=[
                    ("earned", "Earned"),
                    ("reward", "Earned by the shop"),
                    ("back", "Back from an order"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="pointsaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merchant__isnull", True), ("subject__isnull", False)),
                    models.Q(("merchant__isnull", False), ("subject__isnull", True)),
                    _connector="OR",
                ),
                name="points are a person's or a shop's",
            ),
        ),
        migrations.AddConstraint(
            model_name="pointslot",
            constraint=models.UniqueConstraint(
                fields=("reference", "kind"), name="an order earns points once"
            ),
        ),
        migrations.AddConstraint(
            model_name="pointslot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("basis_minor__isnull", False),
                        ("kind__in", ["earned", "reward"]),
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
        ),
        migrations.AddConstraint(
            model_name="pointslot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("grounds__len__gt", 0), ("kind", "reward")),
                    models.Q(
                        models.Q(("kind", "reward"), _negated=True),
                        ("grounds", []),
                        ("revoked_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a shop's points say what they are for",
            ),
        ),
        # Checked for new rows at once, for all others without keeping anybody from writing.
        AddConstraintNotValid(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "account__regex",
                        "^(provider:[a-z][a-z0-9_]*|escrow:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|suspense:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|dispute:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|merchant:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:(available|deposit|reserve|debt|relief)|card:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|points:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|campaign:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|insurer:[a-z][a-z0-9_]*|tax:[a-z][a-z]|fees:platform|fees:provider|fund:protection|fund:claims|fx:difference)$",
                    )
                ),
                name="a posting names a known kind of account",
            ),
        ),
        *[migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in ALL],
    ]
