"""Service points of shops, orders that are picked up there, and the codes that open them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

import kernel.ids
import privacy.fields


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("merchants", "0017_digests_of_document_numbers"),
        ("orders", "0030_express"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="PointCode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("pickup", "pick-up"), ("return", "return")], max_length=10),
                ),
                ("code", privacy.fields.EncryptedTextField(subject="subject_id")),
                ("digest", models.BinaryField(max_length=32)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "code for a service point",
                "verbose_name_plural": "codes for service points",
            },
        ),
        migrations.CreateModel(
            name="ServicePoint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("address", models.CharField(max_length=200)),
                ("hours", models.CharField(max_length=120)),
                (
                    "offers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), size=None
                    ),
                ),
                ("everything", models.BooleanField(default=True)),
                (
                    "listings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), blank=True, default=list, size=None
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "service point",
                "verbose_name_plural": "service points",
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="order",
            name="order_comes_the_way_it_was_bought",
        ),
        migrations.RemoveConstraint(
            model_name="order",
            name="order_delivery_is_known",
        ),
        migrations.AddField(
            model_name="order",
            name="collect_by",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="point_told",
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name="pointcode",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="codes", to="orders.order"
            ),
        ),
        migrations.AddField(
            model_name="pointcode",
            name="returning",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="codes",
                to="orders.return",
            ),
        ),
        migrations.AddField(
            model_name="pointcode",
            name="subject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.subject"
            ),
        ),
        migrations.AddField(
            model_name="servicepoint",
            name="merchant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="merchants.merchant"
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="point",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.servicepoint",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="order_comes_the_way_it_was_bought",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."delivery" IS DISTINCT FROM (NEW."delivery") OR OLD."express_days" IS DISTINCT FROM (NEW."express_days") OR OLD."point_id" IS DISTINCT FROM (NEW."point_id") OR OLD."point_told" IS DISTINCT FROM (NEW."point_told"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="4dabc44eb43693ffc2c1b58c0f764b2a0805b224",
                    operation="UPDATE",
                    pgid="pgtrigger_order_comes_the_way_it_was_bought_6067e",
                    table="orders_order",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="an_order_is_picked_up_at_its_shop_s_point",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."point_id" IS NOT NULL)',
                    func="\nIF NOT EXISTS (\n    SELECT FROM orders_servicepoint\n     WHERE id = NEW.point_id AND merchant_id = NEW.merchant_id AND closed_at IS NULL\n       AND 'pickup' = ANY(offers)\n) THEN\n    RAISE EXCEPTION 'an order is picked up at an open point of its shop' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="b6e041bccb9fbbee703c59f3c0b372ea2ada69ac",
                    operation="INSERT",
                    pgid="pgtrigger_an_order_is_picked_up_at_its_shop_s_point_c4506",
                    table="orders_order",
                    when="BEFORE",
                ),
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("delivery__in", ["standard", "express", "pickup"])),
                name="order_delivery_is_known",
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("delivery", "pickup"),
                        ("destination", ""),
                        ("freight_minor", 0),
                        ("point__isnull", False),
                    ),
                    models.Q(models.Q(("delivery", "pickup"), _negated=True), ("point__isnull", True)),
                    _connector="OR",
                ),
                name="what_is_picked_up_has_a_point_and_no_freight",
            ),
        ),
        migrations.AddConstraint(
            model_name="pointcode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "pickup"), ("returning__isnull", True)),
                    models.Q(("kind", "return"), ("returning__isnull", False)),
                    _connector="OR",
                ),
                name="a_point_code_is_for_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="pointcode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("kind", "pickup")),
                fields=("order",),
                name="an_order_has_one_code_that_opens_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="pointcode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("kind", "return")),
                fields=("returning",),
                name="a_return_has_one_code_that_takes_it_in",
            ),
        ),
        migrations.AddConstraint(
            model_name="pointcode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("digest",),
                name="a_point_code_is_one_code",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pointcode",
            trigger=pgtrigger.compiler.Trigger(
                name="a_point_code_is_of_its_order",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF NOT EXISTS (SELECT FROM orders_order WHERE id = NEW.order_id AND subject_id = NEW.subject_id)\n   OR NEW.returning_id IS NOT NULL\n      AND NOT EXISTS (SELECT FROM orders_return WHERE id = NEW.returning_id AND order_id = NEW.order_id)\nTHEN\n    RAISE EXCEPTION 'a code is its order''s and its buyer''s' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="46f1c2ecffa3d75d328ebbc68969e67ba792ec00",
                    operation="INSERT",
                    pgid="pgtrigger_a_point_code_is_of_its_order_68f1e",
                    table="orders_pointcode",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pointcode",
            trigger=pgtrigger.compiler.Trigger(
                name="a_point_code_ends_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."ended_at" IS NOT NULL AND OLD."ended_at" IS DISTINCT FROM (NEW."ended_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="ee74257b31860a2530500dd8cb722925acb60ed1",
                    operation="UPDATE",
                    pgid="pgtrigger_a_point_code_ends_once_2cb2d",
                    table="orders_pointcode",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pointcode",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_under_a_live_key",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF TG_OP = \'INSERT\' OR NEW."code" IS DISTINCT FROM OLD."code" THEN PERFORM privacy_check_sealed(NEW."subject_id", NEW."code"); END IF;\nRETURN NEW;',
                    hash="a180242369528e6a932dd7407f7456a3a63444a1",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_sealed_under_a_live_key_a2ce8",
                    table="orders_pointcode",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="servicepoint",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("merchant", "name"),
                name="a_service_point_has_a_name_of_its_own",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicepoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True),
                    models.Q(("address", ""), _negated=True),
                    models.Q(("hours", ""), _negated=True),
                ),
                name="a_service_point_can_be_found",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicepoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("offers__contained_by", ["pickup", "return", "use"]),
                    models.Q(("offers", []), _negated=True),
                ),
                name="a_service_point_offers_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicepoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("everything", True), ("listings", [])),
                    models.Q(("everything", False), models.Q(("listings", []), _negated=True)),
                    _connector="OR",
                ),
                name="a_service_point_says_its_goods",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servicepoint",
            trigger=pgtrigger.compiler.Trigger(
                name="a_service_point_has_its_own_goods",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF EXISTS (\n    SELECT FROM unnest(NEW.listings) AS each\n      LEFT JOIN catalog_listing l ON l.id = each AND l.merchant_id = NEW.merchant_id\n     WHERE l.id IS NULL\n) THEN\n    RAISE EXCEPTION 'a service point has its own shop''s goods' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="36038564b421a3d4e9555516a2572bae746013df",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_a_service_point_has_its_own_goods_443bf",
                    table="orders_servicepoint",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servicepoint",
            trigger=pgtrigger.compiler.Trigger(
                name="a_service_point_stays_its_shop_s",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."merchant_id" IS DISTINCT FROM (NEW."merchant_id") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="94449b953398e5df3ebca4c8621d7fcc6ac3ebea",
                    operation="UPDATE",
                    pgid="pgtrigger_a_service_point_stays_its_shop_s_939fa",
                    table="orders_servicepoint",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servicepoint",
            trigger=pgtrigger.compiler.Trigger(
                name="a_service_point_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="4f1f5ac576c682135b2dca102ac21df3b556fb38",
                    operation="DELETE",
                    pgid="pgtrigger_a_service_point_is_kept_4fa0d",
                    table="orders_servicepoint",
                    when="BEFORE",
                ),
            ),
        ),
        ValidateConstraint(model_name="order", name="order_delivery_is_known"),
        ValidateConstraint(model_name="order", name="what_is_picked_up_has_a_point_and_no_freight"),
    ]
