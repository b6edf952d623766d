"""Gift cards: a table of their own; what is on them the ledger says."""

import django.db.models.deletion
from django.db import migrations, models

import kernel.ids
import payments.lifecycle
from payments.migrations._gift_card_rules import ALL


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0014_tenders_validated"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="GiftCard",
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
                        choices=[("named", "With a name"), ("bearer", "Without a name")], max_length=8
                    ),
                ),
                (
                    "state",
                    models.CharField(default=payments.lifecycle.GiftCardState["UNPAID"], max_length=12),
                ),
                ("value_minor", models.BigIntegerField()),
                ("limit_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("pack_version", models.CharField(max_length=64)),
                ("digest", models.BinaryField(max_length=32, null=True)),
                ("ordered_at", models.DateTimeField()),
                ("issued_at", models.DateTimeField(null=True)),
                ("code_shown_at", models.DateTimeField(null=True)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("valid_until", models.DateTimeField(null=True)),
                ("return_until", models.DateTimeField(null=True)),
                (
                    "buyer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.subject"
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="privacy.subject",
                    ),
                ),
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.payment"
                    ),
                ),
            ],
            options={
                "verbose_name": "gift card",
                "verbose_name_plural": "gift cards",
                "indexes": [
                    models.Index(fields=["buyer"], name="gift_cards_bought"),
                    models.Index(fields=["holder"], name="gift_cards_held"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("digest",), name="a code is of one card"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["unpaid", "lapsed", "issued", "given_back"])),
                        name="a gift card is in a known state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("currency__in", ["CNY", "EUR", "GBP", "HKD", "JPY", "KRW", "TWD", "USD"])
                        ),
                        name="a gift card is in a known currency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value_minor__gt", 0), ("value_minor__lte", models.F("limit_minor"))
                        ),
                        name="a gift card is within the law's limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "named"), ("valid_until__isnull", True)),
                            models.Q(
                                ("issued_at__isnull", True), ("kind", "bearer"), ("valid_until__isnull", True)
                            ),
                            models.Q(("kind", "bearer"), ("valid_until__gt", models.F("issued_at"))),
                            _connector="OR",
                        ),
                        name="a named card never ends and a bearer card says when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("issued_at__isnull", True),
                                (
                                    "state__in",
                                    (
                                        payments.lifecycle.GiftCardState["UNPAID"],
                                        payments.lifecycle.GiftCardState["LAPSED"],
                                    ),
                                ),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "state__in",
                                        (
                                            payments.lifecycle.GiftCardState["UNPAID"],
                                            payments.lifecycle.GiftCardState["LAPSED"],
                                        ),
                                    ),
                                    _negated=True,
                                ),
                                ("issued_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a gift card has its instant exactly when issued",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claimed_at__isnull", True), ("holder__isnull", True)),
                            models.Q(
                                ("claimed_at__isnull", False),
                                ("digest__isnull", True),
                                ("holder__isnull", False),
                                ("issued_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a claimed card has a holder and no code any more",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("digest__isnull", True),
                            ("state", payments.lifecycle.GiftCardState["ISSUED"]),
                            _connector="OR",
                        ),
                        name="only an issued card has a code",
                    ),
                ],
            },
        ),
        *[migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in ALL],
    ]
