"""Orders whose sum is reserved until their shop has confirmed: its word, its time, and nothing leaves before."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0020_appeals_about_campaigns"),
        ("orders", "0041_shops_reminded_validated"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="order",
            name="order_state_is_known",
        ),
        migrations.AddField(
            model_name="order",
            name="confirm_by",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="confirm_hours",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="reserved_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="an_order_is_confirmed_as_it_was_told",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."confirm_hours" IS DISTINCT FROM (NEW."confirm_hours"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="cc0e0b085e6c999d1f0881ba0bbf5e8bc9bb66bb",
                    operation="UPDATE",
                    pgid="pgtrigger_an_order_is_confirmed_as_it_was_told_f28a5",
                    table="orders_order",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="a_confirmation_is_given_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."confirmed_at" IS NOT NULL AND OLD."confirmed_at" IS DISTINCT FROM (NEW."confirmed_at"))',
                    func="\nRAISE EXCEPTION 'a confirmation is given once' USING ERRCODE = 'check_violation',\n    CONSTRAINT = 'a_confirmation_is_given_once';\n",
                    hash="811257c4bcabe181fec996c0058e1888e80b9994",
                    operation="UPDATE",
                    pgid="pgtrigger_a_confirmation_is_given_once_6d3c9",
                    table="orders_order",
                    when="BEFORE",
                ),
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "awaiting_payment",
                            "reserved",
                            "paid",
                            "shipped",
                            "delivered",
                            "settled",
                            "refunded",
                            "cancelled",
                            "expired",
                        ],
                    )
                ),
                name="order_state_is_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirm_hours__isnull", True),
                        ("confirm_by__isnull", True),
                        ("confirmed_at__isnull", True),
                    ),
                    models.Q(("confirm_hours__gte", 1), ("confirm_hours__isnull", False)),
                    _connector="OR",
                ),
                name="only_what_was_to_be_confirmed_is",
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "reserved"), _negated=True),
                    models.Q(
                        ("reserved_at__isnull", False),
                        models.Q(
                            ("confirm_hours__isnull", True), ("confirm_by__isnull", False), _connector="OR"
                        ),
                    ),
                    _connector="OR",
                ),
                name="a_reserved_order_knows_since_when",
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "paid"), _negated=True),
                    ("confirm_hours__isnull", True),
                    ("confirm_by__isnull", False),
                    _connector="OR",
                ),
                name="a_paid_order_to_be_confirmed_has_its_time",
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["shipped", "delivered", "settled"]), _negated=True),
                    ("confirm_hours__isnull", True),
                    ("confirmed_at__isnull", False),
                    _connector="OR",
                ),
                name="nothing_leaves_unconfirmed",
            ),
        ),
    ]
