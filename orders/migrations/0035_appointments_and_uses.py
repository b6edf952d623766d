"""Uses of services that were bought, times that shops offer, and appointments there."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

import kernel.ids


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("catalog", "0033_express"),
        ("merchants", "0019_webhooks"),
        ("orders", "0034_vouchers"),
        ("privacy", "0017_a_guardian_s_proof"),
    ]

    operations = [
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("seat", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("booked", "booked"),
                            ("kept", "came"),
                            ("missed", "did not come"),
                            ("moved", "moved to another time"),
                            ("cancelled", "cancelled"),
                            ("lapsed", "passed without a word"),
                        ],
                        default="booked",
                        max_length=10,
                    ),
                ),
                ("booked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.CharField(blank=True, default="", max_length=80)),
            ],
            options={
                "verbose_name": "appointment",
                "verbose_name_plural": "appointments",
            },
        ),
        migrations.CreateModel(
            name="Slot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("capacity", models.PositiveSmallIntegerField()),
                ("place", models.CharField(max_length=200)),
                ("offered_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "offered time",
                "verbose_name_plural": "offered times",
            },
        ),
        migrations.CreateModel(
            name="Voucher",
            fields=[
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="voucher",
                        serialize=False,
                        to="orders.orderline",
                    ),
                ),
                ("uses_each", models.PositiveSmallIntegerField()),
                ("uses", models.PositiveIntegerField()),
                ("used", models.IntegerField(default=0)),
                ("booked", models.IntegerField(default=0)),
                ("back", models.IntegerField(default=0)),
                ("paid_minor", models.BigIntegerField()),
                ("issued_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "voucher",
                "verbose_name_plural": "vouchers",
            },
        ),
        migrations.CreateModel(
            name="VoucherUse",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("share_minor", models.BigIntegerField()),
                ("missed", models.BooleanField(default=False)),
                ("used_at", models.DateTimeField()),
                ("used_by", models.CharField(max_length=80)),
                ("release_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("released_minor", models.BigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "use of a voucher",
                "verbose_name_plural": "uses of vouchers",
            },
        ),
        migrations.AddField(
            model_name="order",
            name="released_minor",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="only_uses_release_an_order_s_money",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."released_minor" > (OLD."released_minor"))',
                    func="\nIF pg_trigger_depth() < 2 THEN\n    RAISE EXCEPTION 'only uses release money of an order' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="e914c6ca710dd5e8e1fd3578dfca608f18816806",
                    operation="UPDATE",
                    pgid="pgtrigger_only_uses_release_an_order_s_money_d5beb",
                    table="orders_order",
                    when="BEFORE",
                ),
            ),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("released_minor", 0),
                    models.Q(
                        ("delivery", "voucher"),
                        ("released_minor__gt", 0),
                        ("released_minor__lte", models.F("total_minor")),
                    ),
                    _connector="OR",
                ),
                name="only_services_release_by_use",
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="orders.order"
            ),
        ),
        migrations.AddField(
            model_name="slot",
            name="listing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.listing"
            ),
        ),
        migrations.AddField(
            model_name="slot",
            name="merchant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="merchants.merchant"
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="slot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="orders.slot"
            ),
        ),
        migrations.AddField(
            model_name="voucher",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="vouchers", to="orders.order"
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="voucher",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="orders.voucher"
            ),
        ),
        migrations.AddField(
            model_name="voucheruse",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.order"
            ),
        ),
        migrations.AddField(
            model_name="voucheruse",
            name="voucher",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="each_use", to="orders.voucher"
            ),
        ),
        migrations.AddIndex(
            model_name="slot",
            index=models.Index(fields=["merchant", "starts_at"], name="times_of_a_shop"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("listing", "starts_at", "place"),
                name="a_time_is_offered_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__gt", models.F("starts_at")),
                    ("starts_at__gt", models.F("offered_at")),
                    models.Q(("place", ""), _negated=True),
                ),
                name="a_time_begins_before_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__gte", 1), ("capacity__lte", 500)), name="a_time_has_seats"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="slot",
            trigger=pgtrigger.compiler.Trigger(
                name="a_time_is_for_a_service_of_its_shop",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF NOT EXISTS (\n    SELECT FROM catalog_listing\n     WHERE id = NEW.listing_id AND merchant_id = NEW.merchant_id AND category_id = 'services'\n) THEN\n    RAISE EXCEPTION 'a time is offered for a service of its shop' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="c5b302a080097a9bb50dff088238bd2ba738900a",
                    operation="INSERT",
                    pgid="pgtrigger_a_time_is_for_a_service_of_its_shop_77942",
                    table="orders_slot",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="slot",
            trigger=pgtrigger.compiler.Trigger(
                name="a_time_stays_as_it_was_offered",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."merchant_id" IS DISTINCT FROM (NEW."merchant_id") OR OLD."listing_id" IS DISTINCT FROM (NEW."listing_id") OR OLD."starts_at" IS DISTINCT FROM (NEW."starts_at") OR OLD."ends_at" IS DISTINCT FROM (NEW."ends_at") OR OLD."capacity" IS DISTINCT FROM (NEW."capacity") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."offered_at" IS DISTINCT FROM (NEW."offered_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="9c30a8c762526d118412a32f531945905081f0e4",
                    operation="UPDATE",
                    pgid="pgtrigger_a_time_stays_as_it_was_offered_9cfb6",
                    table="orders_slot",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="slot",
            trigger=pgtrigger.compiler.Trigger(
                name="a_time_with_appointments_stays_open",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."closed_at" IS NOT NULL)',
                    func="\nIF EXISTS (SELECT FROM orders_appointment WHERE slot_id = NEW.id AND state = 'booked') THEN\n    RAISE EXCEPTION 'a time with appointments isn''t closed' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="40ce30bde385eb9426a8f3ca9cb26cea55a79b6d",
                    operation="UPDATE",
                    pgid="pgtrigger_a_time_with_appointments_stays_open_3ad97",
                    table="orders_slot",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="slot",
            trigger=pgtrigger.compiler.Trigger(
                name="an_offered_time_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="ddcd8c3ddc525cfebe131bf8996617bad188a394",
                    operation="DELETE",
                    pgid="pgtrigger_an_offered_time_is_kept_32920",
                    table="orders_slot",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="voucher",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("back__gte", 0),
                    ("booked__gte", 0),
                    ("used__gte", 0),
                    ("uses_each__gte", 1),
                    (
                        "uses__gte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("used"), "+", models.F("booked")
                            ),
                            "+",
                            models.F("back"),
                        ),
                    ),
                ),
                name="no_more_is_used_than_was_bought",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voucher",
            trigger=pgtrigger.compiler.Trigger(
                name="a_voucher_is_its_line_s",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF NOT EXISTS (\n    SELECT FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id\n     WHERE l.id = NEW.line_id AND o.id = NEW.order_id AND o.delivery = 'voucher'\n       AND NEW.uses = l.quantity * NEW.uses_each AND NEW.paid_minor = l.total_minor - l.discount_minor\n) THEN\n    RAISE EXCEPTION 'a voucher is good for what its line was paid for' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="6a0f53ddef9b180d5b6c9d6b57c95e7d544c41e2",
                    operation="INSERT",
                    pgid="pgtrigger_a_voucher_is_its_line_s_33beb",
                    table="orders_voucher",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voucher",
            trigger=pgtrigger.compiler.Trigger(
                name="a_voucher_stays_as_it_was_bought",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."line_id" IS DISTINCT FROM (NEW."line_id") OR OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."uses_each" IS DISTINCT FROM (NEW."uses_each") OR OLD."uses" IS DISTINCT FROM (NEW."uses") OR OLD."paid_minor" IS DISTINCT FROM (NEW."paid_minor") OR OLD."issued_at" IS DISTINCT FROM (NEW."issued_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="93831a21669e2d79a523c7df53340d1fb0818efd",
                    operation="UPDATE",
                    pgid="pgtrigger_a_voucher_stays_as_it_was_bought_91c36",
                    table="orders_voucher",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voucher",
            trigger=pgtrigger.compiler.Trigger(
                name="only_uses_count_on_a_voucher",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."used" IS DISTINCT FROM (NEW."used") OR OLD."booked" IS DISTINCT FROM (NEW."booked"))',
                    func="\nIF pg_trigger_depth() < 2 THEN\n    RAISE EXCEPTION 'only uses and appointments count on a voucher' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="0b070d865d1caec5f10e51cb66d390d7d6eed9ea",
                    operation="UPDATE",
                    pgid="pgtrigger_only_uses_count_on_a_voucher_6e271",
                    table="orders_voucher",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voucher",
            trigger=pgtrigger.compiler.Trigger(
                name="what_was_paid_back_stays_back",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."back" > (NEW."back"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="cb7f1a812c74bc00789cdd819766ff2dcc3a70b2",
                    operation="UPDATE",
                    pgid="pgtrigger_what_was_paid_back_stays_back_4b7d8",
                    table="orders_voucher",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voucher",
            trigger=pgtrigger.compiler.Trigger(
                name="a_voucher_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="12972c1c02e6999a5c986e2e0c8c58a1bec5abd8",
                    operation="DELETE",
                    pgid="pgtrigger_a_voucher_is_kept_c230d",
                    table="orders_voucher",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "booked")), fields=("slot", "seat"), name="a_seat_is_booked_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state", "booked")),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("state__in", ["kept", "missed", "moved", "cancelled", "lapsed"]),
                    ),
                    _connector="OR",
                ),
                name="an_ended_appointment_says_when",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointment",
            trigger=pgtrigger.compiler.Trigger(
                name="an_appointment_has_a_seat",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nPERFORM FROM orders_slot WHERE id = NEW.slot_id FOR SHARE;\nIF NOT EXISTS (\n    SELECT FROM orders_slot s\n      JOIN orders_voucher v ON v.line_id = NEW.voucher_id AND v.order_id = NEW.order_id\n      JOIN orders_orderline l ON l.id = v.line_id AND l.listing_id = s.listing_id\n     WHERE s.id = NEW.slot_id AND s.closed_at IS NULL AND NEW.seat BETWEEN 1 AND s.capacity\n       AND s.starts_at > NEW.booked_at\n) THEN\n    RAISE EXCEPTION 'an appointment has a seat at a time of its service' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="fe719ece6a082191a9ae5ee9f51f53fed31b1732",
                    operation="INSERT",
                    pgid="pgtrigger_an_appointment_has_a_seat_90b58",
                    table="orders_appointment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointment",
            trigger=pgtrigger.compiler.Trigger(
                name="an_appointment_is_counted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nUPDATE orders_voucher SET booked = booked + 1 WHERE line_id = NEW.voucher_id;\nRETURN NEW;\n",
                    hash="f9069f9c7c118664dae3aaeec7f9a35829378f3c",
                    operation="INSERT",
                    pgid="pgtrigger_an_appointment_is_counted_537f1",
                    table="orders_appointment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointment",
            trigger=pgtrigger.compiler.Trigger(
                name="an_appointment_stays_its_buyer_s",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."slot_id" IS DISTINCT FROM (NEW."slot_id") OR OLD."voucher_id" IS DISTINCT FROM (NEW."voucher_id") OR OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."seat" IS DISTINCT FROM (NEW."seat") OR OLD."booked_at" IS DISTINCT FROM (NEW."booked_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="dbd42012d2d51eb521a6b1c23be667d3af64207f",
                    operation="UPDATE",
                    pgid="pgtrigger_an_appointment_stays_its_buyer_s_41eaf",
                    table="orders_appointment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointment",
            trigger=pgtrigger.compiler.Trigger(
                name="an_appointment_ends_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))',
                    func="\nIF OLD.state <> 'booked' OR NEW.state = 'booked' OR NEW.ended_at IS NULL THEN\n    RAISE EXCEPTION 'an appointment ends once' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="c9683975b6378f530f78bd944749d7c3ccd76278",
                    operation="UPDATE",
                    pgid="pgtrigger_an_appointment_ends_once_e02c1",
                    table="orders_appointment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointment",
            trigger=pgtrigger.compiler.Trigger(
                name="an_ended_appointment_frees_its_use",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))',
                    func="\nUPDATE orders_voucher SET booked = booked - 1 WHERE line_id = NEW.voucher_id;\nRETURN NEW;\n",
                    hash="1e20774b48bd17280f78398fe78f8ddd01129e90",
                    operation="UPDATE",
                    pgid="pgtrigger_an_ended_appointment_frees_its_use_c6d21",
                    table="orders_appointment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointment",
            trigger=pgtrigger.compiler.Trigger(
                name="an_appointment_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="8c124a6df03e94635adc326cd7f165e36b383b64",
                    operation="DELETE",
                    pgid="pgtrigger_an_appointment_is_kept_a3145",
                    table="orders_appointment",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="voucheruse",
            constraint=models.UniqueConstraint(fields=("voucher", "number"), name="a_use_has_its_number"),
        ),
        migrations.AddConstraint(
            model_name="voucheruse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("released_at__isnull", True), ("released_minor", 0)),
                    models.Q(("released_at__isnull", False), ("released_minor__gte", 0)),
                    _connector="OR",
                ),
                name="a_released_use_says_when",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voucheruse",
            trigger=pgtrigger.compiler.Trigger(
                name="a_use_comes_in_its_turn",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF NOT EXISTS (\n    SELECT FROM orders_voucher v\n     WHERE v.line_id = NEW.voucher_id AND v.order_id = NEW.order_id AND NEW.number = v.used + 1\n       AND NEW.share_minor = v.paid_minor * NEW.number / v.uses - v.paid_minor * (NEW.number - 1) / v.uses\n) THEN\n    RAISE EXCEPTION 'a use comes in its turn and is worth its share' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="343b4125c14e1ec0a351023b01597afc6ac1f49f",
                    operation="INSERT",
                    pgid="pgtrigger_a_use_comes_in_its_turn_a172d",
                    table="orders_voucheruse",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voucheruse",
            trigger=pgtrigger.compiler.Trigger(
                name="a_use_is_counted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nUPDATE orders_voucher SET used = used + 1 WHERE line_id = NEW.voucher_id;\nRETURN NEW;\n",
                    hash="82b8a274525a0b1e02fd7f1c1e6f075dc818edf8",
                    operation="INSERT",
                    pgid="pgtrigger_a_use_is_counted_9f1d8",
                    table="orders_voucheruse",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voucheruse",
            trigger=pgtrigger.compiler.Trigger(
                name="a_use_stays_as_it_was",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."voucher_id" IS DISTINCT FROM (NEW."voucher_id") OR OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."share_minor" IS DISTINCT FROM (NEW."share_minor") OR OLD."missed" IS DISTINCT FROM (NEW."missed") OR OLD."used_at" IS DISTINCT FROM (NEW."used_at") OR OLD."used_by" IS DISTINCT FROM (NEW."used_by"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="3455f73f0eaf3d992a685cb7c32b271c5cbd9e7e",
                    operation="UPDATE",
                    pgid="pgtrigger_a_use_stays_as_it_was_e11e4",
                    table="orders_voucheruse",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voucheruse",
            trigger=pgtrigger.compiler.Trigger(
                name="a_use_is_released_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."released_at" IS DISTINCT FROM (NEW."released_at") OR OLD."released_minor" IS DISTINCT FROM (NEW."released_minor"))',
                    func="\nIF OLD.released_at IS NOT NULL OR NEW.released_minor > NEW.share_minor THEN\n    RAISE EXCEPTION 'the share of a use is released once' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="0fc184b6b3a609cbcf28109a7c87919b5810a316",
                    operation="UPDATE",
                    pgid="pgtrigger_a_use_is_released_once_0e079",
                    table="orders_voucheruse",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voucheruse",
            trigger=pgtrigger.compiler.Trigger(
                name="a_released_use_is_counted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."released_minor" IS DISTINCT FROM (NEW."released_minor"))',
                    func="\nUPDATE orders_order SET released_minor = released_minor + NEW.released_minor WHERE id = NEW.order_id;\nRETURN NEW;\n",
                    hash="dc80667e9a0aad7a7f4fb20eb7ec60cf2941cfd0",
                    operation="UPDATE",
                    pgid="pgtrigger_a_released_use_is_counted_8a485",
                    table="orders_voucheruse",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voucheruse",
            trigger=pgtrigger.compiler.Trigger(
                name="a_use_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="8c319d6f754edb94a88d8c958e19a720cff41a18",
                    operation="DELETE",
                    pgid="pgtrigger_a_use_is_kept_73a2e",
                    table="orders_voucheruse",
                    when="BEFORE",
                ),
            ),
        ),
        ValidateConstraint(model_name="order", name="only_services_release_by_use"),
    ]
