"""Gift cards and points pay: tenders of a payment's parts, and refunds that go back to them."""

import uuid

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import kernel.ids
from payments.migrations._tender_rules import ALL


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0012_a_reserve_of_settled_sales"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tender",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("account", models.CharField(max_length=80)),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
            ],
            options={
                "verbose_name": "tender",
                "verbose_name_plural": "tenders",
            },
        ),
        migrations.RemoveConstraint(
            model_name="refund",
            name="a refund is asked once per purpose",
        ),
        migrations.AddField(
            model_name="payment",
            name="tendered_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="paymentpart",
            name="kind",
            field=models.CharField(db_default="order", default="order", max_length=8),
        ),
        migrations.AddField(
            model_name="paymentpart",
            name="tendered_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="refund",
            name="charge",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="payments.charge",
            ),
        ),
        AddConstraintNotValid(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("tendered_minor__gte", 0), ("tendered_minor__lte", models.F("amount_minor"))
                ),
                name="tenders stay within their payment",
            ),
        ),
        AddConstraintNotValid(
            model_name="paymentpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("tendered_minor__gte", 0), ("tendered_minor__lte", models.F("amount_minor"))
                ),
                name="tenders stay within their part",
            ),
        ),
        AddConstraintNotValid(
            model_name="paymentpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "order"),
                        models.Q(
                            ("merchant_id", uuid.UUID("00000000-0000-0000-0000-000000000000")), _negated=True
                        ),
                    ),
                    models.Q(
                        ("kind", "card"),
                        ("merchant_id", uuid.UUID("00000000-0000-0000-0000-000000000000")),
                        ("tendered_minor", 0),
                    ),
                    _connector="OR",
                ),
                name="a part is an order's or a card's",
            ),
        ),
        migrations.AddField(
            model_name="tender",
            name="part",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="tenders", to="payments.paymentpart"
            ),
        ),
        migrations.AddField(
            model_name="tender",
            name="payment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tenders",
                to="payments.payment",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="tender",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="payments.tender",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(
                condition=models.Q(("tender__isnull", True)),
                fields=("reference", "purpose"),
                name="a refund is asked once per purpose and provider",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(
                fields=("reference", "purpose", "tender"),
                name="a refund is asked once per purpose and tender",
            ),
        ),
        AddConstraintNotValid(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("charge__isnull", False), ("tender__isnull", True)),
                    models.Q(("charge__isnull", True), ("part__isnull", False), ("tender__isnull", False)),
                    _connector="OR",
                ),
                name="a refund goes back by one means",
            ),
        ),
        migrations.AddIndex(
            model_name="tender",
            index=models.Index(fields=["account"], name="tenders_of_an_account"),
        ),
        migrations.AddConstraint(
            model_name="tender",
            constraint=models.UniqueConstraint(fields=("payment", "position"), name="tenders are counted"),
        ),
        migrations.AddConstraint(
            model_name="tender",
            constraint=models.UniqueConstraint(
                fields=("part", "account"), name="an account pays once for an order"
            ),
        ),
        migrations.AddConstraint(
            model_name="tender",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="a tender is above zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="tender",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("account__regex", "^(card|points):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
                ),
                name="a tender comes from a card or points",
            ),
        ),
        *[migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in ALL],
    ]
